package io.deeptweet.classifier.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.SentimentWindow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class SentimentAggregateTest {
  private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");

  @Test
  void tweetsAddUp() {
    SentimentAggregate sum = of(0.9f, "v1").plus(of(0.2f, "v1")).plus(of(0.6f, "v2"));
    assertThat(sum.count()).isEqualTo(3);
    assertThat(sum.positive()).isEqualTo(2);
    assertThat(sum.negative()).isEqualTo(1);
    assertThat(sum.versions()).isEqualTo(Map.of("v1", 2L, "v2", 1L));
    SentimentWindow window = sum.window("election", NOON, NOON.plusSeconds(10));
    assertThat(window.getMeanProbability()).isCloseTo((0.9 + 0.2 + 0.6) / 3, within(1e-6));
    assertThat(window.getCount()).isEqualTo(3);
  }

  @Test
  void theOrderOfTweetsDoesNotMatter() {
    SentimentAggregate one = of(0.5f, "v1").plus(of(0.25f, "v2")).plus(of(0.125f, "v1"));
    SentimentAggregate other = of(0.125f, "v1").plus(of(0.5f, "v1").plus(of(0.25f, "v2")));
    assertThat(one).isEqualTo(other);
  }

  @Test
  void anAggregateIsReadAsItWasWritten() {
    SentimentAggregate sum = of(0.9f, "v1").plus(of(0.2f, "v-2.ü"));
    assertThat(read(write(sum))).isEqualTo(sum);
  }

  @Test
  void anAggregateOfANewerFormatIsNamed() {
    byte[] bytes = write(of(0.9f, "v1"));
    bytes[0] = 2;
    assertThatThrownBy(() -> read(bytes)).isInstanceOf(SerializationException.class).hasMessageContaining("format 2");
  }

  @Test
  void bytesThatWereCutShortAreNoAggregate() {
    byte[] bytes = write(of(0.9f, "v1"));
    assertThatThrownBy(() -> read(java.util.Arrays.copyOf(bytes, bytes.length - 1))).isInstanceOf(SerializationException.class);
  }

  private static byte[] write(SentimentAggregate aggregate) {
    return new SentimentAggregateSerde().serializer().serialize("topic", aggregate);
  }

  private static SentimentAggregate read(byte[] bytes) {
    return new SentimentAggregateSerde().deserializer().deserialize("topic", bytes);
  }

  private static SentimentAggregate of(float probability, String version) {
    return SentimentAggregate.of(new ScoredTweet(
        "1", "text", "election", null, null, NOON, NOON, NOON, probability >= 0.5f ? Sentiment.POSITIVE : Sentiment.NEGATIVE, probability, version, List.of()));
  }
}
