// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareCorrectionTest {
    private static final double[][] MIXES = {
        {0.05, 0.9, 0.05},
        {0.05, 0.05, 0.9},
        {0.9, 0.05, 0.05},
        {0.95, 0.0, 0.05},
        {0.05, 0, 0.95},
        {0.2, 0.6, 0.2},
        {0.4, 0.2, 0.4},
        {0.7, 0.2, 0.1},
        {0.1, 0.3, 0.6},
        {1 / 3.0, 1 / 3.0, 1 / 3.0}
    };

    private final Random random = new Random(7);

    /** A model that is right in about seven of ten cases, and leans to neutral. */
    private Score score(SentimentClass truth) {
        double opinion =
                1 / (1 + Math.exp(-(truth == SentimentClass.NEUTRAL ? -0.9 : 0.6) - 1.1 * random.nextGaussian()));
        double side = truth == SentimentClass.NEUTRAL ? 0.2 : truth == SentimentClass.POSITIVE ? 1.6 : -1.4;
        double polarity = 1 / (1 + Math.exp(-side - 1.3 * random.nextGaussian()));
        return new Score((float) polarity, (float) opinion, "v1", 1, 0);
    }

    private Map<SentimentClass, List<Score>> heldOut(int each) {
        Map<SentimentClass, List<Score>> scores = new EnumMap<>(SentimentClass.class);
        for (SentimentClass truth : SentimentClass.values()) {
            List<Score> all = new ArrayList<>();
            for (int i = 0; i < each; i++) all.add(score(truth));
            scores.put(truth, all);
        }
        return scores;
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 2_000})
    void correctedSharesHaveAtMostHalfOfTheErrorOfCountingAndHonestIntervals(int texts) {
        double counting = 0;
        double corrected = 0;
        int covered = 0;
        int shares = 0;
        for (int run = 0; run < 300; run++) {
            ShareCorrection correction = ShareCorrection.of(heldOut(400));
            double[] mix = MIXES[run % MIXES.length];
            double negative = 0;
            double positive = 0;
            double[] counted = new double[3];
            for (int i = 0; i < texts; i++) {
                double at = random.nextDouble();
                SentimentClass truth = SentimentClass.values()[at < mix[0] ? 0 : at < mix[0] + mix[1] ? 1 : 2];
                Score score = score(truth);
                negative += score.negative() / texts;
                positive += score.positive() / texts;
                counted[score.sentiment().ordinal()] += 1.0 / texts;
            }
            List<ClassShare> estimated =
                    correction.shares(negative, positive, texts).orElseThrow();
            for (int k = 0; k < 3; k++) {
                counting += Math.abs(counted[k] - mix[k]);
                corrected += Math.abs(estimated.get(k).share() - mix[k]);
                if (estimated.get(k).low() <= mix[k]
                        && mix[k] <= estimated.get(k).high()) covered++;
                shares++;
            }
            assertThat(estimated.stream().mapToDouble(ClassShare::share).sum()).isCloseTo(1, within(1e-9));
        }
        assertThat(corrected).isLessThan(counting / 2);
        assertThat((double) covered / shares).isGreaterThan(0.93);
    }

    @Test
    void aModelOfTwoClassesHasNoNeutralShare() {
        Map<SentimentClass, List<Score>> scores = new EnumMap<>(SentimentClass.class);
        scores.put(SentimentClass.NEGATIVE, List.of(new Score(0.1f, "v1"), new Score(0.3f, "v1")));
        scores.put(SentimentClass.POSITIVE, List.of(new Score(0.7f, "v1"), new Score(0.9f, "v1")));
        List<ClassShare> shares =
                ShareCorrection.of(scores).shares(0.65, 0.35, 1_000).orElseThrow();
        assertThat(shares.get(2).share()).isCloseTo(0.25, within(1e-6));
        assertThat(shares.get(0).share()).isCloseTo(0.75, within(1e-6));
        assertThat(shares.get(1)).isEqualTo(new ClassShare(0, 0, 0));
    }

    @Test
    void aCorrectionIsReadAsAReportHoldsIt() throws Exception {
        ShareCorrection correction = ShareCorrection.of(heldOut(50));
        String report = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build()
                .writeValueAsString(Map.of("correction", correction.toReport()));
        assertThat(ShareCorrection.ofReport(report)).contains(correction);
        for (String other : List.of("", "[]", "{}", "{\"correction\":7}", report.replace("texts", "text")))
            assertThat(ShareCorrection.ofReport(other)).isEmpty();
    }

    @Test
    void ofSeveralModelsEachCountsByItsTexts() {
        ShareCorrection one = ShareCorrection.of(heldOut(400));
        ShareCorrection other = ShareCorrection.of(heldOut(400));
        assertThat(ShareCorrection.mean(Map.of(one, 7L)).byClass().get(0).negative())
                .isCloseTo(one.byClass().get(0).negative(), within(1e-12));
        assertThat(ShareCorrection.mean(Map.of(one, 3L, other, 1L))
                        .byClass()
                        .get(2)
                        .positive())
                .isCloseTo(
                        0.75 * one.byClass().get(2).positive()
                                + 0.25 * other.byClass().get(2).positive(),
                        within(1e-12));
    }

    @Test
    void fewerTextsGiveAWiderInterval() {
        ShareCorrection correction = ShareCorrection.of(heldOut(400));
        double few = width(correction, 20);
        double many = width(correction, 20_000);
        assertThat(few).isGreaterThan(3 * many);
        assertThat(many).as("the held-out texts limit it").isGreaterThan(0.01);
    }

    private static double width(ShareCorrection correction, long texts) {
        ClassShare share = correction.shares(0.3, 0.3, texts).orElseThrow().get(0);
        return share.high() - share.low();
    }

    /** No mix of the held-out texts has such means, which is no reason to be sure. */
    @Test
    void aSetThatContradictsTheHeldOutTextsHasWideIntervals() {
        ShareCorrection correction = ShareCorrection.of(heldOut(400));
        for (double negative : new double[] {0, 0.5, 1})
            assertThat(correction.shares(negative, 1 - negative, 20).orElseThrow())
                    .allSatisfy(share -> assertThat(share.high() - share.low()).isGreaterThan(0.05))
                    .allSatisfy(share -> assertThat(share.share()).isBetween(share.low(), share.high()));
    }

    @Test
    void aModelThatCannotTellTheClassesApartCorrectsNothing() {
        Map<SentimentClass, List<Score>> scores = new EnumMap<>(SentimentClass.class);
        for (SentimentClass sentiment : SentimentClass.values())
            scores.put(sentiment, List.of(new Score(0.5f, 0.5f, "v1", 1, 0), new Score(0.6f, 0.5f, "v1", 1, 0)));
        assertThat(ShareCorrection.of(scores).shares(0.3, 0.3, 100)).isEmpty();
        assertThat(ShareCorrection.of(Map.of()).shares(0.3, 0.3, 100)).isEmpty();
    }
}
