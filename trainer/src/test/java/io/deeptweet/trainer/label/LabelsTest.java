// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.Labeler;
import io.deeptweet.trainer.label.Labels.Age;
import io.deeptweet.trainer.label.Labels.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelsTest {
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");
    private final Labels labels = new Labels(100);

    @Test
    void theLatestPersonsLabelHolds() {
        assertThat(labels.add(label("1", true, Labeler.PERSON, 0), Age.NEW)).isEqualTo(Outcome.ADDED);
        assertThat(labels.add(label("1", false, Labeler.PERSON, 1), Age.NEW)).isEqualTo(Outcome.CORRECTED);
        assertThat(labels.add(label("1", true, Labeler.PERSON, 0), Age.NEW))
                .as("given before")
                .isEqualTo(Outcome.OUTRANKED);
        assertThat(labels.taken().consumed())
                .singleElement()
                .satisfies(label -> assertThat(label.positive()).isFalse());
    }

    @Test
    void aPersonOutranksASourceAndASourceARule() {
        assertThat(labels.add(label("1", true, Labeler.WEAK_RULE, 9), Age.NEW)).isEqualTo(Outcome.ADDED);
        assertThat(labels.add(label("1", false, Labeler.SOURCE, 5), Age.NEW)).isEqualTo(Outcome.CORRECTED);
        assertThat(labels.add(label("1", true, Labeler.PERSON, 1), Age.NEW)).isEqualTo(Outcome.CORRECTED);
        assertThat(labels.add(label("1", false, Labeler.SOURCE, 99), Age.NEW)).isEqualTo(Outcome.OUTRANKED);
        assertThat(labels.add(label("1", false, Labeler.WEAK_RULE, 99), Age.NEW))
                .isEqualTo(Outcome.OUTRANKED);
        assertThat(labels.taken().consumed())
                .singleElement()
                .satisfies(label -> assertThat(label.positive()).isTrue());
    }

    /** A label that was sent twice, or that a second judge confirms, is not learned twice. */
    @Test
    void whatIsKnownIsNoNews() {
        labels.add(label("1", true, Labeler.SOURCE, 0), Age.TRIED);
        assertThat(labels.add(label("1", true, Labeler.SOURCE, 0), Age.NEW)).isEqualTo(Outcome.REPEATED);
        assertThat(labels.add(label("1", true, Labeler.PERSON, 1), Age.NEW)).isEqualTo(Outcome.REPEATED);
        assertThat(labels.fresh()).isZero();
        assertThat(labels.add(label("1", false, Labeler.SOURCE, 9), Age.NEW))
                .as("the person's confirmation counts")
                .isEqualTo(Outcome.OUTRANKED);
    }

    @Test
    void aCorrectionOfAnEarlierLabelIsLearnedAnewAndNotRehearsedAsItWas() {
        String id = idOf(Label.Side.TRAIN);
        labels.add(label(id, true, Labeler.PERSON, 0), Age.LEARNED);
        labels.add(label(id, false, Labeler.PERSON, 1), Age.NEW);
        assertThat(labels.taken().earlier()).isEmpty();
        assertThat(labels.taken().consumed())
                .singleElement()
                .satisfies(label -> assertThat(label.positive()).isFalse());
    }

    @Test
    void aTombstoneRemovesATweetFromWhereverItIs() {
        for (Label.Side side : Label.Side.values()) {
            for (Age age : Age.values()) {
                labels.add(label(idOf(side), true, Labeler.PERSON, 0), age);
                labels.remove(idOf(side));
                Labels.Taken left = labels.taken();
                assertThat(List.of(left.consumed(), left.earlier(), left.heldOut(), left.guard()))
                        .as("%s, %s", side, age)
                        .allMatch(List::isEmpty);
                assertThat(labels.knows(idOf(side))).isFalse();
            }
        }
    }

    @Test
    void aRoundConsumesWhatItTookButNotWhatWasCorrectedMeanwhile() {
        List<String> ids = IntStream.range(0, 50).mapToObj(Integer::toString).toList();
        ids.forEach(id -> labels.add(label(id, true, Labeler.PERSON, 0), Age.NEW));
        Labels.Taken round = labels.taken();
        labels.add(label("7", false, Labeler.PERSON, 1), Age.NEW);
        labels.remove("8");
        labels.add(label("new", true, Labeler.PERSON, 1), Age.NEW);
        labels.consumed(round, false);
        assertThat(round.consumed()).hasSize(50);
        assertThat(labels.taken().consumed()).extracting(Label::id).containsExactlyInAnyOrder("7", "new");
        assertThat(labels.earlier()).isEqualTo(48);
    }

    /**
     * Held-out labels measure for as long as the active model is older than they are, then they guard; they are never
     * learned.
     */
    @Test
    void heldOutLabelsMeasureUntilAModelIsPublishedAndGuardFromThen() {
        List<String> ids = IntStream.range(0, 200).mapToObj(Integer::toString).toList();
        ids.forEach(id -> labels.add(label(id, true, Labeler.PERSON, 0), Age.NEW));
        List<Label> heldOut = labels.taken().heldOut();
        assertThat(heldOut).isNotEmpty().allMatch(label -> label.side() == Label.Side.HELD_OUT);

        labels.consumed(labels.taken(), false);
        assertThat(labels.taken().heldOut()).containsExactlyInAnyOrderElementsOf(heldOut);
        assertThat(labels.taken().guard()).isEmpty();
        labels.consumed(labels.taken(), true);
        assertThat(labels.taken().heldOut()).isEmpty();
        assertThat(labels.taken().guard()).containsExactlyInAnyOrderElementsOf(heldOut);
        assertThat(labels.taken().earlier()).isNotEmpty().doesNotContainAnyElementsOf(heldOut);
    }

    /** A trainer that starts again reads the partitions in another order, and goes on with the same. */
    @Test
    void theSameLabelsGiveTheSameSampleInAnyOrder() {
        List<Label> all = new ArrayList<>(IntStream.range(0, 5_000)
                .mapToObj(i -> label("t" + i, i % 2 == 0, Labeler.PERSON, i))
                .toList());
        all.forEach(label -> labels.add(label, Age.LEARNED));
        Labels other = new Labels(100);
        Collections.shuffle(all, new Random(1));
        all.forEach(label -> other.add(label, Age.LEARNED));
        assertThat(new HashSet<>(other.taken().earlier()))
                .isEqualTo(new HashSet<>(labels.taken().earlier()));
        assertThat(new HashSet<>(other.taken().guard()))
                .isEqualTo(new HashSet<>(labels.taken().guard()));
    }

    @Test
    void earlierLabelsAreASampleOfBoundedSizeOfThemAll() {
        IntStream.range(0, 5_000).forEach(i -> labels.add(label("t" + i, true, Labeler.PERSON, i), Age.LEARNED));
        List<Label> train = labels.taken().earlier().stream()
                .filter(label -> label.side() == Label.Side.TRAIN)
                .toList();
        assertThat(train).hasSize(100);
        double mean = train.stream()
                .mapToInt(label -> Integer.parseInt(label.id().substring(1)))
                .average()
                .orElseThrow();
        assertThat(mean)
                .as("late ones as likely as early ones")
                .isBetween(1_900.0, 3_100.0); // 2500, give or take four times 144
    }

    @Test
    void aSampleThatLostATweetDoesNotPreferWhatComesLate() {
        Sample sample = new Sample(10);
        IntStream.range(0, 100).forEach(i -> sample.add(label("t" + i, true, Labeler.PERSON, 0)));
        List<Label> before = sample.labels();
        sample.remove(before.get(0).id());
        IntStream.range(0, 100)
                .filter(i -> before.stream().noneMatch(label -> label.id().equals("t" + i)))
                .forEach(i -> sample.add(label("t" + i, true, Labeler.PERSON, 0)));
        assertThat(sample.labels()).containsExactlyElementsOf(before.subList(1, 10));
    }

    @Test
    void aFifthIsHeldOutAndAFifthValidates() {
        long[] sides = new long[3];
        IntStream.range(0, 30_000)
                .forEach(i ->
                        sides[label("t" + i, true, Labeler.PERSON, 0).side().ordinal()]++);
        assertThat(sides[Label.Side.TRAIN.ordinal()]).isBetween(17_600L, 18_400L);
        assertThat(sides[Label.Side.VALIDATION.ordinal()]).isBetween(5_700L, 6_300L);
        assertThat(sides[Label.Side.HELD_OUT.ordinal()]).isBetween(5_700L, 6_300L);
    }

    private static String idOf(Label.Side side) {
        return IntStream.range(0, 100)
                .mapToObj(Integer::toString)
                .filter(id -> label(id, true, Labeler.PERSON, 0).side() == side)
                .findFirst()
                .orElseThrow();
    }

    private static Label label(String id, boolean positive, Labeler labeler, int minutes) {
        return new Label(id, "the text of " + id, positive, labeler, NOON.plusSeconds(60L * minutes));
    }
}
