// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.trainer.label.LabelStore.Outcome;
import io.deeptweet.trainer.label.LabelStore.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelStoreTest {
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");
    private final LabelStore labels = new LabelStore(100);

    @Test
    void ofLabelsByPersonsTheLatestIsValid() {
        assertThat(labels.add(label("1", true, Labeler.PERSON, 0), Stage.NEW)).isEqualTo(Outcome.ADDED);
        assertThat(labels.add(label("1", false, Labeler.PERSON, 1), Stage.NEW)).isEqualTo(Outcome.CORRECTED);
        assertThat(labels.add(label("1", true, Labeler.PERSON, 0), Stage.NEW))
                .as("an earlier label that is read later")
                .isEqualTo(Outcome.OUTRANKED);
        assertThat(labels.forRound().consumed())
                .singleElement()
                .satisfies(label -> assertThat(label.sentiment()).isEqualTo(Sentiment.NEGATIVE));
    }

    @Test
    void aPersonOutranksASourceAndASourceOutranksARule() {
        assertThat(labels.add(label("1", true, Labeler.WEAK_RULE, 9), Stage.NEW))
                .isEqualTo(Outcome.ADDED);
        assertThat(labels.add(label("1", false, Labeler.SOURCE, 5), Stage.NEW)).isEqualTo(Outcome.CORRECTED);
        assertThat(labels.add(label("1", true, Labeler.PERSON, 1), Stage.NEW)).isEqualTo(Outcome.CORRECTED);
        assertThat(labels.add(label("1", false, Labeler.SOURCE, 99), Stage.NEW)).isEqualTo(Outcome.OUTRANKED);
        assertThat(labels.add(label("1", false, Labeler.WEAK_RULE, 99), Stage.NEW))
                .isEqualTo(Outcome.OUTRANKED);
        assertThat(labels.forRound().consumed())
                .singleElement()
                .satisfies(label -> assertThat(label.sentiment()).isEqualTo(Sentiment.POSITIVE));
    }

    /** A label that is sent twice, or confirmed by a second labeler, is not trained on twice. */
    @Test
    void aRepeatedLabelIsNotNew() {
        labels.add(label("1", true, Labeler.SOURCE, 0), Stage.TRIED);
        assertThat(labels.add(label("1", true, Labeler.SOURCE, 0), Stage.NEW)).isEqualTo(Outcome.REPEATED);
        assertThat(labels.add(label("1", true, Labeler.PERSON, 1), Stage.NEW)).isEqualTo(Outcome.REPEATED);
        assertThat(labels.fresh()).isZero();
        assertThat(labels.add(label("1", false, Labeler.SOURCE, 9), Stage.NEW))
                .as("the confirmation by a person counts")
                .isEqualTo(Outcome.OUTRANKED);
    }

    @Test
    void aCorrectedLabelIsNewAndTheOldOneIsNotRehearsed() {
        String id = idOf(Label.Subset.TRAIN);
        labels.add(label(id, true, Labeler.PERSON, 0), Stage.LEARNED);
        labels.add(label(id, false, Labeler.PERSON, 1), Stage.NEW);
        assertThat(labels.forRound().earlier()).isEmpty();
        assertThat(labels.forRound().consumed())
                .singleElement()
                .satisfies(label -> assertThat(label.sentiment()).isEqualTo(Sentiment.NEGATIVE));
    }

    @Test
    void aTombstoneRemovesATweetFromEverySubsetAndStage() {
        for (Label.Subset subset : Label.Subset.values()) {
            for (Stage stage : Stage.values()) {
                labels.add(label(idOf(subset), true, Labeler.PERSON, 0), stage);
                labels.remove(idOf(subset));
                RoundLabels left = labels.forRound();
                assertThat(List.of(left.consumed(), left.earlier(), left.heldOut(), left.guard()))
                        .as("%s, %s", subset, stage)
                        .allMatch(List::isEmpty);
                assertThat(labels.knows(idOf(subset))).isFalse();
            }
        }
    }

    @Test
    void aRoundConsumesItsLabelsButNotThoseCorrectedMeanwhile() {
        List<String> ids = IntStream.range(0, 50).mapToObj(Integer::toString).toList();
        ids.forEach(id -> labels.add(label(id, true, Labeler.PERSON, 0), Stage.NEW));
        RoundLabels round = labels.forRound();
        labels.add(label("7", false, Labeler.PERSON, 1), Stage.NEW);
        labels.remove("8");
        labels.add(label("new", true, Labeler.PERSON, 1), Stage.NEW);
        labels.consume(round, false);
        assertThat(round.consumed()).hasSize(50);
        assertThat(labels.forRound().consumed()).extracting(Label::id).containsExactlyInAnyOrder("7", "new");
        assertThat(labels.earlier()).isEqualTo(48);
    }

    /**
     * Held-out labels are tested on until a model is published that is newer than they are; then they are guard set.
     */
    @Test
    void heldOutLabelsAreTestedOnUntilAModelIsPublishedAndAreGuardSetFromThen() {
        List<String> ids = IntStream.range(0, 200).mapToObj(Integer::toString).toList();
        ids.forEach(id -> labels.add(label(id, true, Labeler.PERSON, 0), Stage.NEW));
        List<Label> heldOut = labels.forRound().heldOut();
        assertThat(heldOut).isNotEmpty().allMatch(label -> label.subset() == Label.Subset.HELD_OUT);

        labels.consume(labels.forRound(), false);
        assertThat(labels.forRound().heldOut()).containsExactlyInAnyOrderElementsOf(heldOut);
        assertThat(labels.forRound().guard()).isEmpty();
        labels.consume(labels.forRound(), true);
        assertThat(labels.forRound().heldOut()).isEmpty();
        assertThat(labels.forRound().guard()).containsExactlyInAnyOrderElementsOf(heldOut);
        assertThat(labels.forRound().earlier()).isNotEmpty().doesNotContainAnyElementsOf(heldOut);
    }

    /** After a restart the partitions are read in another order. */
    @Test
    void theSampleDoesNotDependOnTheOrder() {
        List<Label> all = new ArrayList<>(IntStream.range(0, 5_000)
                .mapToObj(i -> label("t" + i, i % 2 == 0, Labeler.PERSON, i))
                .toList());
        all.forEach(label -> labels.add(label, Stage.LEARNED));
        LabelStore other = new LabelStore(100);
        Collections.shuffle(all, new Random(1));
        all.forEach(label -> other.add(label, Stage.LEARNED));
        assertThat(new HashSet<>(other.forRound().earlier()))
                .isEqualTo(new HashSet<>(labels.forRound().earlier()));
        assertThat(new HashSet<>(other.forRound().guard()))
                .isEqualTo(new HashSet<>(labels.forRound().guard()));
    }

    @Test
    void earlierLabelsAreAUniformSampleOfBoundedSize() {
        IntStream.range(0, 5_000).forEach(i -> labels.add(label("t" + i, true, Labeler.PERSON, i), Stage.LEARNED));
        List<Label> train = labels.forRound().earlier().stream()
                .filter(label -> label.subset() == Label.Subset.TRAIN)
                .toList();
        assertThat(train).hasSize(100);
        double mean = train.stream()
                .mapToInt(label -> Integer.parseInt(label.id().substring(1)))
                .average()
                .orElseThrow();
        assertThat(mean)
                .as("late labels are as likely as early ones")
                .isBetween(1_900.0, 3_100.0); // 2500, plus or minus four standard errors of 144
    }

    @Test
    void afterARemovalTheSampleDoesNotPreferLateLabels() {
        BottomKSample sample = new BottomKSample(10);
        IntStream.range(0, 100).forEach(i -> sample.add(label("t" + i, true, Labeler.PERSON, 0)));
        List<Label> before = sample.labels();
        sample.remove(before.get(0).id());
        IntStream.range(0, 100)
                .filter(i -> before.stream().noneMatch(label -> label.id().equals("t" + i)))
                .forEach(i -> sample.add(label("t" + i, true, Labeler.PERSON, 0)));
        assertThat(sample.labels()).containsExactlyElementsOf(before.subList(1, 10));
    }

    @Test
    void aFifthIsHeldOutAndAFifthIsForValidation() {
        Map<Label.Subset, Long> subsets = IntStream.range(0, 30_000)
                .mapToObj(i -> label("t" + i, true, Labeler.PERSON, 0).subset())
                .collect(Collectors.groupingBy(subset -> subset, Collectors.counting()));
        assertThat(subsets.get(Label.Subset.TRAIN)).isBetween(17_600L, 18_400L);
        assertThat(subsets.get(Label.Subset.VALIDATION)).isBetween(5_700L, 6_300L);
        assertThat(subsets.get(Label.Subset.HELD_OUT)).isBetween(5_700L, 6_300L);
    }

    private static String idOf(Label.Subset subset) {
        return IntStream.range(0, 100)
                .mapToObj(Integer::toString)
                .filter(id -> label(id, true, Labeler.PERSON, 0).subset() == subset)
                .findFirst()
                .orElseThrow();
    }

    private static Label label(String id, boolean positive, Labeler labeler, int minutes) {
        return new Label(
                id,
                "the text of " + id,
                positive ? Sentiment.POSITIVE : Sentiment.NEGATIVE,
                labeler,
                "a test",
                NOON.plusSeconds(60L * minutes));
    }
}
