// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.service.trace.TracingInterceptor.SpanType;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TracingInterceptorTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    private final List<SpanData> ended = new ArrayList<>();

    private final class Ended implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            ended.addAll(spans);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private OpenTelemetry telemetry(Sampler sampler) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setSampler(Sampler.parentBased(sampler))
                        .addSpanProcessor(SimpleSpanProcessor.create(new Ended()))
                        .build())
                .build();
    }

    private static TracingInterceptor interceptor(OpenTelemetry telemetry) {
        TracingInterceptor interceptor = new TracingInterceptor();
        interceptor.configure(new RecordTracing(telemetry, false)
                .added(Map.of(), Map.of("out", new SpanType("send out", SpanKind.PRODUCER))));
        return interceptor;
    }

    private TracingInterceptor interceptor() {
        return interceptor(telemetry(Sampler.alwaysOn()));
    }

    private static ProducerRecord<byte[], byte[]> record(String topic) {
        return new ProducerRecord<>(topic, new byte[0], new byte[0]);
    }

    private static void acknowledge(TracingInterceptor interceptor, ProducerRecord<byte[], byte[]> record) {
        interceptor.onAcknowledgement(
                new RecordMetadata(new TopicPartition("out", 3), 17, 0, 0, 0, 0), null, record.headers());
    }

    private static String header(ProducerRecord<byte[], byte[]> record) {
        return new String(record.headers().lastHeader("traceparent").value(), UTF_8);
    }

    @Test
    void aRecordWithoutATraceStartsOneAndCarriesIt() {
        TracingInterceptor interceptor = interceptor();
        ProducerRecord<byte[], byte[]> record = interceptor.onSend(record("out"));
        assertThat(ended).as("until Kafka acknowledges it").isEmpty();
        acknowledge(interceptor, record);
        assertThat(ended).singleElement().satisfies(span -> {
            assertThat(span.getName()).isEqualTo("send out");
            assertThat(span.getParentSpanContext().isValid()).isFalse();
            assertThat(header(record)).isEqualTo("00-" + span.getTraceId() + "-" + span.getSpanId() + "-01");
            assertThat(span.getAttributes().asMap().toString()).contains("17", "kafka");
        });
    }

    @Test
    void theTraceOfTheReceivedRecordGoesOn() {
        TracingInterceptor interceptor = interceptor();
        ProducerRecord<byte[], byte[]> record = record("out");
        record.headers().add("traceparent", ("00-" + TRACE + "-" + PARENT + "-01").getBytes(UTF_8));
        acknowledge(interceptor, interceptor.onSend(record));
        assertThat(ended).singleElement().satisfies(span -> {
            assertThat(span.getTraceId()).isEqualTo(TRACE);
            assertThat(span.getParentSpanId()).isEqualTo(PARENT);
            assertThat(header(record)).isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01");
        });
        assertThat(record.headers().headers("traceparent")).hasSize(1);
    }

    @Test
    void aReceivedRecordThatIsNotSampledMakesNoSpanAndSaysSo() {
        TracingInterceptor interceptor = interceptor();
        ProducerRecord<byte[], byte[]> record = record("out");
        record.headers().add("traceparent", ("00-" + TRACE + "-" + PARENT + "-00").getBytes(UTF_8));
        acknowledge(interceptor, interceptor.onSend(record));
        assertThat(ended).isEmpty();
        assertThat(header(record)).startsWith("00-" + TRACE).endsWith("-00");
    }

    @Test
    void theThreadsTraceGoesOn() {
        OpenTelemetry telemetry = telemetry(Sampler.alwaysOn());
        TracingInterceptor interceptor = interceptor(telemetry);
        Span request = telemetry.getTracer("test").spanBuilder("request").startSpan();
        try (Scope scope = request.makeCurrent()) {
            acknowledge(interceptor, interceptor.onSend(record("out")));
        }
        assertThat(ended)
                .singleElement()
                .satisfies(span -> assertThat(span.getParentSpanId())
                        .isEqualTo(request.getSpanContext().getSpanId()));
    }

    static List<byte[]> wrong() {
        return List.of(
                new byte[0],
                "hello".getBytes(UTF_8),
                ("00-" + "0".repeat(32) + "-" + PARENT + "-01").getBytes(UTF_8),
                ("00-" + TRACE + "-" + PARENT).getBytes(UTF_8),
                ("00-" + TRACE.replace('0', 'g') + "-" + PARENT + "-01").getBytes(UTF_8),
                ("ff-" + TRACE + "-" + PARENT + "-01").getBytes(UTF_8),
                ("00-" + TRACE + "-" + PARENT + "-01" + "x".repeat(60_000)).getBytes(UTF_8),
                new byte[] {(byte) 0xff, 0, 10, 13, 27, (byte) 0xc3});
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongHeaderIsReplacedByANewTrace(byte[] value) {
        TracingInterceptor interceptor = interceptor();
        ProducerRecord<byte[], byte[]> record = record("out");
        record.headers()
                .add("traceparent", value)
                .add("tracestate", "a=b,".repeat(20_000).getBytes(UTF_8));
        acknowledge(interceptor, interceptor.onSend(record));
        assertThat(ended).singleElement().satisfies(span -> {
            assertThat(span.getParentSpanContext().isValid()).isFalse();
            assertThat(header(record)).isEqualTo("00-" + span.getTraceId() + "-" + span.getSpanId() + "-01");
        });
        assertThat(record.headers()).extracting(Header::key).containsExactly("traceparent");
    }

    @Test
    void aHeaderWithoutAValueIsNoTrace() {
        TracingInterceptor interceptor = interceptor();
        ProducerRecord<byte[], byte[]> record = record("out");
        record.headers().add("traceparent", null);
        acknowledge(interceptor, interceptor.onSend(record));
        assertThat(ended).hasSize(1);
    }

    @Test
    void aRecordThatKafkaDoesNotTakeEndsItsSpanWithAnError() {
        TracingInterceptor interceptor = interceptor();
        ProducerRecord<byte[], byte[]> record = interceptor.onSend(record("out"));
        interceptor.onAcknowledgement(null, new TimeoutException("too late"), record.headers());
        assertThat(ended)
                .singleElement()
                .satisfies(span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
    }

    @Test
    void aSpanStartsAtThePollOfItsThread() {
        TracingInterceptor interceptor = interceptor();
        interceptor.onConsume(ConsumerRecords.empty());
        long polled = System.currentTimeMillis();
        ProducerRecord<byte[], byte[]> record = interceptor.onSend(record("out"));
        acknowledge(interceptor, record);
        assertThat(ended.get(0).getStartEpochNanos()).isLessThan((polled + 1) * 1_000_000);
    }

    @Test
    void recordsOfOtherTopicsAreLeftAlone() {
        TracingInterceptor interceptor = interceptor();
        ProducerRecord<byte[], byte[]> record = interceptor.onSend(record("other"));
        acknowledge(interceptor, record);
        assertThat(record.headers()).isEmpty();
        assertThat(ended).isEmpty();
    }

    @Test
    void theClientsGetNothingWhileTracesAreOff() {
        Map<String, Object> kafka = Map.of("bootstrap.servers", "localhost:9092");
        assertThat(new RecordTracing(OpenTelemetry.noop(), true)
                        .added(kafka, Map.of("out", new SpanType("send out", SpanKind.PRODUCER))))
                .isSameAs(kafka);
    }
}
