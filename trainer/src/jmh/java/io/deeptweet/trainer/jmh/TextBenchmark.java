// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.jmh;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.text.TextPipeline;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From the text of a tweet to its score: tweets per second of one thread. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class TextBenchmark {
    @State(Scope.Thread)
    public static class Scorers {
        KernelScorer scorer;

        @Setup
        public void build(BenchmarkTweets.Texts texts) {
            scorer = KernelScorer.of(texts.model);
        }
    }

    @Benchmark
    public Score score(Scorers scorers, BenchmarkTweets.Texts texts) {
        return scorers.scorer.score(texts.next());
    }

    @Benchmark
    public Explanation explanation(Scorers scorers, BenchmarkTweets.Texts texts) {
        return scorers.scorer.explain(texts.next());
    }

    @Benchmark
    public int text(BenchmarkTweets.Texts texts) {
        texts.model.pipeline().read(texts.next(), texts.model.maximumLength(), texts.tokens);
        int sum = 0;
        for (int token = 0; token < texts.tokens.count(); token++) {
            texts.rows[token] = texts.model.vocabulary().row(texts.tokens, token);
            sum += texts.rows[token];
        }
        return sum;
    }

    @Benchmark
    public int[] textByItsDefinition(BenchmarkTweets.Texts texts) {
        return texts.model
                .vocabulary()
                .rows(TextPipeline.deepTweet().tokens(texts.next()), texts.model.maximumLength());
    }

    @State(Scope.Thread)
    public static class ScorersWithoutNgrams {
        KernelScorer scorer;

        @Setup
        public void build(BenchmarkTweets.Texts texts) {
            Weights weights = texts.model.weights();
            scorer = KernelScorer.of(ModelArtefact.of(
                    "without-ngrams",
                    texts.model.pipeline(),
                    texts.model.maximumLength(),
                    texts.model.vocabulary(),
                    weights.withHeads(weights.heads().stream()
                            .map(head -> head.withNgrams(new float[0]))
                            .toList()),
                    new ModelArtefact.Provenance(Optional.empty(), Instant.EPOCH, "none", "{}")));
        }
    }

    /** The difference to {@link #score} is the cost of the n-grams. */
    @Benchmark
    public Score scoreWithoutNgrams(ScorersWithoutNgrams scorers, BenchmarkTweets.Texts texts) {
        return scorers.scorer.score(texts.next());
    }
}
