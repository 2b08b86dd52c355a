// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularyTest {
    private static final List<List<String>> TEXTS =
            List.of(List.of("b", "a", "c"), List.of("b", "a"), List.of("b", "😀"), List.of("d"));

    @Test
    void theMostFrequentWordsComeFirst() {
        Vocabulary vocabulary = Vocabulary.build(TEXTS.stream(), 5);
        assertThat(vocabulary.words()).containsExactly("b", "a", "c");
        assertThat(vocabulary.size()).isEqualTo(5);
        assertThat(vocabulary.rows(List.of("b", "a", "c", "d", "never"), 64))
                .containsExactly(2, 3, 4, Vocabulary.UNKNOWN, Vocabulary.UNKNOWN);
    }

    @Test
    void theOrderOfTheTextsDoesNotMatter() {
        List<List<String>> reversed = new ArrayList<>(TEXTS);
        Collections.reverse(reversed);
        assertThat(Vocabulary.build(reversed.stream(), 100).words())
                .isEqualTo(Vocabulary.build(TEXTS.stream(), 100).words());
    }

    @Test
    void onlyTheFirstTokensAreRead() {
        assertThat(Vocabulary.of(List.of("a")).rows(List.of("a", "b", "a"), 2)).containsExactly(2, 1);
    }

    @Test
    void aVocabularyIsReadAsItWasWritten() {
        for (List<String> words : List.of(List.<String>of(), List.of("a"), List.of("a", "😀", "한국어", "<url>"))) {
            assertThat(Vocabulary.fromBytes(Vocabulary.of(words).toBytes()).words())
                    .isEqualTo(words);
        }
    }

    @Test
    void invalidWordsAreRefused() {
        assertThatThrownBy(() -> Vocabulary.of(List.of("a", "a"))).hasMessageContaining("twice");
        assertThatThrownBy(() -> Vocabulary.of(List.of("a\nb"))).hasMessageContaining("line break");
        assertThatThrownBy(() -> Vocabulary.of(List.of(""))).hasMessageContaining("empty");
    }
}
