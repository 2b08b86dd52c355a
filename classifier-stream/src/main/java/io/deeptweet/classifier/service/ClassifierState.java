// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.metrics.ModelMetrics;
import io.deeptweet.classifier.metrics.StreamMetrics;
import io.deeptweet.classifier.model.ActiveModel;
import io.deeptweet.classifier.model.ModelReferences;
import io.deeptweet.classifier.model.ModelWatcher;
import io.deeptweet.classifier.stream.SentimentStream;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.service.start.ServiceStart;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/** The running parts of the service, for health and status, and for the shutdown. */
@Singleton
public class ClassifierState {
    private final ServiceStart start;
    private final Map<String, Object> kafka;
    private volatile Optional<SchemaIds> ids = Optional.empty();
    private volatile Optional<SentimentStream> stream = Optional.empty();
    private volatile Optional<ModelWatcher> watcher = Optional.empty();
    private volatile Optional<StreamMetrics> metrics = Optional.empty();
    private volatile Optional<AlertControl> alerts = Optional.empty();

    @Inject
    ClassifierState(ServiceStart start, @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.start = start;
        this.kafka = kafka;
    }

    @Produces
    @Singleton
    static ActiveModel activeModel(ClassifierSettings settings) {
        return new ActiveModel(settings.failedShare());
    }

    @Produces
    @Singleton
    static ModelReferences modelReferences() {
        return new ModelReferences();
    }

    @Produces
    @Singleton
    static ModelMetrics modelMetrics(MeterRegistry registry) {
        return new ModelMetrics(registry);
    }

    void reportedBy(StreamMetrics reporting) {
        metrics = Optional.of(reporting);
    }

    void following(ModelWatcher started) {
        watcher = Optional.of(started);
    }

    void alertedBy(AlertControl started) {
        alerts = Optional.of(started);
    }

    /** From now on, the topics can be read. */
    void running(SentimentStream started, SchemaIds registry) {
        ids = Optional.of(registry);
        stream = Optional.of(started);
    }

    /** Returns new updates of windows, which the caller starts; empty while the service starts. */
    Optional<WindowUpdates> windowUpdates() {
        return ids.map(registry -> new WindowUpdates(kafka, registry));
    }

    /** Returns a search in the scored tweets; empty while the service starts. */
    Optional<TweetSearch> tweetSearch() {
        return ids.map(registry -> new TweetSearch(kafka, registry));
    }

    /** Returns the alerts; empty while the service starts. */
    Optional<AlertControl> alerts() {
        return alerts;
    }

    Optional<SentimentStream> stream() {
        return stream;
    }

    Optional<StreamMetrics> metrics() {
        return metrics;
    }

    /** Returns the watcher; empty before it starts, and if tweets are passed through unscored. */
    Optional<ModelWatcher> watcher() {
        return watcher;
    }

    /** {@code WAITING} until the service has started, then the state of Kafka Streams, such as {@code RUNNING}. */
    String state() {
        return start.hindrance().isPresent() || stream.isEmpty()
                ? "WAITING"
                : stream.get().state().name();
    }

    /** Returns why the stream does not run, in a few words; empty if it runs. */
    Optional<String> hindrance() {
        Optional<String> fault = stream.flatMap(SentimentStream::fault);
        if (fault.isPresent()) return fault;
        return state().equals("RUNNING") ? Optional.empty() : Optional.of("the stream is " + state());
    }

    /** Stops the stream first, so that it commits what it has scored. */
    void stop(@Observes ShutdownEvent event) {
        stream.ifPresent(SentimentStream::close);
        watcher.ifPresent(ModelWatcher::close);
        alerts.ifPresent(AlertControl::close);
    }
}
