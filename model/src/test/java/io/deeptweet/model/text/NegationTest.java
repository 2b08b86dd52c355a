// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NegationTest {
    /** Tokens in a scope are written with a {@code -} before them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "this is good | this is good",
                "this is not good | this is not -good",
                "I don't like it | i do n't -like -it",
                "dont like it | do n't -like -it",
                "it isn't bad, wasn't bad | it is n't -bad -was n't -bad",
                "I can't wait | i can n't -wait",
                "I cannot wait | i can n't -wait",
                "no one likes it | no -one -likes -it",
                "never a b c d e f | never -a -b -c -d -e f",
                "not good! great | not -good ! great",
                "not good? great | not -good ? great",
                "not good but great | not -good but great",
                "not here because of you | not -here because of you",
                "not happy :( sad | not -happy :( sad",
                "not happy 😀 sad | not -happy 😀 sad",
                "not happy ☹ sad | not -happy ☹ sad",
                "not you <3 me | not -you <3 me",
                "not you </3 me | not -you </3 me",
                "not 5 for @you http://a.b c | not -<num> -for -<user> -<url> -c",
                "not a b never c d e f g h | not -a -b never -c -d -e -f -g h",
                "nothing café | nothing -cafe",
                "knot good | knot good",
            })
    void theTokensAfterANegationAreInItsScope(String text, String expected) {
        List<String> tokens = TextPipeline.deepTweet().tokens(text);
        boolean[] scope = Negation.scope(tokens);
        List<String> marked = new ArrayList<>();
        for (int i = 0; i < scope.length; i++) marked.add((scope[i] ? "-" : "") + tokens.get(i));
        assertThat(String.join(" ", marked)).isEqualTo(expected);
        assertThat(marks(text, TextPipeline.deepTweet())).isEqualTo(scope);
    }

    @ParameterizedTest
    @ValueSource(strings = {"paper-v1", "paper-v3"})
    void thePipelinesOfThePaperKeepNegationsToo(String name) {
        TextPipeline pipeline = TextPipeline.named(name);
        for (String stem : DeepTweetTokenizer.NEGATED) {
            String text = stem + "n't work";
            assertThat(Negation.scope(pipeline.tokens(text))).as(text).containsExactly(false, true);
            assertThat(marks(text, pipeline)).as(text).containsExactly(false, true);
        }
    }

    /** Every negation and every end, among words that only begin or end like one. */
    @Test
    void theScoringPathFindsTheSameScopes() {
        List<String> words = new ArrayList<>(Negation.NEGATIONS);
        words.addAll(Negation.ENDS);
        words.addAll(List.of("nots", "kno", "bu", "butt", "<url>", "<33", "!", "?", ":)", "^^", "-_-", "😀", "❤", "☹"));
        words.addAll(List.of("日本", "ñandú", "good", "a", "<", "<<", "'", "\u0645", "7th", "𝐀", "t_t"));
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            List<String> tokens = random.ints(random.nextInt(20), 0, words.size())
                    .mapToObj(words::get)
                    .toList();
            TokenBuffer buffer = new TokenBuffer();
            buffer.clear();
            for (String token : tokens) buffer.add(token.getBytes(StandardCharsets.UTF_8));
            assertThat(marks(buffer)).as("%s", tokens).isEqualTo(Negation.scope(tokens));
        }
    }

    private static boolean[] marks(String text, TextPipeline pipeline) {
        TokenBuffer buffer = new TokenBuffer();
        pipeline.read(text, 64, buffer);
        return marks(buffer);
    }

    private static boolean[] marks(TokenBuffer text) {
        int[] marks = new int[text.count() + 1];
        Arrays.fill(marks, 5);
        Negation.mark(text, 7, marks);
        assertThat(marks[text.count()]).isEqualTo(5);
        boolean[] scope = new boolean[text.count()];
        for (int i = 0; i < scope.length; i++) {
            assertThat(marks[i]).isIn(0, 7);
            scope[i] = marks[i] == 7;
        }
        return scope;
    }
}
