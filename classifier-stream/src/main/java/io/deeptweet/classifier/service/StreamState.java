package io.deeptweet.classifier.service;

import io.deeptweet.classifier.reload.ModelWatcher;
import io.deeptweet.classifier.score.ActiveModel;
import io.deeptweet.schemas.topic.Topics;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/** The running parts, for those who ask after them: health, metrics, status. */
@Singleton
public class StreamState {
  private final AtomicReference<KafkaStreams> streams = new AtomicReference<>();
  private final AtomicReference<ModelWatcher> watcher = new AtomicReference<>();

  @Produces
  @Singleton
  static ActiveModel activeModel() {
    return new ActiveModel();
  }

  void running(KafkaStreams started) {
    streams.set(started);
  }

  void watching(ModelWatcher started) {
    watcher.set(started);
  }

  /** The stream; empty before a first model is active. */
  Optional<KafkaStreams> streams() {
    return Optional.ofNullable(streams.get());
  }

  Optional<ModelWatcher> watcher() {
    return Optional.ofNullable(watcher.get());
  }

  /** {@code WAITING_FOR_MODEL}, or what Kafka Streams says: {@code RUNNING}, {@code REBALANCING}, {@code ERROR}… */
  String name() {
    return streams().map(running -> running.state().name()).orElse("WAITING_FOR_MODEL");
  }

  /** Records of {@code tweets.raw} in this instance's partitions that are not scored yet. */
  long lag() {
    // Clients name a topic in their metrics both as it is and, as of old, with underscores for dots.
    return (long) Math.max(sum("records-lag", "topic", Topics.RAW.name()), sum("records-lag", "topic", Topics.RAW.name().replace('.', '_')));
  }

  /** Tweets that came too late for their windows. */
  double late() {
    return sum("dropped-records-total", "", "");
  }

  private double sum(String name, String tag, String value) {
    double sum = 0;
    for (Map.Entry<MetricName, ? extends Metric> metric : streams().map(KafkaStreams::metrics).orElse(Map.of()).entrySet()) {
      boolean meant = metric.getKey().name().equals(name) && (tag.isEmpty() || value.equals(metric.getKey().tags().get(tag)));
      if (meant && metric.getValue().metricValue() instanceof Number number && !Double.isNaN(number.doubleValue())) sum += number.doubleValue();
    }
    return sum;
  }
}
