// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.stream;

import io.deeptweet.classifier.window.NewerFormatException;
import io.deeptweet.schemas.reject.Rejection;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;

/**
 * Skips records of internal topics that no classifier has written, so that they do not stop the stream. Records of a
 * newer release stop it: it would lose their counts. Records of {@code tweets.raw} never come here, because the
 * topology decodes them itself and rejects those that it cannot read.
 */
public final class InternalRecordHandler implements DeserializationExceptionHandler {
    /** Setting of Kafka Streams that holds the {@link Observer}, because Kafka creates handlers by reflection. */
    static final String OBSERVER = "deeptweet.internal.record.observer";

    /** Is notified of each record that is skipped. */
    public interface Observer {
        /** @param origin where the record was, such as {@code deeptweet-classifier-sums-repartition-3@17} */
        void skipped(String origin, Exception cause);
    }

    private Observer observer;

    @Override
    public void configure(Map<String, ?> configs) {
        observer = (Observer) configs.get(OBSERVER);
    }

    @Override
    public DeserializationHandlerResponse handle(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        if (exception instanceof NewerFormatException) return DeserializationHandlerResponse.FAIL;
        observer.skipped(Rejection.origin(record.topic(), record.partition(), record.offset()), exception);
        return DeserializationHandlerResponse.CONTINUE;
    }
}
