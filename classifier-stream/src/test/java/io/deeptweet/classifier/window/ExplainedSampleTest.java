// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.schemas.ExplainedTweets;
import io.deeptweet.schemas.PushingWord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExplainedSampleTest {
    @Test
    void theWordsOfBothSidesAddUp() {
        ExplainedTweets explained = of("1", term("good", 1.5), term("day", -0.25), term("good", 0.5))
                .plus(of("2", term("good", 1), term("bad", -2)))
                .published()
                .orElseThrow();
        assertThat(explained.getTweets()).isEqualTo(2);
        assertThat(explained.getPositiveWords()).containsExactly(new PushingWord("good", 3f, 2L));
        assertThat(explained.getNegativeWords())
                .containsExactly(new PushingWord("bad", 2f, 1L), new PushingWord("day", 0.25f, 1L));
    }

    @Test
    void aWordThatPushesToBothSidesIsOnBoth() {
        ExplainedTweets explained = of("1", term("sick", 1))
                .plus(of("2", term("sick", -1)))
                .published()
                .orElseThrow();
        assertThat(explained.getPositiveWords()).containsExactly(new PushingWord("sick", 1f, 1L));
        assertThat(explained.getNegativeWords()).containsExactly(new PushingWord("sick", 1f, 1L));
    }

    @Test
    void mentionsLinksPunctuationAndOverlongTokensAreNoWords() {
        ExplainedTweets explained = of(
                        "1",
                        term("<user>", 1),
                        term("!", 1),
                        term("7", 1),
                        term("x".repeat(ExplainedSample.LONGEST_WORD + 1), 1),
                        term("😀", 1))
                .published()
                .orElseThrow();
        assertThat(explained.getPositiveWords())
                .extracting(PushingWord::getWord)
                .containsExactly("😀");
    }

    /** The bound of the summary, for words as frequent as in language (Zipf), added in groups of any size. */
    @Test
    void noSumIsLowerThanTheSummaryPromises() {
        Random random = new Random(7);
        Map<String, Double> exact = new HashMap<>();
        WordSums sums = WordSums.NONE;
        WordSums group = WordSums.NONE;
        for (int i = 0; i < 5_000; i++) {
            String word = "w" + (int) Math.exp(random.nextDouble() * Math.log(3_000));
            double contribution = 0.1 + random.nextDouble();
            exact.merge(word, contribution, Double::sum);
            group = group.plus(new WordSums(Map.of(word, new WordSums.Sum(contribution, 1))));
            if (random.nextInt(20) == 0) {
                sums = sums.plus(group);
                group = WordSums.NONE;
            }
        }
        WordSums all = sums.plus(group);
        double most = exact.values().stream().mapToDouble(d -> d).sum() / (WordSums.MOST + 1);
        exact.forEach((word, sum) -> {
            double kept =
                    all.byWord().containsKey(word) ? all.byWord().get(word).contribution() : 0;
            assertThat(kept).as(word).isBetween(sum - most - 1e-9, sum + 1e-9);
        });
        assertThat(all.strongest(5))
                .extracting(PushingWord::getWord)
                .containsExactlyElementsOf(exact.entrySet().stream()
                        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                        .limit(5)
                        .map(Map.Entry::getKey)
                        .toList());
        assertThat(all.byWord()).hasSizeLessThanOrEqualTo(WordSums.MOST);
    }

    @Test
    void theExamplesDoNotDependOnTheOrderOfTheTweets() {
        List<ExplainedSample> tweets = new ArrayList<>(IntStream.range(0, 100)
                .mapToObj(i -> of(Integer.toString(i), term("word", i % 2 - 0.5)))
                .toList());
        List<String> positive = sum(tweets).published().orElseThrow().getPositiveExamples();
        assertThat(positive).hasSize(ExplainedSample.EXAMPLES).doesNotHaveDuplicates();
        Collections.shuffle(tweets, new Random(1));
        assertThat(sum(tweets).published().orElseThrow().getPositiveExamples()).isEqualTo(positive);
        assertThat(sum(tweets).published().orElseThrow().getNeutralExamples()).isEmpty();
    }

    /** Each id of many is as probable as the others: the mean of the chosen positions is near the middle. */
    @Test
    void theExamplesAreARandomSample() {
        List<Integer> chosen = new ArrayList<>();
        for (int window = 0; window < 200; window++) {
            int from = window * 1_000;
            ExplainedSample sum = sum(IntStream.range(from, from + 100)
                    .mapToObj(i -> of("at://did:plc:abc/" + i, term("word", 1)))
                    .toList());
            sum.examples().get(SentimentClass.POSITIVE.ordinal()).stream()
                    .map(id -> Integer.parseInt(id.substring(17)) - from)
                    .forEach(chosen::add);
        }
        assertThat(chosen.stream().mapToInt(i -> i).average().orElseThrow()).isCloseTo(49.5, within(6.0));
    }

    @Test
    void withoutTweetsThereIsNothingToPublish() {
        assertThat(ExplainedSample.NONE.published()).isEmpty();
        assertThat(of("1").published()).isPresent();
    }

    private static ExplainedSample sum(List<ExplainedSample> samples) {
        return samples.stream().reduce(ExplainedSample.NONE, ExplainedSample::plus);
    }

    private static Explanation.Term term(String token, double polarity) {
        return new Explanation.Term(token, true, polarity, 0);
    }

    private static ExplainedSample of(String id, Explanation.Term... terms) {
        double logit = Stream.of(terms).mapToDouble(Explanation.Term::polarity).sum();
        Score score = new Score((float) (1 / (1 + Math.exp(-logit))), "v1");
        return ExplainedSample.of(id, new Explanation(score, 0, 0, List.of(terms)));
    }
}
