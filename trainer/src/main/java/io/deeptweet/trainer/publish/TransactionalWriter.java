// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.schemas.topic.CommittedReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes records of several topics, and the offsets of a consumer group, in one transaction: all of them or none.
 *
 * <p>All writers, in every process, share one transactional id, so the broker lets only the latest one commit.
 * {@link #begin} fences the others and ends what they had not committed. What a writer reads after {@code begin} is
 * therefore still true when its commit succeeds.
 */
public final class TransactionalWriter {
    private static final String TRANSACTIONAL_ID = "deeptweet-model-publisher";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int ATTEMPTS = 3;

    private final Map<String, Object> kafka;
    private final Duration timeout;

    /** @param kafka client settings: {@code bootstrap.servers}, security */
    public TransactionalWriter(Map<String, ?> kafka) {
        this.kafka = Map.copyOf(kafka);
        this.timeout = timeout(this.kafka);
    }

    /**
     * What a consumer group has consumed when the transaction commits.
     *
     * @param offsets by partition
     * @param member the group's member that commits; once it is no longer a member, the commit fails
     */
    public record ConsumedOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata member) {}

    /**
     * Another writer began a transaction after this one: this one committed nothing. Kafka's client throws one of two
     * exceptions for it, depending on which request was refused.
     */
    public static final class FencedException extends KafkaException {
        private static final long serialVersionUID = 1;

        private FencedException(ApiException cause) {
            super("another trainer or command publishes models now: nothing was published; try again", cause);
        }
    }

    /** The broker did not say in time whether the transaction is committed. */
    public static final class UnknownOutcomeException extends KafkaException {
        private static final long serialVersionUID = 1;

        private UnknownOutcomeException(KafkaException cause) {
            super("Kafka did not acknowledge the commit in time: " + cause.getMessage(), cause);
        }
    }

    /** Work that begins a transaction, reads what it decides from, and commits. */
    @FunctionalInterface
    public interface Attempt<T, E extends Exception> {
        T run() throws E;
    }

    /**
     * Does the work again if another writer fences it, which has finished by then; three times at most.
     *
     * @throws FencedException if it was fenced each time
     */
    public static <T, E extends Exception> T untilNotFenced(Attempt<T, E> work) throws E {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.run();
            } catch (FencedException e) {
                if (attempt == ATTEMPTS) throw e;
            }
        }
    }

    /**
     * Begins a transaction. Any other writer that has begun one can no longer commit it.
     *
     * @throws KafkaException if the broker does not answer
     */
    public Transaction begin() {
        return new Transaction();
    }

    /**
     * Aborts what another writer has begun and not committed, such as a trainer that was killed. Its records would
     * otherwise hold up every reader of committed records until the transaction times out.
     *
     * @throws KafkaException if the broker does not answer
     */
    public void fence() {
        begin().close();
    }

    /** An open transaction. Closing it without a commit aborts it. Not thread-safe. */
    public final class Transaction implements AutoCloseable {
        private final Producer<byte[], byte[]> producer = producer();
        private final List<Future<RecordMetadata>> sent = new ArrayList<>();
        private boolean open;
        private Duration closeTimeout = Duration.ofMillis(Long.MAX_VALUE);

        private Transaction() {
            try {
                producer.initTransactions();
            } catch (KafkaException e) {
                producer.close(Duration.ZERO);
                throw e;
            }
        }

        /**
         * Sends a record as part of the transaction.
         *
         * @throws FencedException if another writer began a transaction meanwhile
         * @throws KafkaException if the broker does not take the record
         */
        public void send(ProducerRecord<byte[], byte[]> record) {
            try {
                open();
                sent.add(producer.send(record));
            } catch (ProducerFencedException | InvalidProducerEpochException e) {
                throw fenced(e);
            }
        }

        /**
         * Commits what was sent, and waits until every reader of committed records sees it.
         *
         * @throws FencedException if another writer began a transaction meanwhile: nothing was committed
         * @throws UnknownOutcomeException if the broker did not answer in time: what was sent may be committed or not
         * @throws KafkaException if nothing was committed, or if the records were committed but cannot be read yet
         */
        public void commit() {
            try {
                open();
                producer.commitTransaction();
                open = false;
            } catch (ProducerFencedException | InvalidProducerEpochException e) {
                throw fenced(e);
            } catch (TimeoutException | InterruptException e) {
                open = false; // a commit that has begun cannot be aborted
                closeTimeout = Duration.ZERO;
                throw new UnknownOutcomeException(e);
            }
            awaitVisible();
        }

        /**
         * Commits what was sent together with a group's offsets; as {@link #commit()}.
         *
         * @throws KafkaException also if the member no longer belongs to its group: nothing was committed
         */
        public void commit(ConsumedOffsets consumed) {
            try {
                open();
                producer.sendOffsetsToTransaction(consumed.offsets(), consumed.member());
            } catch (ProducerFencedException | InvalidProducerEpochException e) {
                throw fenced(e);
            }
            commit();
        }

        private FencedException fenced(ApiException cause) {
            open = false; // the other writer has aborted it
            return new FencedException(cause);
        }

        private void open() {
            if (!open) producer.beginTransaction();
            open = true;
        }

        /** The broker answers a commit before it has marked the partitions; only then can the records be read. */
        private void awaitVisible() {
            Map<TopicPartition, Long> last = lastOffsets();
            if (last.isEmpty()) return;
            try (Consumer<byte[], byte[]> consumer = CommittedReader.consumer(kafka)) {
                consumer.assign(last.keySet());
                last.forEach(consumer::seek);
                long deadline = System.nanoTime() + timeout.toNanos();
                while (last.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) <= end.getValue())) {
                    consumer.poll(POLL);
                    if (System.nanoTime() > deadline)
                        throw new TimeoutException("the transaction was committed, but not all records of "
                                + last.keySet() + " could be read within " + timeout);
                }
            }
        }

        private Map<TopicPartition, Long> lastOffsets() {
            Map<TopicPartition, Long> last = new HashMap<>();
            try {
                for (Future<RecordMetadata> future : sent) {
                    RecordMetadata record = future.get();
                    last.merge(new TopicPartition(record.topic(), record.partition()), record.offset(), Math::max);
                }
            } catch (ExecutionException e) {
                throw new KafkaException(e.getCause());
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
            return last;
        }

        /**
         * Aborts the transaction if it was not committed; the broker does so after a time-out if it does not answer.
         */
        @Override
        public void close() {
            try {
                if (open) producer.abortTransaction();
            } finally {
                producer.close(closeTimeout);
            }
        }
    }

    private Producer<byte[], byte[]> producer() {
        Map<String, Object> settings = new HashMap<>(kafka);
        // A shared properties file may set these for other clients.
        List.of("key.serializer", "value.serializer").forEach(settings::remove);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID);
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static Duration timeout(Map<String, Object> kafka) {
        Object timeout = kafka.get(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG);
        return Duration.ofMillis(timeout == null ? 60_000 : Long.parseLong(timeout.toString()));
    }
}
