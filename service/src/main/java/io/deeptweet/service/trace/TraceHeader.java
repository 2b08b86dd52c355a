// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.trace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The context of a span as a record's header: {@code traceparent} of the W3C's Trace Context. Inside this JVM it also
 * holds the span, until Kafka has acknowledged the record.
 */
record TraceHeader(Span span) implements Header {
    static final String KEY = "traceparent";
    private static final String STATE = "tracestate";

    /** The W3C's limit for {@code tracestate}; a {@code traceparent} has 55 bytes. */
    private static final int LARGEST = 512;

    /** The W3C's flag of a trace that is sampled. */
    private static final int SAMPLED = 1;

    /** The context in a record's headers; empty if they have none that is valid. */
    static Optional<Context> contextOf(Headers headers) {
        Context context = W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, Values.INSTANCE);
        return Optional.of(context)
                .filter(found -> Span.fromContext(found).getSpanContext().isValid());
    }

    /** Replaces the context in a record's headers by that of a span. */
    static void write(Span span, Headers headers) {
        headers.remove(KEY);
        headers.remove(STATE);
        headers.add(new TraceHeader(span));
    }

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public byte[] value() {
        SpanContext context = span.getSpanContext();
        int flags = context.isSampled() ? SAMPLED : 0;
        return ("00-" + context.getTraceId() + "-" + context.getSpanId() + "-0" + flags).getBytes(ISO_8859_1);
    }

    /** Reads headers of anybody's records: one that is too large counts as missing. */
    private enum Values implements TextMapGetter<Headers> {
        INSTANCE;

        @Override
        public Iterable<String> keys(Headers headers) {
            return List.of(KEY, STATE);
        }

        @Override
        public String get(Headers headers, String key) {
            Header header = headers.lastHeader(key);
            if (header == null || header.value() == null || header.value().length > LARGEST) return null;
            return new String(header.value(), ISO_8859_1);
        }
    }
}
