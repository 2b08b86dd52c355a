// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.score;

import io.deeptweet.classifier.decode.DecodingProcessor;
import io.deeptweet.classifier.decode.DecodingResult.DecodedTweet;
import io.deeptweet.classifier.model.ActiveModel;
import io.deeptweet.classifier.prescore.PreparedTweet.PrecomputedScore;
import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.StrongWord;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.RejectedCopy;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Scores each tweet with the active model, and with the shadow if there is one, under the tweet's id as key. A tweet
 * that the active model cannot score is rejected, and the stream goes on.
 */
public final class ScoringProcessor extends ContextualProcessor<byte[], DecodedTweet, String, ScoringOutcome> {
    /** Is notified of each scored tweet. */
    public interface Observer {
        /**
         * The active model has scored a tweet.
         *
         * @param tookNanos time to clean, tokenize and score the text, in nanoseconds
         * @param sinceCreatedMs time since the tweet was written, in ms; negative if its time is in the future
         * @param sinceAppendedMs time since the tweet was appended to {@code tweets.raw}, in ms
         */
        void scored(long tookNanos, long sinceCreatedMs, long sinceAppendedMs);

        /** The active model could not score a tweet, which was rejected. */
        void scoringFailed(String version, Rejection rejection);

        /** The shadow has scored the same tweet. */
        void compared(Score active, Score shadow);

        /** The shadow could not score the tweet; the active model's score was written all the same. */
        void shadowFailed(String active, String shadow, RuntimeException cause);
    }

    private final ActiveModel model;
    private final Map<String, Integer> strongestWords;
    private final Clock clock;
    private final Observer observer;

    /** @param strongestWords for each feed that shows its strongest words, how many at most per tweet; 1 or more */
    public ScoringProcessor(ActiveModel model, Map<String, Integer> strongestWords, Clock clock, Observer observer) {
        this.model = model;
        this.strongestWords = Map.copyOf(strongestWords);
        this.clock = clock;
        this.observer = observer;
    }

    @Override
    public void process(Record<byte[], DecodedTweet> record) {
        Tweet tweet = record.value().tweet();
        int most = strongestWords.getOrDefault(tweet.getFeed(), 0);
        Scorer scorer = model.current();
        long start = System.nanoTime();
        long earlierNanos = 0;
        Score score;
        List<StrongWord> words = List.of();
        try {
            if (most > 0) {
                Explanation explanation = scorer.explain(tweet.getText());
                score = explanation.score();
                words = explanation.decisive(most).stream()
                        .map(term -> new StrongWord(term.token(), (float) term.polarity(), (float) term.opinion()))
                        .toList();
            } else if (record.value().prepared().orElse(null) instanceof PrecomputedScore precomputed
                    && precomputed.scorer() == scorer) {
                score = precomputed.score();
                earlierNanos = precomputed.nanos();
            } else {
                score = scorer.score(tweet.getText());
            }
        } catch (RuntimeException e) { // whatever is wrong with the model, one text must not stop the stream
            String origin = DecodingProcessor.origin(context());
            model.failed(scorer, origin);
            reject(record, scorer.version(), e, origin);
            return;
        }
        long took = System.nanoTime() - start + earlierNanos;
        long now = clock.millis();
        ScoredTweet scored = scoredTweet(tweet, score, words, now);
        Optional<Score> shadow = model.shadow().flatMap(other -> shadowScore(other, tweet, score.version()));
        Optional<ScoredTweet> shadowed = shadow.map(other -> scoredTweet(tweet, other, List.of(), clock.millis()));
        context()
                .forward(record.withKey(tweet.getId())
                        .<ScoringOutcome>withValue(new ScoringResult(scored, score, scorer, shadowed)));
        // Counted after the write: if that fails, the tweet is processed again.
        model.scored(scorer);
        observer.scored(
                took,
                now - tweet.getCreatedAt().toEpochMilli(),
                now - record.value().appendedAtMs());
        shadow.ifPresent(other -> observer.compared(score, other));
    }

    private void reject(Record<byte[], DecodedTweet> record, String version, RuntimeException cause, String origin) {
        Rejection rejection = new Rejection(
                "classifier", Reason.SCORING_FAILED, "model " + version + " cannot score the text: " + cause, origin);
        RejectedCopy copy = RejectedCopy.of(record.key(), record.value().bytes(), record.headers(), rejection);
        context()
                .forward(new Record<String, ScoringOutcome>(
                        record.value().tweet().getId(),
                        new ScoringOutcome.Failed(copy.value().orElse(null)),
                        record.timestamp(),
                        copy.headers()));
        observer.scoringFailed(version, rejection);
    }

    private Optional<Score> shadowScore(Scorer shadow, Tweet tweet, String active) {
        try {
            return Optional.of(shadow.score(tweet.getText()));
        } catch (RuntimeException e) { // whatever is wrong with the shadow, the active model's score is written
            observer.shadowFailed(active, shadow.version(), e);
            return Optional.empty();
        }
    }

    private static ScoredTweet scoredTweet(Tweet tweet, Score score, List<StrongWord> words, long now) {
        return new ScoredTweet(
                tweet.getId(),
                tweet.getText(),
                tweet.getFeed(),
                tweet.getLanguage().orElse(null),
                tweet.getAuthor().orElse(null),
                tweet.getCreatedAt(),
                tweet.getIngestedAt(),
                Instant.ofEpochMilli(now),
                Sentiment.valueOf(score.sentiment().name()),
                new Probabilities(score.negative(), score.neutral(), score.positive()),
                score.version(),
                words);
    }
}
