// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.service.settings.SignatureSettings;
import io.deeptweet.trainer.audit.AuditTopic;
import io.deeptweet.trainer.audit.ChangeOrigin;
import io.deeptweet.trainer.label.LabelPublisher;
import io.deeptweet.trainer.label.LatestTweets;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.publish.ModelIndex;
import io.deeptweet.trainer.publish.ModelTopic;
import io.deeptweet.trainer.publish.ModelTopic.Publication;
import io.deeptweet.trainer.round.RoundObserver;
import io.deeptweet.trainer.round.RoundPlan;
import io.deeptweet.trainer.round.RoundRunner;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * The parts of a running trainer.
 *
 * @param index lists the published models
 * @param audit who changed which model scores
 * @param modelActive whether a model was active when the trainer had started
 * @param latest the tweets among which labels are wanted
 * @param shadow tweets as the shadow scored them
 * @param publisher takes labels
 * @param rounds runs rounds of fine-tuning
 */
record StartedTrainer(
        TrainerSettings settings,
        ModelTopic models,
        ModelIndex index,
        AuditTopic audit,
        boolean modelActive,
        LatestTweets latest,
        LatestTweets shadow,
        LabelPublisher publisher,
        RoundRunner rounds)
        implements AutoCloseable {
    /** Characters of tweets among which labels are wanted: about 32 MB, for each model. */
    private static final long WANTED_CHARACTERS = 16_000_000;

    private static final Logger LOG = Logger.getLogger(StartedTrainer.class);

    /**
     * Publishes the default model if there is no other, and starts to take labels and to run rounds. The topics must
     * exist.
     *
     * @param kafka client settings: {@code bootstrap.servers}, {@code schema.registry.url}, security
     * @throws KafkaException if the broker or the registry does not answer
     */
    static StartedTrainer start(
            Map<String, Object> kafka, TrainerSettings settings, RoundPlan plan, RoundObserver observer) {
        Clock clock = Clock.systemUTC();
        SchemaIds ids = SchemaIds.ofRegistry(kafka);
        TrainerSettings.Models keys = settings.models();
        ModelTopic models = new ModelTopic(
                kafka,
                ids,
                clock,
                settings.keepModels(),
                SignatureSettings.read(keys.signingKey(), keys.signingKeyFile(), keys.publicKeys()));
        boolean modelActive = ensureModel(models, settings.publishDefault());
        LabelPublisher publisher = new LabelPublisher(
                kafka, ids, Duration.ofSeconds(settings.labels().timeoutSeconds()));
        RoundRunner rounds = new RoundRunner(kafka, ids, models, plan, observer, clock);
        rounds.start();
        return new StartedTrainer(
                settings,
                models,
                new ModelIndex(kafka, models, clock),
                new AuditTopic(kafka, ids),
                modelActive,
                new LatestTweets(kafka, ids, Topics.SCORED, settings.labels().wantedFrom(), WANTED_CHARACTERS),
                new LatestTweets(kafka, ids, Topics.SHADOW, settings.labels().wantedFrom(), WANTED_CHARACTERS),
                publisher,
                rounds);
    }

    /** Publishes the default model if the topic holds none. Returns whether a model is active. */
    private static boolean ensureModel(ModelTopic models, boolean publishDefault) {
        ModelLog log = models.readIndex();
        if (!log.manifests().isEmpty() || !publishDefault)
            return log.activation().isPresent();
        Optional<String> refused = models.lastRefusedRecord();
        if (refused.isPresent()) {
            LOG.errorf(
                    "the default model is not published over what the topic holds and this trainer refuses: %s."
                            + " Publish and activate a model",
                    UntrustedText.oneLine(refused.get()));
            return false;
        }
        Publication published = models.publish(
                Artefacts.published(Artefacts.shipped()),
                true,
                ChangeOrigin.start("the default model, because no other was there"));
        LOG.infof("published the default model %s in %d records", published.version(), published.records());
        return true;
    }

    @Override
    public void close() {
        rounds.close();
        publisher.close();
        index.close();
    }
}
