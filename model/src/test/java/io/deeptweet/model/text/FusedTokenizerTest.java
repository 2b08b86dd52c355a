// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.model.HostileText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The fast tokenizer finds the tokens that the readable one defines. {@link FusedTokenizerSweepIT} does the same on all
 * characters and all real tweets.
 */
class FusedTokenizerTest {
    private final TokenizerComparison comparison = new TokenizerComparison();
    private final TokenBuffer tokens = comparison.tokens();

    @Test
    void randomTextsOfTokenPartsHaveTheSameTokens() {
        for (long seed = 0; seed < 20_000; seed++) comparison.compareRandomParts(seed);
    }

    @Test
    void pairsAndTriplesOfAsciiHaveTheSameTokens() {
        for (char a = 0; a < 0x80; a++) {
            for (char b = 0; b < 0x80; b++)
                comparison.compare("x" + a + b + a + b + " " + a + b + "\n" + b + a + a + "1");
        }
        String some = " at_o3':;=-^.<>()/!@";
        for (char a : some.toCharArray())
            for (char b : some.toCharArray())
                for (char c : some.toCharArray())
                    for (char d : some.toCharArray()) comparison.compare("" + a + b + c + d);
    }

    /** Ideographs and Hangul syllables differ only in their code points, so every sixteenth of them is enough here. */
    @Test
    void everyAssignedCharacterHasTheSameTokens() {
        int[] characters = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(c -> isOneOfManyAlike(c) ? c % 16 == 0 : Character.isDefined(c))
                .toArray();
        for (int from = 0; from < characters.length; from += 16)
            comparison.compareCharacters(Arrays.copyOfRange(characters, from, Math.min(from + 16, characters.length)));
    }

    private static boolean isOneOfManyAlike(int codePoint) {
        return Character.isIdeographic(codePoint)
                || !Character.isDefined(codePoint)
                || Character.getType(codePoint) == Character.PRIVATE_USE
                || Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.HANGUL;
    }

    @Test
    void hostileTextsHaveTheSameTokens() {
        HostileText.withTokens().map(arguments -> (String) arguments.get()[1]).forEach(comparison::compare);
        HostileText.endless().forEach(comparison::compare);
    }

    @Test
    void randomCharactersHaveTheSameTokens() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            int bits = random.nextInt(5, 17);
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) text.append((char) random.nextInt(1 << bits));
            comparison.compare(text.toString());
        }
    }

    @Test
    void realTweetsHaveTheSameTokens() throws IOException {
        for (Path file : TokenizerComparison.realTweets()) comparison.compareLines(file, 500);
    }

    @Test
    void theOtherPipelinesWriteTheirTokensToTheBuffer() {
        for (String name : TextPipeline.names()) {
            TextPipeline pipeline = TextPipeline.named(name);
            for (String text :
                    List.of("", "I don't like this café #sad, 24/7 http://t.co/x", "one two three four five")) {
                pipeline.read(text, 4, tokens);
                assertThat(IntStream.range(0, tokens.count())
                                .mapToObj(tokens::text)
                                .toList())
                        .as(name)
                        .isEqualTo(pipeline.tokens(text).stream().limit(4).toList());
            }
        }
    }

    @Test
    void theMemoryOfALongTextIsFreed() {
        comparison.compare("long ".repeat(20_000));
        comparison.compare("日本!".repeat(20_000));
        assertThat(tokens.utf8().length).isGreaterThan(TokenBuffer.KEPT_CAPACITY);
        TextPipeline.deepTweet().read("short", 5, tokens);
        assertThat(tokens.utf8().length).isLessThanOrEqualTo(TokenBuffer.KEPT_CAPACITY);
        assertThat(tokens.tokenizer().text.characters().length).isLessThanOrEqualTo(TokenBuffer.KEPT_CAPACITY);
    }

    @Test
    void aVocabularyFindsTheRowsOfTokensInUtf8() {
        Random random = new Random(2);
        List<String> words = IntStream.range(0, 3_000)
                .mapToObj(i -> Integer.toString(random.nextInt(1 << 24) + i, 36) + (i % 7 == 0 ? "日" : ""))
                .distinct()
                .toList();
        Vocabulary vocabulary = Vocabulary.of(words);
        for (int i = 0; i < words.size(); i += 3) {
            tokens.clear();
            for (String token : List.of(words.get(i), words.get(i) + "x", "never"))
                tokens.add(token.getBytes(StandardCharsets.UTF_8));
            for (int token = 0; token < 3; token++)
                assertThat(vocabulary.row(tokens, token)).isEqualTo(vocabulary.row(tokens.text(token)));
        }
        tokens.clear();
        tokens.add("a".getBytes(StandardCharsets.UTF_8));
        assertThat(Vocabulary.of(List.of()).row(tokens, 0)).isEqualTo(Vocabulary.UNKNOWN);
    }
}
