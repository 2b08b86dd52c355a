// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.reload.ModelWatcher;
import io.deeptweet.classifier.score.ActiveModel;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The running parts, for those who ask after them, health and status, and for the end. */
@Singleton
public class Running {
    private volatile Optional<SentimentStream> stream = Optional.empty();
    private volatile Optional<ModelWatcher> watcher = Optional.empty();
    private volatile Optional<String> waitsFor = Optional.of("Kafka");

    @Produces
    @Singleton
    static ActiveModel activeModel() {
        return new ActiveModel();
    }

    /** @param watcher empty where nothing is scored */
    void are(SentimentStream stream, Optional<ModelWatcher> watcher) {
        this.stream = Optional.of(stream);
        this.watcher = watcher;
    }

    void waitFor(String what) {
        waitsFor = Optional.of(what);
    }

    void started() {
        waitsFor = Optional.empty();
    }

    Optional<SentimentStream> stream() {
        return stream;
    }

    Optional<ModelWatcher> watcher() {
        return watcher;
    }

    /** {@code WAITING}, or what Kafka Streams says: {@code RUNNING}, {@code REBALANCING}, {@code ERROR}… */
    String state() {
        return waitsFor.isPresent() || stream.isEmpty()
                ? "WAITING"
                : stream.get().state().name();
    }

    /** What keeps the stream from running, in a few words; empty if it runs. */
    Optional<String> hindrance() {
        Optional<String> fault = stream.flatMap(SentimentStream::fault);
        if (waitsFor.isPresent())
            return Optional.of(
                    "waiting for " + watcher.flatMap(ModelWatcher::fault).orElse(waitsFor.get()));
        if (fault.isPresent()) return fault;
        return state().equals("RUNNING") ? Optional.empty() : Optional.of("the stream is " + state());
    }

    /** The stream first, so that what it has scored is committed, then the watcher. */
    void stop(@Observes ShutdownEvent event) {
        stream.ifPresent(SentimentStream::close);
        watcher.ifPresent(ModelWatcher::close);
    }
}
