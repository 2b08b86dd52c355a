// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.trace;

import io.opentelemetry.api.OpenTelemetry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Adds traces to Kafka's clients, if {@code quarkus.otel.sdk.disabled} is false. Otherwise the clients get nothing of
 * it: no span, no header, no interceptor.
 */
@Singleton
public class RecordTracing {
    private final OpenTelemetry telemetry;
    private final boolean off;

    @Inject
    public RecordTracing(
            OpenTelemetry telemetry,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled", defaultValue = "true") boolean off) {
        this.telemetry = telemetry;
        this.off = off;
    }

    /**
     * Returns settings of Kafka's clients whose producers make a span for each record of these topics.
     *
     * @param kafka settings of Kafka's clients
     * @param topics the spans, by the name of the topic that is written to
     * @return the same settings if traces are off
     */
    public Map<String, Object> added(Map<String, Object> kafka, Map<String, TracingInterceptor.SpanType> topics) {
        if (off) return kafka;
        Map<String, Object> all = new HashMap<>(kafka);
        all.put(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, List.of(TracingInterceptor.class));
        all.put(TracingInterceptor.CONFIG, new TracingInterceptor.Config(telemetry.getTracer("io.deeptweet"), topics));
        return all;
    }
}
