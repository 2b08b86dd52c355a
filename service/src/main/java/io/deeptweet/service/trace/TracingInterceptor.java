// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;

/**
 * Makes a span for each record that a producer writes to certain topics, and writes its context into the record's
 * headers. The span belongs to the trace in the headers that the record comes with (Kafka Streams hands on those of the
 * record that it was made from), else to the thread's current one, else it starts a trace. It ends when Kafka has
 * acknowledged the record.
 *
 * <p>As the interceptor of a consumer whose records are processed on the thread that polls, as those of Kafka Streams,
 * it lets the spans start at the poll, so that they include the processing.
 */
public final class TracingInterceptor
        implements ProducerInterceptor<byte[], byte[]>, ConsumerInterceptor<byte[], byte[]> {
    /** Client setting that holds the {@link Config}, because Kafka creates interceptors by reflection. */
    static final String CONFIG = "deeptweet.tracing";

    /** What a span is called, and whether it sends a record of its own or processes another one. */
    public record SpanType(String name, SpanKind kind) {}

    /**
     * What the interceptors of a service share.
     *
     * @param types the spans, by topic
     * @param polled when each thread has polled last
     */
    record Config(Tracer tracer, Map<String, SpanType> types, ThreadLocal<Instant> polled) {
        Config(Tracer tracer, Map<String, SpanType> types) {
            this(tracer, Map.copyOf(types), new ThreadLocal<>());
        }
    }

    private Config config;

    @Override
    public void configure(Map<String, ?> configs) {
        config = (Config) configs.get(CONFIG);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        config.polled().set(Instant.now());
        return records;
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
        SpanType type = config.types().get(record.topic());
        if (type == null) return record;
        SpanBuilder builder = config.tracer()
                .spanBuilder(type.name())
                .setSpanKind(type.kind())
                .setParent(TraceHeader.contextOf(record.headers()).orElseGet(Context::current));
        Optional.ofNullable(config.polled().get()).ifPresent(builder::setStartTimestamp);
        Span span = builder.startSpan();
        if (span.isRecording()) {
            span.setAttribute("messaging.system", "kafka");
            span.setAttribute("messaging.destination.name", record.topic());
        }
        TraceHeader.write(span, record.headers());
        return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception failure, Headers headers) {
        if (!(headers.lastHeader(TraceHeader.KEY) instanceof TraceHeader header)) return;
        Span span = header.span();
        if (failure != null) span.recordException(failure).setStatus(StatusCode.ERROR);
        else
            span.setAttribute("messaging.destination.partition.id", Integer.toString(metadata.partition()))
                    .setAttribute("messaging.kafka.offset", metadata.offset());
        span.end();
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
}
