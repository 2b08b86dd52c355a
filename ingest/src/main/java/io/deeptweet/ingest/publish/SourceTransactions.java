// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.SourcePosition;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes what a source reads, together with the position that it has reached, in transactions: Kafka has both or
 * neither. The transactional id belongs to the feed, so that Kafka refuses the transactions of a process that another
 * one has replaced. After a failure it is closed, and {@link Source#reconnect} continues from the committed position.
 * Not thread-safe.
 */
public final class SourceTransactions implements AutoCloseable {
    /** The transactional ids, which Kafka's ACLs must allow, start with this. */
    public static final String TRANSACTIONAL_ID_PREFIX = "deeptweet-ingest-";

    /** Until then, records of a process that was killed hold back readers of committed records. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(15);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /**
     * A source of a feed, as a process reads it.
     *
     * @param kafka client settings
     * @param source name of the source; its position is known by it
     * @param instance the process
     */
    public record Source(Map<String, Object> kafka, String feed, String source, String instance) {
        public Source {
            kafka = Map.copyOf(kafka);
        }

        /**
         * Takes the feed over from any other process, which cannot publish it from then on.
         *
         * @param start the position to start from, given the committed one
         * @throws KafkaException if Kafka or the registry does not answer, or refuses
         */
        public SourceTransactions takeOver(UnaryOperator<String> start) {
            return connect(start, found -> {});
        }

        /**
         * Connects again after a failure.
         *
         * @throws SupersededException if another process has taken the feed over
         * @throws KafkaException as {@link #takeOver}
         */
        public SourceTransactions reconnect() {
            requireLast(SourcePositions.read(kafka, feed, source));
            // Again as soon as no other process can publish: one may have taken the feed over since the first look.
            return connect(UnaryOperator.identity(), this::requireLast);
        }

        private void requireLast(SourcePositions found) {
            if (found.lastInstance().filter(instance::equals).isEmpty()) throw new SupersededException(feed);
        }

        private SourceTransactions connect(UnaryOperator<String> start, Consumer<SourcePositions> check) {
            SourceTransactions transactions = new SourceTransactions(producer(), this, SchemaIds.ofRegistry(kafka));
            try {
                transactions.start();
                SourcePositions found = SourcePositions.read(kafka, feed, source);
                check.accept(found);
                String position = start.apply(found.positions().getOrDefault(source, ""));
                transactions.position = position;
                transactions.commit(position); // tells other processes who publishes the feed
                return transactions;
            } catch (RuntimeException e) {
                transactions.close();
                throw e;
            }
        }

        private Producer<byte[], byte[]> producer() {
            Map<String, Object> settings = TweetRecords.producerSettings(kafka);
            settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID_PREFIX + feed);
            // A transaction that a broker refuses in part fails as a whole, and its records are sent again: several
            // requests may be in flight, as many as the user or Kafka says.
            Object inFlight = kafka.get(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION);
            if (inFlight == null) settings.remove(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION);
            else settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, inFlight);
            settings.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION_TIMEOUT.toMillis());
            return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        }
    }

    private final Producer<byte[], byte[]> producer;
    private final Source source;
    private final TweetRecords records;
    private final AvroSerializer<SourcePosition> positions;
    private String position = "";
    private boolean open;

    SourceTransactions(Producer<byte[], byte[]> producer, Source source, SchemaIds ids) {
        this.producer = producer;
        this.source = source;
        this.records = new TweetRecords(ids);
        this.positions = new AvroSerializer<>(ids);
    }

    /** Ends the transactions of earlier processes, and prevents further ones. */
    void start() {
        producer.initTransactions();
    }

    /** Where the source continues; empty for its beginning. */
    public String position() {
        return position;
    }

    /** Sends a tweet to {@code tweets.raw}; {@link #commit} tells whether it arrived. */
    public void publish(Tweet tweet) {
        send(records.tweet(tweet));
    }

    /** Sends the label that the source gives a tweet to {@code tweets.labeled}; {@link #commit} as above. */
    public void label(Tweet tweet, Sentiment label) {
        send(records.label(new LabeledTweet(
                tweet.getId(),
                tweet.getText(),
                tweet.getFeed(),
                label,
                Labeler.SOURCE,
                UntrustedText.shortened(source.source(), TweetLimits.LONGEST_NAME - 1),
                tweet.getIngestedAt())));
    }

    /** Sends the deletion of a tweet to {@code tweets.deleted}; {@link #commit} as above. */
    public void delete(String id) {
        send(records.deletion(id, source.feed()));
    }

    /** Sends a record to {@code tweets.rejected}; {@link #commit} tells whether it arrived. */
    public void reject(byte[] bytes, Rejection rejection) {
        send(TweetRecords.rejected(bytes, source.feed(), rejection));
    }

    /**
     * Commits everything that was sent since the last commit, and the position.
     *
     * @throws KafkaException if Kafka did not take it, or did not say whether it did
     */
    public void commit(String reached) {
        SourcePosition record = new SourcePosition(
                source.feed(),
                source.source(),
                reached,
                source.instance(),
                Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS));
        send(new ProducerRecord<>(
                Topics.POSITIONS.name(),
                SourcePositions.key(source.feed(), source.source()),
                positions.serialize(Topics.POSITIONS.name(), record)));
        producer.commitTransaction();
        open = false;
    }

    /** A record that Kafka refuses makes the commit fail, with the reason. */
    private void send(ProducerRecord<byte[], byte[]> record) {
        if (!open) producer.beginTransaction();
        open = true;
        var unused = producer.send(record);
    }

    /** Disconnects. What is not committed is lost, and is read again from the position. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // an interrupted thread cannot end the transaction
        try {
            producer.close(CLOSE_TIMEOUT);
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }
}
