// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextPipelineTest {
    private final TextPipeline pipeline = TextPipeline.deepTweet();

    private void reads(String text, String tokens) {
        assertThat(pipeline.tokens(text))
                .as(text)
                .isEqualTo(tokens.isEmpty() ? List.of() : Arrays.asList(tokens.split(" ")));
    }

    @Test
    void theExampleInTheDocumentationIsTrue() {
        String text = "RT @bob: I can't waaaait &lt;3 #GoodFriday!!!! http://t.co/x 😀";
        reads(text, "i can n't waait <3 goodfriday ! ! <url> 😀");
        assertThat(String.join(" ", TextPipeline.deepTweet2().tokens(text)))
                .isEqualTo("i can n't waait <3 good friday ! ! <url> 😀");
        assertThat(TextPipeline.paperV1().tokens(text)).containsExactly("rt", "cant", "waaaait", "lt", "goodfriday");
        assertThat(TextPipeline.paperV3().tokens(text))
                .containsExactly("rt", "i", "cant", "waaaait", "lt3", "goodfriday");
    }

    @Test
    void thePapersCleaningsDifferInStopWordsAndDigits() {
        String text = "@bob I don't like this café #sad, 24/7 http://t.co/x www.x.org";
        assertThat(TextPipeline.paperV1().tokens(text)).containsExactly("dont", "like", "caf", "sad");
        assertThat(TextPipeline.paperV3().tokens(text))
                .containsExactly("i", "dont", "like", "this", "caf", "sad", "247");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RT @bob: ", "rt @bob ", "RT @bob: RT @eve_1: ", "  RT   @bob:"})
    void aRetweetIsScoredLikeItsOriginal(String prefix) {
        assertThat(pipeline.tokens(prefix + "I love it!")).isEqualTo(pipeline.tokens("I love it!"));
    }

    @Test
    void aRetweetPrefixInTheMiddleIsText() {
        reads("so true RT @bob: yes", "so true rt <user> yes");
    }

    @ParameterizedTest
    @CsvSource({
        "don't, do n't",
        "DONT, do n't",
        "don’t, do n't",
        "don`t, do n't",
        "can't, can n't",
        "cannot, can n't",
        "cant, can n't",
        "won't, will n't",
        "didnt, did n't",
        "ain't, ai n't",
        "ISN'T, is n't",
        "not, not",
        "paint, paint",
        "wont, will n't",
        "I'm, i'm",
        "im, i'm",
        "we're, we're",
        "ill, ill"
    })
    void aNegationIsATokenOfItsOwn(String text, String tokens) {
        reads(text, tokens);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "->",
            quoteCharacter = '~',
            value = {
                ":) -> :)",
                ":-) -> :)",
                "=) -> :)",
                ":))))) -> :)",
                "(: -> :)",
                ":] -> :)",
                ":( -> :(",
                ":-( -> :(",
                ":[ -> :(",
                "): -> :(",
                ";-) -> ;)",
                ":D -> :d",
                ":-D -> :d",
                "=D -> :d",
                ":P -> :p",
                ":/ -> :/",
                ":-\\ -> :/",
                ":'( -> :'(",
                ":O -> :o",
                ":* -> :*",
                ":| -> :|",
                "<3 -> <3",
                "<33333 -> <3",
                "</3 -> </3",
                "&lt;3 -> <3",
                "-_- -> -_-",
                "-___- -> -_-",
                "^_^ -> ^^",
                ">.< -> >.<",
                "T_T -> t_t",
                "T___T -> t_t",
                "o_O -> o_o",
                "nice:) -> nice :)",
                ":':) -> :)",
                "note:done -> note done",
                "10:30 -> <num>"
            })
    void variantsOfAnEmoticonAreOneToken(String text, String tokens) {
        reads(text, tokens);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://t.co/abc | <url>",
                "HTTPS://X.org/?a=1&b=2 | <url>",
                "see www.example.com now | see <url> now",
                "twitpic.com/4x | <url>",
                "bit.ly/4x! | <url>",
                "@Bob_1 hi | <user> hi",
                ".@bob | <user>",
                "me@home.org | me <url>",
                "1,000.50 | <num>",
                "50% | <num>",
                "gr8 2day b4 3pm | gr8 2day b4 3pm",
                "#Happy #2day | happy 2day",
                "so...sad | so sad",
                "well-known | well known",
                "what?!? | what ? ! ?",
                "wow!!!!! | wow ! !",
                "looooove | loove",
                "loove | loove",
                "love | love"
            })
    void linksMentionsNumbersAndWordsHaveTheirTokens(String text, String tokens) {
        reads(text, tokens);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "&amp;&quot;&apos;&nbsp;x | x",
                "&#9829; &#x2665; | ♥ ♥",
                "&amp;lt;3 | lt ;3",
                "&unknown; | unknown",
                "&#99999999; &#x110000; &#xD800;x | <num> x"
            })
    void entitiesAreUnescapedOnce(String text, String tokens) {
        reads(text, tokens);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "->",
            value = {
                "#NotGood #ILoveThis -> not good i love this",
                "#NHSHeroes #USA -> nhs heroes usa",
                "#WorldCup2022 #covid19 -> world cup <num> covid <num>",
                "#iPhone #notgood #web3 -> iphone notgood web3",
                "#DontCare -> do n't care",
                "#FeelGood! #TGIFSoHappy :) -> feel good ! tgif so happy :)",
                "#Été2020 #ÉtéÀParis -> ete <num> ete a paris",
                "#日本Go2go -> 日本go2go",
                "C#NotGood &#39;NotGood x#A1B2 -> c notgood notgood x a1b2",
                "# #_ #3 #1000 ## -> <num> <num>",
                "https://a.com/#NotGood www.a.com/?q=#SoBad (#NotGood -> <url> <url> notgood",
                "http://t.co/a.#LoveIt -> <url>",
                "#NotGood#SoBad ＃TooLate -> not good so bad too late",
                "#Can'tWait #IDon’tCare -> can n't wait i do n't care",
                "#TVs #DMsOpen #USAToday -> tvs dms open usa today",
                "#Cafe\u0301Good -> cafe good",
                "#A_ReallyBAD_Day -> a really bad day"
            })
    void aHashtagIsSplitIntoItsWords(String text, String tokens) {
        readsInTheSecondPipeline(text, tokens);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "->",
            value = {
                "🤷🏽\u200D♀️ no -> 🤷 no",
                "👨\u200D👩\u200D👧\u200D👦! -> 👨 !",
                "❤️\u200D🔥❤️\u200D🔥 -> ❤ ❤",
                "🏳️\u200D🌈 🏴\u200D☠️ 🙂\u200D↔️ -> 🏳 🏴 🙂",
                "👩🏾\u200D❤️\u200D💋\u200D👨🏻 x -> 👩 x",
                "a\u200D🔥 1\u200D2 😀\u200Da 😀\u200D \u200D🔥 -> a 🔥 <num> 😀 a 😀 🔥",
                "👍🏽👍🏿 -> 👍 👍",
                "🫡\u200D🫡🫠 -> 🫡 🫠",
                "→\u200D😡 😀\u200D🇺🇸 -> 😡 😀 🇺🇸"
            })
    void anEmojiSequenceIsItsFirstEmoji(String text, String tokens) {
        readsInTheSecondPipeline(text, tokens);
    }

    private static void readsInTheSecondPipeline(String text, String tokens) {
        TextPipeline second = TextPipeline.deepTweet2();
        assertThat(String.join(" ", second.tokens(text))).isEqualTo(tokens);
        TokenBuffer buffer = new TokenBuffer();
        second.read(text, 64, buffer);
        assertThat(new String(buffer.utf8(), 0, buffer.length(), StandardCharsets.UTF_8))
                .isEqualTo(tokens);
    }

    @Test
    void anUnknownNameIsRefusedWithAListOfTheNames() {
        assertThatThrownBy(() -> TextPipeline.named("bert"))
                .hasMessage("there is no text pipeline bert: use deeptweet, deeptweet-2, paper-v1, paper-v3");
        assertThat(TextPipeline.names())
                .allSatisfy(name -> assertThat(TextPipeline.named(name).name()).isEqualTo(name));
    }
}
