// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Texts that nobody meant well, with the tokens that {@link TextPipeline#deepTweet()} finds in them. */
public final class HostileText {
    private HostileText() {}

    /** What it is, the text, its tokens. */
    public static Stream<Arguments> withTokens() {
        return Stream.of(
                of("nothing", ""),
                of("spaces", " \t\n\r\u00A0\u2003\u3000"),
                of("control characters", "a\u0000b\u0007c\u007Fd\u0085e", "a", "b", "c", "d", "e"),
                of("emoji", "😀😀😀😀 x🎉", "😀", "😀", "x", "🎉"),
                of(
                        "emoji with skin tone, variation selector and joiner",
                        "👍🏽 ❤️ 👩‍👩‍👧 1️⃣",
                        "👍",
                        "❤",
                        "👩",
                        "👩",
                        "👧",
                        "<num>"),
                of("flags", "🇺🇸🇫🇷 🇺", "🇺🇸", "🇫🇷", "🇺"),
                of("accents, composed and not", "Café cafe\u0301 ÀÉÎÕÜ İ ñ", "cafe", "cafe", "aeiou", "i", "n"),
                of("marks piled on a letter", "h" + "\u0316\u0321\u0300\u035C".repeat(50) + "i", "hi"),
                of("letters that only look different", "𝓗𝓮𝓵𝓵𝓸 Ｗｏｒｌｄ Ⓐ ﬁne", "hello", "world", "a", "fine"),
                of(
                        "mixed scripts",
                        "привет Ελλάδα 你好 한국어 नमस्ते ไทย",
                        "привет",
                        "ελλαδα",
                        "你好",
                        "한국어",
                        "नमस्ते",
                        "ไทย"),
                of("right to left", "\u202Eשלום\u202C مرحبا", "שלום", "مرحبا"),
                of("zero-width characters", "h\u200Ba\u200Cp\u200Dp\uFEFFy soft\u00ADly \u2060", "happy", "softly"),
                of("unpaired surrogates", "a\uD83Db\uDE00c \uDE00\uD83D", "a", "b", "c"),
                of("a replacement character", "caf\uFFFD", "caf"),
                of("ASCII art", "-=~ ]=- ~~~ ||| *** ___ $$$"),
                of("markup", "<script>alert('x')</script>", "script", "alert", "x", "script"),
                of("ten thousand letters", "a".repeat(10_000), "aa"),
                of("ten thousand exclamation marks", "!".repeat(10_000), "!", "!"),
                of("ten thousand apostrophes", "'".repeat(10_000)),
                of("ten thousand colons", ":".repeat(10_000)),
                of("ten thousand zero-width joiners", "\u200D".repeat(10_000)),
                of("ten thousand accents", "\u0301".repeat(10_000)),
                of("five thousand numbers in one", "1,".repeat(5_000), "<num>"),
                of("numbers that end as a word", "1,".repeat(2) + "1a", "<num>", "1a"),
                of("retweets of retweets", "RT @a: ".repeat(1_500) + "hey", "hey"),
                of("a long link", "http://" + "x".repeat(10_000), "<url>"));
    }

    /** Ten thousand and more characters of each kind that a pattern might choke on. */
    public static Stream<String> endless() {
        return Stream.concat(
                Stream.of(
                                "1,",
                                "1,1a",
                                "-",
                                "-_",
                                "^_",
                                ">_",
                                ":",
                                ":-",
                                ":d",
                                "t_",
                                "<3",
                                "</3",
                                "(",
                                "('",
                                "@",
                                "@a ",
                                "#",
                                "&",
                                "&amp;",
                                "&#1;",
                                "http://",
                                "www.",
                                "a.",
                                "a.com",
                                "a'",
                                "n't",
                                "rt @a ",
                                "\u0591\u05B0",
                                "\uFDFA",
                                "😀",
                                "🇺",
                                "\uD83D",
                                "\uDE00\uD83D",
                                "\u200D",
                                "e\u0301",
                                "한",
                                "ﷺ!")
                        .map(part -> part.repeat(10_000 / part.length() + 1)),
                new Random(7).longs(200).mapToObj(HostileText::random));
    }

    private static String random(long seed) {
        Random random = new Random(seed);
        int bits = random.nextInt(1, 17);
        char[] characters = new char[2_000];
        for (int i = 0; i < characters.length; i++) characters[i] = (char) random.nextInt(1 << bits);
        return new String(characters);
    }

    private static Arguments of(String what, String text, String... tokens) {
        List<String> expected = Arrays.asList(tokens);
        return Arguments.of(what, text, expected);
    }
}
