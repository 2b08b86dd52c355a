// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Compares {@link FusedTokenizer} with its definition, {@link DeepTweetTokenizer}. One thread at a time. */
final class TokenizerComparison {
    /** What decides between kinds of token; more of it than tweets contain. */
    private static final List<String> PARTS = List.of("""
            a· · · ·b·t·o·d·p·s·3·1·0·x·é·ñ·İ·ß·ﬁ·ﷺ·Å·K·日·한·नि·٣·𝟘·𝓗·²·Ⓐ·½·'·’·`·ʼ·\u0301·\u0591·\u20E3·\
            \u200D·\u200B·\uFE0F·🏽·\u00A0·\u1680·\u2028·\u3000·\u0085·\t·\n·\u0000·\uFFFD·!·?·!!!·¡·©·™·❤·\
            😀·😀😀·🇺·🇸·\uD83D·\uDE00·.·,·:·;·=·-·_·^·<·>·/·\\·|·*·(·)·[·]·{·}·~·#·@·&·+·$·%·"·http·https·://·\
            www.·.com·.net·.org·.ly·RT ·rt·@bob·@bob:·</3·<333·:)·:-(·=D·:'(·(:·):·^_^·-_-·>.<·t_t·o__O·\
            can·cannot·cant·don't·dont·won't·shouldn·'t·nt·n't·im·lets·youre·loooove·&amp;·&lt;·&gt;·\
            &quot;·&apos;·&nbsp;·&#39;·&#x1F600;·&#XD83D;·&#56832;·&#1234567;·&#12345678;·&#x;·&#;·amp;·\
            #x41;·1,000.5·10:30·2day""".split("·"));

    private final TokenBuffer tokens = new TokenBuffer();

    TokenBuffer tokens() {
        return tokens;
    }

    /** Compares all tokens of a text and its first three. */
    void compare(String text) {
        List<String> expected = DeepTweetTokenizer.of(text);
        compare(text, expected.subList(0, Math.min(3, expected.size())), 3);
        compare(text, expected, Integer.MAX_VALUE);
    }

    /** Cheap where the tokens are equal: a test compares hundreds of thousands of texts. */
    private void compare(String text, List<String> expected, int limit) {
        TextPipeline.deepTweet().read(text, limit, tokens);
        String joined = new String(tokens.utf8(), 0, tokens.length(), StandardCharsets.UTF_8);
        if (tokens.count() == expected.size() && joined.equals(String.join(" ", expected))) return;
        assertThat(IntStream.range(0, tokens.count()).mapToObj(tokens::text).toList())
                .as(() -> escaped(text))
                .isEqualTo(expected);
        assertThat(joined).as(() -> escaped(text)).isEqualTo(String.join(" ", expected));
    }

    private static String escaped(String text) {
        return text.chars()
                .mapToObj(c -> c >= ' ' && c < 0x7F ? Character.toString(c) : String.format("\\u%04X", c))
                .collect(Collectors.joining());
    }

    /** Compares a random text of 1 to 15 parts. */
    void compareRandomParts(long seed) {
        Random random = new Random(seed);
        compare(random.ints(random.nextInt(1, 16), 0, PARTS.size())
                .mapToObj(PARTS::get)
                .collect(Collectors.joining()));
    }

    /** Compares characters in the middle of a word, after a number and doubled. */
    void compareCharacters(int... codePoints) {
        StringBuilder text = new StringBuilder();
        for (int c : codePoints)
            text.append("a")
                    .appendCodePoint(c)
                    .append("b1")
                    .appendCodePoint(c)
                    .appendCodePoint(c)
                    .append(' ');
        compare(text.toString());
    }

    /** Compares the lines of a file, gzipped or not. They contain tweets, and other columns. */
    long compareLines(Path file, long limit) {
        try (InputStream in = Files.newInputStream(file);
                BufferedReader reader = new BufferedReader(new InputStreamReader(
                        file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8))) {
            long lines = 0;
            for (String line; lines < limit && (line = reader.readLine()) != null; lines++) compare(line);
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files of the folder of real tweets; the test is skipped without them. */
    static List<Path> realTweets() throws IOException {
        Path data = Path.of(System.getProperty("deeptweet.data", ""));
        assumeTrue(
                Files.isDirectory(data.resolve("sentiment140")),
                "there are no real tweets to compare: set the system property deeptweet.data to their folder");
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(file ->
                            Files.isRegularFile(file) && !file.toString().endsWith(".md"))
                    .toList();
        }
    }
}
