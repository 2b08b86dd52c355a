// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LabelerShareTest {
    @Test
    void noLabellerHasMoreThanTheShareOfWhatRemains() {
        assertThat(bounded(0.5, Map.of("a", 1_000, "b", 200))).isEqualTo(Map.of("a", 200L, "b", 200L));
        assertThat(bounded(0.5, Map.of("a", 1_000, "b", 200, "c", 300)))
                .isEqualTo(Map.of("a", 500L, "b", 200L, "c", 300L));
        assertThat(bounded(0.25, Map.of("a", 50, "b", 50, "c", 50, "d", 10, "e", 10)))
                .isEqualTo(Map.of("a", 20L, "b", 20L, "c", 20L, "d", 10L, "e", 10L));
        assertThat(bounded(1, Map.of("a", 1_000, "b", 1))).isEqualTo(Map.of("a", 1_000L, "b", 1L));
    }

    @Test
    void withFewerLabellersAllMayHaveTheSameNumber() {
        assertThat(bounded(0.1, Map.of("a", 1_000))).isEqualTo(Map.of("a", 1_000L));
        assertThat(bounded(0.1, Map.of("a", 1_000, "b", 10))).isEqualTo(Map.of("a", 10L, "b", 10L));
    }

    @Test
    void textsOfTheOperatorAreNotBounded() {
        assertThat(bounded(0.5, Map.of("", 1_000, "a", 300, "b", 5))).isEqualTo(Map.of("", 1_000L, "a", 300L, "b", 5L));
    }

    @Test
    void aNameIsTheSameInOtherLettersAndWithSpaces() {
        List<Label> labels = List.of(label("A ", 1), label("a", 2), label("b", 3));
        assertThat(LabelerShare.labelers(labels)).isEqualTo(2);
        assertThat(new LabelerShare(0.5, 1).bounded(labels))
                .extracting(Label::id)
                .containsExactly("1", "3");
    }

    /** Names that the sender of a request has invented. */
    @Test
    void namesBehindTheSenderDoNotMakeMoreLabellers() {
        List<Label> labels = List.of(label("POST /labels: a", 1), label("POST /labels: b", 2), label("ada: rule", 3));
        assertThat(LabelerShare.labelers(labels)).isEqualTo(2);
        assertThat(new LabelerShare(0.5, 1).bounded(labels))
                .extracting(Label::id)
                .containsExactly("1", "3");
    }

    @Test
    void nonsenseIsRefused() {
        for (double wrong : new double[] {0, 1.1, Double.NaN})
            assertThatThrownBy(() -> new LabelerShare(wrong, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LabelerShare(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(LabelerShare.UNBOUNDED.bounded(List.of())).isEmpty();
    }

    private static Map<String, Long> bounded(double share, Map<String, Integer> given) {
        List<Label> labels = new ArrayList<>();
        given.forEach((name, count) -> {
            for (int i = 0; i < count; i++) labels.add(label(name, labels.size()));
        });
        return new LabelerShare(share, 1)
                .bounded(labels).stream()
                        .collect(Collectors.groupingBy(Label::by, TreeMap::new, Collectors.counting()));
    }

    private static Label label(String by, int id) {
        return new Label(Integer.toString(id), "text", Sentiment.POSITIVE, Labeler.PERSON, by, Instant.EPOCH);
    }
}
