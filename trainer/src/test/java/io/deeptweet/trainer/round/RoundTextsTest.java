// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.guard.GuardSet;
import io.deeptweet.trainer.label.Label;
import io.deeptweet.trainer.label.LabelerShare;
import io.deeptweet.trainer.label.RoundLabels;
import io.deeptweet.trainer.publish.TestModels;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoundTextsTest {
    private static final GuardSet NONE = new GuardSet(List.of(), List.of());

    private final ModelArtefact model = TestModels.untrained(List.of("good"));

    @Test
    void aTextThatIsHeldOutUnderOneIdIsNotTrainedOnUnderAnother() {
        Label heldOut = label(Label.Subset.HELD_OUT, 0, "the same text", true);
        Label train = label(Label.Subset.TRAIN, 0, "the same text", true);
        Label validation = label(Label.Subset.VALIDATION, 0, "the same text", true);
        RoundLabels labels = new RoundLabels(
                List.of(heldOut, train, validation), List.of(train, validation), List.of(heldOut), List.of(heldOut));
        RoundTexts texts = RoundTexts.of(model, labels, NONE, LabelerShare.UNBOUNDED, 1, 1);
        assertThat(texts.heldOut()).hasSize(1);
        assertThat(Stream.of(
                                texts.train(),
                                texts.validation(),
                                texts.rehearsedTrain(),
                                texts.rehearsedValidation(),
                                texts.earlier())
                        .flatMap(List::stream))
                .isEmpty();
    }

    @Test
    void theGuardFileReplacesEarlierHeldOutLabels() {
        RoundLabels labels = new RoundLabels(
                List.of(), List.of(), List.of(), List.of(label(Label.Subset.HELD_OUT, 1, "an earlier label", true)));
        assertThat(RoundTexts.of(model, labels, NONE, LabelerShare.UNBOUNDED, 1, 1)
                        .earlier())
                .extracting(Example::source)
                .containsExactly(new LabeledText("an earlier label", true));
        LabeledText file = new LabeledText("of a file", false);
        assertThat(RoundTexts.of(model, labels, new GuardSet(List.of(), List.of(file)), LabelerShare.UNBOUNDED, 1, 1)
                        .guard())
                .extracting(Example::source)
                .containsExactly(file);
    }

    @Test
    void asManyEarlierTextsAreRehearsedAsTheRatioSays() {
        List<Label> earlier = IntStream.range(0, 3_000)
                .mapToObj(i -> label(Label.Subset.TRAIN, i, "earlier " + word(i), i % 2 == 0))
                .toList();
        List<Label> fresh = IntStream.range(0, 600)
                .mapToObj(i -> label(Label.Subset.TRAIN, 10_000 + i, "new " + word(i), i % 2 == 0))
                .toList();
        RoundLabels labels = new RoundLabels(fresh, earlier, List.of(), List.of());
        assertThat(RoundTexts.of(model, labels, NONE, LabelerShare.UNBOUNDED, 2, 1)
                        .rehearsedTrain())
                .hasSize(1_200);
        assertThat(RoundTexts.of(model, labels, NONE, LabelerShare.UNBOUNDED, 1, 1)
                        .rehearsedTrain())
                .as("computed from 1,000 new texts at least")
                .hasSize(1_000);
        assertThat(RoundTexts.of(model, labels, NONE, LabelerShare.UNBOUNDED, 0, 1)
                        .rehearsedTrain())
                .isEmpty();
        assertThat(RoundTexts.of(model, labels, NONE, LabelerShare.UNBOUNDED, 1, 1))
                .as("the same seed selects the same texts")
                .isEqualTo(RoundTexts.of(model, labels, NONE, LabelerShare.UNBOUNDED, 1, 1));
    }

    @Test
    void aRoundNeedsBothClassesInEverySubset() {
        RoundLabels labels = new RoundLabels(
                List.of(label(Label.Subset.TRAIN, 1, "good", true), label(Label.Subset.TRAIN, 2, "fine", true)),
                List.of(),
                List.of(),
                List.of());
        assertThat(RoundTexts.of(model, labels, NONE, LabelerShare.UNBOUNDED, 1, 1)
                        .lacking())
                .contains("there are 0 negative and 2 positive texts to train on: a round needs both; later"
                        + " rounds may rehearse them");
    }

    /** A label whose id falls into a subset. */
    private static Label label(Label.Subset subset, int seed, String text, boolean positive) {
        return IntStream.iterate(1_000 * seed, i -> i + 1)
                .mapToObj(i -> new Label(
                        "id" + i,
                        text,
                        positive ? Sentiment.POSITIVE : Sentiment.NEGATIVE,
                        Labeler.PERSON,
                        "a test",
                        Instant.EPOCH))
                .filter(label -> label.subset() == subset)
                .findFirst()
                .orElseThrow();
    }

    /** A word of syllables, which no text pipeline changes; another one for each number. */
    private static String word(int number) {
        return Integer.toString(number, 10)
                .chars()
                .mapToObj(digit -> "bdfgklmnps".charAt(digit - '0') + "o")
                .collect(Collectors.joining());
    }
}
