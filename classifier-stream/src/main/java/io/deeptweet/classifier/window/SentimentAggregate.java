package io.deeptweet.classifier.window;

import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.SentimentWindow;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What some tweets feel together. One tweet is an aggregate too, so adding is all that windows need.
 *
 * @param positive how many are positive
 * @param negative how many are negative
 * @param sum of their probabilities of being positive
 * @param versions the models that scored them, and how many each
 */
public record SentimentAggregate(long positive, long negative, double sum, Map<String, Long> versions) {
  public SentimentAggregate {
    versions = Map.copyOf(versions);
  }

  /** One tweet. */
  public static SentimentAggregate of(ScoredTweet tweet) {
    boolean positive = tweet.getSentiment() == Sentiment.POSITIVE;
    return new SentimentAggregate(positive ? 1 : 0, positive ? 0 : 1, tweet.getProbability(), Map.of(tweet.getModelVersion(), 1L));
  }

  /** These and those. */
  public SentimentAggregate plus(SentimentAggregate other) {
    Map<String, Long> all = new HashMap<>(versions);
    other.versions.forEach((version, count) -> all.merge(version, count, Long::sum));
    return new SentimentAggregate(positive + other.positive, negative + other.negative, sum + other.sum, all);
  }

  /** How many tweets. */
  public long count() {
    return positive + negative;
  }

  /** As published, for the window from {@code start} on to before {@code end}. */
  public SentimentWindow window(String feed, Instant start, Instant end) {
    return new SentimentWindow(feed, start, end, count(), positive, negative, count() == 0 ? 0 : sum / count(), new TreeMap<>(versions));
  }
}
