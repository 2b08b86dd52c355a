// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.deeptweet.model.HostileText;
import io.deeptweet.model.RandomModels;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.score.Score;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostileTextTest {
    private static final ModelArtefact MODEL =
            RandomModels.withHeads(2, List.of("a", "hi", "x", "😀", "cafe", "!", "<url>", "hey"), 6, 5, 64, 1);
    private static final KernelScorer KERNEL = KernelScorer.of(MODEL);

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.deeptweet.model.HostileText#withTokens")
    void everyTextHasItsTokens(String what, String text, List<String> tokens) {
        assertThat(TextPipeline.deepTweet().tokens(text)).isEqualTo(tokens);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.deeptweet.model.HostileText#withTokens")
    void everyTextHasItsScore(String what, String text, List<String> tokens) {
        Score score = KERNEL.score(text); // which holds probabilities only
        if (tokens.isEmpty()) assertThat(score).isEqualTo(KERNEL.score(""));
    }

    /**
     * The limit is five seconds where milliseconds are expected. A pattern that backtracks, or quadratic time, takes
     * minutes or overflows the stack.
     */
    @Test
    void noTextTakesLongInAnyPipeline() {
        for (String name : TextPipeline.names()) {
            TextPipeline pipeline = TextPipeline.named(name);
            HostileText.endless().forEach(text -> {
                List<String> tokens = assertTimeoutPreemptively(
                        Duration.ofSeconds(5), () -> pipeline.tokens(text), name + " on " + text.substring(0, 8));
                assertThat(tokens.stream().filter(token -> token.isEmpty() || hasWhiteSpace(token)))
                        .as(name)
                        .isEmpty();
            });
        }
    }

    @Test
    void wordsAreTheirOwnTokens() {
        HostileText.withTokens().map(text -> (String) text.get()[1]).forEach(text -> {
            List<String> words = TextPipeline.deepTweet().tokens(text).stream()
                    .filter(token -> Character.isLetter(token.codePointAt(0)))
                    .toList();
            assertThat(TextPipeline.deepTweet().tokens(String.join(" ", words))).isEqualTo(words);
        });
    }

    private static boolean hasWhiteSpace(String token) {
        return token.chars().anyMatch(Character::isWhitespace);
    }
}
