package io.deeptweet.classifier.service;

import io.deeptweet.classifier.SentimentTopology;
import io.deeptweet.classifier.reload.ModelReload;
import io.deeptweet.classifier.reload.ModelWatcher;
import io.deeptweet.classifier.score.ActiveModel;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.TopicSetup;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jboss.logging.Logger;

/** The classifier as a service: sets up the topics, follows the models, and runs the topology once a first one is active. */
@QuarkusMain
public class ClassifierService implements QuarkusApplication {
  private static final Logger LOG = Logger.getLogger(ClassifierService.class);
  private static final Duration PATIENCE_AT_STOP = Duration.ofSeconds(20);

  private final ClassifierConfig config;
  private final Map<String, Object> kafka;
  private final ActiveModel model;
  private final StreamState state;
  private final Meters meters;
  private final Faults faults = new Faults();
  private final CountDownLatch stopping = new CountDownLatch(1);

  @Inject
  ClassifierService(
      ClassifierConfig config, @Identifier("default-kafka-broker") Map<String, Object> kafka, ActiveModel model, StreamState state, Meters meters) {
    this.config = config;
    this.kafka = kafka;
    this.model = model;
    this.state = state;
    this.meters = meters;
  }

  /** Runs until the service is stopped; 1 if it could not start. */
  @Override
  public int run(String... arguments) throws InterruptedException {
    try {
      Settings settings = Settings.of(config);
      setUp(settings.topics());
      SchemaIds ids = SchemaIds.ofRegistry(kafka);
      ModelWatcher watcher = new ModelWatcher(kafka, ids, new ModelReload(model, meters), meters);
      state.watching(watcher);
      watcher.start();
      Thread starter = new Thread(() -> startWithTheFirstModel(settings, ids), "start-with-the-first-model");
      starter.setDaemon(true);
      starter.start();
    } catch (KafkaException | IllegalArgumentException e) {
      LOG.errorf("the classifier cannot start: %s", e.getMessage());
      return 1;
    }
    Quarkus.waitForExit();
    return 0;
  }

  private void setUp(TopicSetup topics) {
    try (Admin admin = Admin.create(kafka)) {
      TopicSetup.Outcome outcome = topics.ensure(admin);
      if (!outcome.created().isEmpty()) LOG.infof("created topics %s", String.join(", ", outcome.created()));
      for (TopicDifference difference : outcome.differences()) LOG.warn(difference);
    }
  }

  private void startWithTheFirstModel(Settings settings, SchemaIds ids) {
    try {
      LOG.info("waiting for a model to be active");
      model.awaitFirst();
    } catch (InterruptedException e) {
      return;
    }
    SentimentTopology topology = new SentimentTopology(model, ids, settings.windows(), settings.grace(), Clock.systemUTC(), meters);
    KafkaStreams streams = new KafkaStreams(topology.build(), properties(settings));
    streams.setUncaughtExceptionHandler(this::answer);
    state.running(streams);
    synchronized (this) {
      if (stopping.getCount() > 0) streams.start();
    }
  }

  private Properties properties(Settings settings) {
    Properties properties = new Properties();
    // A hanging instance holds its partitions this long; a stopped one gives them up at once.
    properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 15_000);
    properties.putAll(kafka);
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
    // Nothing of what stood on the topic before the first start is skipped.
    properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    return properties;
  }

  /** A broker or registry that does not answer comes back: the thread is replaced, after a while. Too often is a fault of ours. */
  private StreamThreadExceptionResponse answer(Throwable thrown) {
    Optional<Duration> pause = faults.next(System.nanoTime());
    String because = rootMessage(thrown);
    if (pause.isEmpty()) {
      LOG.errorf(thrown, "the stream stops for good after too many faults: %s", because);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    LOG.errorf("a stream thread failed and is replaced in %d s: %s", pause.get().toSeconds(), because);
    LOG.debug("the fault", thrown);
    try {
      if (stopping.await(pause.get().toMillis(), TimeUnit.MILLISECONDS)) return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private static String rootMessage(Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof StreamsException && cause.getCause() != null) cause = cause.getCause();
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }

  /** Stops the stream first, so that what it has scored is committed, then the watcher. */
  @PreDestroy
  void stop() {
    synchronized (this) {
      stopping.countDown();
    }
    state.streams().ifPresent(streams -> {
      if (!streams.close(PATIENCE_AT_STOP)) LOG.warnf("the stream did not stop within %d s", PATIENCE_AT_STOP.toSeconds());
    });
    state.watcher().ifPresent(ModelWatcher::close);
  }
}
