// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deeptweet.model.HostileText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The fast tokenizer finds what the readable one defines. */
class FusedTokenizerTest {
    /** What decides between tokens; more of it than tweets hold. */
    private static final List<String> PARTS = List.of(
            " ",
            " ",
            " ",
            "a",
            "b",
            "t",
            "o",
            "d",
            "p",
            "s",
            "3",
            "1",
            "0",
            "x",
            "é",
            "ñ",
            "İ",
            "ß",
            "ﬁ",
            "ﷺ",
            "Å",
            "K",
            "日",
            "한",
            "नि",
            "٣",
            "𝟘",
            "𝓗",
            "²",
            "Ⓐ",
            "½",
            "'",
            "’",
            "`",
            "ʼ",
            "\u0301",
            "\u0591",
            "\u20E3",
            "\u200D",
            "\u200B",
            "\uFE0F",
            "🏽",
            "\u00A0",
            "\u1680",
            "\u2028",
            "\u3000",
            "\u0085",
            "\t",
            "\n",
            "\u0000",
            "\uFFFD",
            "!",
            "?",
            "!!!",
            "¡",
            "©",
            "™",
            "❤",
            "😀",
            "😀😀",
            "🇺",
            "🇸",
            "\uD83D",
            "\uDE00",
            ".",
            ",",
            ":",
            ";",
            "=",
            "-",
            "_",
            "^",
            "<",
            ">",
            "/",
            "\\",
            "|",
            "*",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "~",
            "#",
            "@",
            "&",
            "+",
            "$",
            "%",
            "\"",
            "http",
            "https",
            "://",
            "www.",
            ".com",
            ".net",
            ".org",
            ".ly",
            "RT ",
            "rt",
            "@bob",
            "@bob:",
            "</3",
            "<333",
            ":)",
            ":-(",
            "=D",
            ":'(",
            "(:",
            "):",
            "^_^",
            "-_-",
            ">.<",
            "t_t",
            "o__O",
            "can",
            "cannot",
            "cant",
            "don't",
            "dont",
            "won't",
            "shouldn",
            "'t",
            "nt",
            "n't",
            "im",
            "lets",
            "youre",
            "loooove",
            "&amp;",
            "&lt;",
            "&gt;",
            "&quot;",
            "&apos;",
            "&nbsp;",
            "&#39;",
            "&#x1F600;",
            "&#XD83D;",
            "&#56832;",
            "&#1234567;",
            "&#12345678;",
            "&#x;",
            "&#;",
            "amp;",
            "#x41;",
            "1,000.5",
            "10:30",
            "2day");

    private final Tokens tokens = new Tokens();

    private void compare(String text) {
        compare(text, Integer.MAX_VALUE);
        compare(text, 3);
    }

    private void compare(String text, int most) {
        TextPipeline.deepTweet().read(text, most, tokens);
        List<String> expected = DeepTweetTokens.of(text).stream().limit(most).toList();
        assertThat(IntStream.range(0, tokens.count()).mapToObj(tokens::text).toList())
                .as(() -> escaped(text))
                .isEqualTo(expected);
        assertThat(new String(tokens.utf8(), 0, tokens.length(), StandardCharsets.UTF_8))
                .isEqualTo(String.join(" ", expected));
    }

    private static String escaped(String text) {
        return text.chars()
                .mapToObj(c -> c >= ' ' && c < 0x7F ? Character.toString(c) : String.format("\\u%04X", c))
                .collect(Collectors.joining());
    }

    @Test
    void textsMadeOfWhatDecidesHaveTheSameTokens() {
        for (long seed = 0; seed < 100_000; seed++) {
            Random random = new Random(seed);
            compare(random.ints(random.nextInt(1, 16), 0, PARTS.size())
                    .mapToObj(PARTS::get)
                    .collect(Collectors.joining()));
        }
    }

    @Test
    void pairsAndTriplesOfAsciiHaveTheSameTokens() {
        for (char a = 0; a < 0x80; a++) {
            for (char b = 0; b < 0x80; b++) compare("x" + a + b + a + b + " " + a + b + "\n" + b + a + a + "1");
        }
        String some = " at_o3':;=-^.<>()/!@";
        for (char a : some.toCharArray())
            for (char b : some.toCharArray())
                for (char c : some.toCharArray()) for (char d : some.toCharArray()) compare("" + a + b + c + d);
    }

    @Test
    void everyCharacterFoldsTheSame() {
        for (int from = 0; from <= Character.MAX_CODE_POINT; from += 16) {
            StringBuilder text = new StringBuilder();
            for (int c = from; c < from + 16; c++)
                text.append("a")
                        .appendCodePoint(c)
                        .append("b1")
                        .appendCodePoint(c)
                        .appendCodePoint(c)
                        .append(' ');
            compare(text.toString(), Integer.MAX_VALUE);
        }
    }

    @Test
    void hostileTextsHaveTheSameTokens() {
        HostileText.withTokens().map(arguments -> (String) arguments.get()[1]).forEach(this::compare);
        HostileText.endless().forEach(this::compare);
    }

    @Test
    void randomCharactersHaveTheSameTokens() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            int bits = random.nextInt(5, 17);
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) text.append((char) random.nextInt(1 << bits));
            compare(text.toString());
        }
    }

    @Test
    void allRealTweetsHaveTheSameTokens() throws IOException {
        Path data = Path.of(System.getProperty("deeptweet.data", ""));
        assumeTrue(
                Files.isDirectory(data.resolve("sentiment140")),
                "real tweets are not here (system property deeptweet.data): not compared on them");
        List<Path> files;
        try (Stream<Path> all = Files.walk(data)) {
            files = all.filter(file ->
                            Files.isRegularFile(file) && !file.toString().endsWith(".md"))
                    .toList();
        }
        long lines = 0;
        for (Path file : files) {
            InputStream in = Files.newInputStream(file);
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                    file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8))) {
                for (String line; (line = reader.readLine()) != null; lines++)
                    compare(line, Integer.MAX_VALUE); // whole lines hold the tweets, and more
            }
        }
        System.out.println("compared " + lines + " lines of " + files.size() + " files");
    }

    @Test
    void theOtherPipelinesReadTheirTokensToo() {
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
    void aLongTextLeavesNoLongMemory() {
        compare("long ".repeat(100_000), 5);
        compare("日本!".repeat(100_000), Integer.MAX_VALUE);
        TextPipeline.deepTweet().read("short", 5, tokens);
        assertThat(tokens.utf8().length).isLessThanOrEqualTo(1 << 16);
        assertThat(tokens.folded.length).isLessThanOrEqualTo(1 << 16);
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
