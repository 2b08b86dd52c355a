package io.deeptweet.classifier.reload;

import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;

/**
 * Reads {@code sentiment.models} from its start, for as long as the service runs, on a thread of its own: every instance reads
 * all of it, so there is no group. Faults of broker and registry are logged, shown in {@link #fault()}, and tried again.
 */
public final class ModelWatcher implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ModelWatcher.class);
  private static final TopicPartition PARTITION = new TopicPartition(Topics.MODELS.name(), 0);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration BEFORE_RETRY = Duration.ofSeconds(2);

  private final Map<String, Object> settings;
  private final AvroDeserializer<ModelRecord> deserializer;
  private final ModelReload.Observer observer;
  private final ModelReload reload;
  private final Thread thread = new Thread(this::run, "model-watcher");
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicReference<Optional<String>> fault = new AtomicReference<>(Optional.empty());
  private volatile Consumer<String, byte[]> consumer;

  /**
   * @param kafka client settings
   * @param observer also told of records that are no model records
   */
  public ModelWatcher(Map<String, Object> kafka, SchemaIds ids, ModelReload reload, ModelReload.Observer observer) {
    this.settings = new HashMap<>(kafka);
    this.settings.putAll(Map.of(
        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false));
    this.settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    this.deserializer = new AvroDeserializer<>(ModelRecord.class, ids);
    this.reload = reload;
    this.observer = observer;
  }

  public void start() {
    thread.start();
  }

  /** What keeps it from reading just now; empty if nothing does. */
  public Optional<String> fault() {
    return fault.get();
  }

  @Override
  public void close() {
    stopped.countDown();
    Consumer<String, byte[]> polling = consumer;
    if (polling != null) polling.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean closing() {
    return stopped.getCount() == 0;
  }

  private void run() {
    long position = 0;
    boolean news = false;
    while (!closing()) {
      try (Consumer<String, byte[]> opened = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
        consumer = opened;
        opened.assign(Set.of(PARTITION));
        if (position == 0) opened.seekToBeginning(Set.of(PARTITION));
        else opened.seek(PARTITION, position);
        while (!closing()) {
          ConsumerRecords<String, byte[]> records = opened.poll(POLL);
          for (ConsumerRecord<String, byte[]> record : records) {
            apply(record);
            position = record.offset() + 1;
          }
          fault.set(Optional.empty());
          news |= !records.isEmpty();
          // A transaction's marker counts as lag, but comes as no record: what is new may have come with an earlier poll.
          if (news && caughtUp(opened)) {
            reload.settle();
            news = false;
          }
        }
      } catch (WakeupException e) {
        // closing
      } catch (KafkaException e) {
        fault.set(Optional.of(String.valueOf(e.getMessage())));
        LOG.errorf("models cannot be read from %s: %s; trying again in %d s", PARTITION.topic(), e.getMessage(), BEFORE_RETRY.toSeconds());
        pause();
      }
    }
  }

  /** Old activations that are followed by a newer one need no scorer: only the last counts. */
  private static boolean caughtUp(Consumer<?, ?> consumer) {
    return consumer.currentLag(PARTITION).orElse(0) == 0;
  }

  private void apply(ConsumerRecord<String, byte[]> record) {
    if (record.key() == null) {
      observer.refused("record " + record.offset() + " of " + PARTITION.topic() + " has no key and is passed over");
      return;
    }
    try {
      reload.apply(record.key(), Optional.ofNullable(deserializer.deserialize(record.topic(), record.value())));
    } catch (SerializationException e) {
      observer.refused("record " + record.offset() + " of " + PARTITION.topic() + " is passed over: " + e.getMessage());
    }
  }

  private void pause() {
    try {
      stopped.await(BEFORE_RETRY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
