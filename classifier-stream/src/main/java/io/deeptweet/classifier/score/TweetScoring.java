package io.deeptweet.classifier.score;

import io.deeptweet.model.score.Score;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.Tweet;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Gives each tweet the active model's score, under the tweet's id. */
public final class TweetScoring extends ContextualProcessor<byte[], Tweet, String, ScoredTweet> {
  /** Told of each tweet scored. */
  public interface Observer {
    void scored(Duration took);
  }

  private final ActiveModel model;
  private final Clock clock;
  private final Observer observer;

  public TweetScoring(ActiveModel model, Clock clock, Observer observer) {
    this.model = model;
    this.clock = clock;
    this.observer = observer;
  }

  @Override
  public void process(Record<byte[], Tweet> record) {
    long start = System.nanoTime();
    Tweet tweet = record.value();
    Score score = model.current().score(tweet.getText());
    ScoredTweet scored = new ScoredTweet(
        tweet.getId(),
        tweet.getText(),
        tweet.getFeed(),
        tweet.getLanguage().orElse(null),
        tweet.getAuthor().orElse(null),
        tweet.getCreatedAt(),
        tweet.getIngestedAt(),
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        score.positive() ? Sentiment.POSITIVE : Sentiment.NEGATIVE,
        score.probability(),
        score.version());
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    context().forward(record.withKey(tweet.getId()).withValue(scored));
    observer.scored(took); // not before it has been written: if that fails, the tweet comes again
  }
}
