// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.alert.AlertProcessor;
import io.deeptweet.classifier.alert.Rule;
import io.deeptweet.classifier.alert.Rules;
import io.deeptweet.classifier.stream.GroupLag;
import io.deeptweet.schemas.Alert;
import io.deeptweet.schemas.AlertRule;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.service.definition.DefinitionTopic;
import io.deeptweet.service.settings.InvalidSettingException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.errors.TimeoutException;

/** The running parts of alerts: the rules, the log, the lag, and the webhooks. */
final class AlertControl implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Rules rules;
    private final DefinitionTopic<AlertRule> topic;
    private final GroupLag lag;
    private final AlertLog log;
    private final List<AlertWebhook> webhooks = new ArrayList<>();

    /**
     * @param kafka client settings
     * @throws InvalidSettingException if a rule or a webhook of the settings cannot be used
     */
    AlertControl(
            ClassifierSettings settings,
            Map<String, Object> kafka,
            SchemaIds ids,
            MeterRegistry registry,
            AlertExamples examples) {
        rules = RuleFields.configured(settings.alerts(), Set.copyOf(StreamFactory.windows(settings)));
        topic = new DefinitionTopic<>(kafka, Topics.ALERT_RULES, AlertRule.class, rules::apply);
        lag = new GroupLag(kafka, settings.applicationId());
        log = new AlertLog(kafka, ids);
        AlertMessages messages = new AlertMessages(settings.alerts().dashboardUrl(), examples);
        settings.alerts()
                .webhooks()
                .forEach((name, webhook) -> webhooks.add(
                        new AlertWebhook(name, webhook, messages, kafka, settings.applicationId(), ids, registry)));
        Gauge.builder("deeptweet.alerts.active", log, each -> each.active().size())
                .description("Alerts that have fired and not cleared; the same number at every instance")
                .register(registry);
    }

    Rules rules() {
        return rules;
    }

    /** Returns what the stream looks at. */
    AlertProcessor.Inputs inputs() {
        return new AlertProcessor.Inputs(rules, lag::get);
    }

    AlertLog log() {
        return log;
    }

    /** Reads the rules of the topic; throws {@link org.apache.kafka.common.KafkaException} if it cannot. */
    void readRules() {
        topic.readAll();
    }

    void start() {
        topic.follow();
        lag.start();
        log.start();
        webhooks.forEach(AlertWebhook::start);
    }

    /** Returns the last alerts of a feed, or of all. */
    List<Alert> recent(Optional<String> feed, int limit) {
        return log.recent(alert -> feed.isEmpty() || feed.equals(alert.getFeed()), limit);
    }

    /**
     * Writes a rule, or removes it, and waits until this instance has applied it.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka or the registry does not answer
     */
    void write(String name, Optional<Rule> rule) throws InterruptedException {
        long offset = topic.write(
                name, rule.map(given -> given.record(Clock.systemUTC().instant())));
        if (!topic.awaitApplied(offset, PATIENCE))
            throw new TimeoutException("Kafka has the change, but this instance has not applied it yet");
    }

    @Override
    public void close() {
        webhooks.forEach(AlertWebhook::close);
        log.close();
        lag.close();
        topic.close();
    }
}
