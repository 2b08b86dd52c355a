// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.score;

import io.deeptweet.classifier.reject.Decoded;
import io.deeptweet.classifier.score.PrescoringInterceptor.PrecomputedScore;
import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.StrongWord;
import io.deeptweet.schemas.Tweet;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Gives each tweet the active model's score, and beside it the shadow's if there is one, under the tweet's id. */
public final class TweetScoring extends ContextualProcessor<byte[], Decoded.Readable, String, Scored> {
    /** Told of each tweet scored. */
    public interface Observer {
        /**
         * @param tookNanos what cleaning, tokenizing and scoring took
         * @param sinceCreatedMs how long ago the tweet was written; below 0 if it says that it was written in the
         *     future
         * @param sinceAppendedMs how long ago it was appended to {@code tweets.raw}
         */
        void scored(long tookNanos, long sinceCreatedMs, long sinceAppendedMs);

        /** The shadow scored the same tweet. */
        void compared(Score active, Score shadow);

        /** The shadow could not, which the active score and its tweet do not feel. */
        void shadowFailed(String active, String shadow, RuntimeException because);
    }

    private final ActiveModel model;
    private final Map<String, Integer> strongestWords;
    private final Clock clock;
    private final Observer observer;

    /** @param strongestWords the feeds whose scored tweets carry their strongest words, and how many at most */
    public TweetScoring(ActiveModel model, Map<String, Integer> strongestWords, Clock clock, Observer observer) {
        this.model = model;
        this.strongestWords = strongestWords;
        this.clock = clock;
        this.observer = observer;
    }

    @Override
    public void process(Record<byte[], Decoded.Readable> record) {
        Tweet tweet = record.value().tweet();
        int most = strongestWords.getOrDefault(tweet.getFeed(), 0);
        Scorer scorer = model.current();
        Optional<PrecomputedScore> ahead = record.value().ahead().filter(done -> done.by() == scorer);
        long start = System.nanoTime();
        Score score;
        List<StrongWord> words = List.of();
        if (most > 0) {
            Explanation explanation = scorer.explain(tweet.getText());
            score = explanation.score();
            words = explanation.decisive(most).stream()
                    .map(term -> new StrongWord(term.token(), (float) term.logit()))
                    .toList();
        } else {
            score = ahead.isPresent() ? ahead.get().score() : scorer.score(tweet.getText());
        }
        long took =
                System.nanoTime() - start + ahead.map(PrecomputedScore::nanos).orElse(0L);
        long now = clock.millis();
        ScoredTweet scored = scored(tweet, score, words, now);
        Optional<Score> shadow = model.shadow().flatMap(other -> shadowScore(other, tweet, score.version()));
        context()
                .forward(record.withKey(tweet.getId())
                        .withValue(new Scored(
                                scored, score, shadow.map(other -> scored(tweet, other, List.of(), clock.millis())))));
        // Not before it has been written: if that fails, the tweet comes again.
        observer.scored(
                took,
                now - tweet.getCreatedAt().toEpochMilli(),
                now - record.value().appendedAtMs());
        shadow.ifPresent(other -> observer.compared(score, other));
    }

    private Optional<Score> shadowScore(Scorer shadow, Tweet tweet, String active) {
        try {
            return Optional.of(shadow.score(tweet.getText()));
        } catch (RuntimeException e) { // whatever is wrong with it, the active model's score goes out
            observer.shadowFailed(active, shadow.version(), e);
            return Optional.empty();
        }
    }

    private static ScoredTweet scored(Tweet tweet, Score score, List<StrongWord> words, long now) {
        return new ScoredTweet(
                tweet.getId(),
                tweet.getText(),
                tweet.getFeed(),
                tweet.getLanguage().orElse(null),
                tweet.getAuthor().orElse(null),
                tweet.getCreatedAt(),
                tweet.getIngestedAt(),
                Instant.ofEpochMilli(now),
                score.positive() ? Sentiment.POSITIVE : Sentiment.NEGATIVE,
                score.probability(),
                score.version(),
                words);
    }
}
