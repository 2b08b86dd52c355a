// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenNlpLanguageDetectorTest {
    private final LanguageDetector detector = new OpenNlpLanguageDetector();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | We waited two hours for the bus this morning and nobody told us why it was late",
                "de | Heute Morgen haben wir zwei Stunden auf den Bus gewartet und niemand wusste warum",
                "fr | Ce matin nous avons attendu le bus pendant deux heures et personne ne savait pourquoi",
                "es | Esta mañana esperamos el autobús durante dos horas y nadie sabía por qué tardaba tanto",
                "pt | Hoje de manhã esperamos o ônibus por duas horas e ninguém sabia por que estava atrasado",
                "it | Questa mattina abbiamo aspettato l'autobus per due ore e nessuno sapeva il perché",
                "tr | Bu sabah otobüsü iki saat bekledik ve kimse neden geç kaldığını bilmiyordu",
                "nl | Vanochtend hebben we twee uur op de bus gewacht en niemand wist waarom hij te laat was",
                "id | Tadi pagi kami menunggu bus selama dua jam dan tidak ada yang tahu kenapa terlambat",
                "ru | Сегодня утром мы два часа ждали автобус",
                "ar | انتظرنا الحافلة ساعتين هذا الصباح",
                "ja | 今朝はバスを二時間も待ちました",
                "ko | 오늘 아침에 버스를 두 시간 기다렸어요",
                "th | เช้านี้เรารอรถเมล์สองชั่วโมง",
            })
    void theLanguageOfASentenceIsDetected(String language, String text) {
        assertThat(detector.detect(text)).contains(language);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not bad at all",
                "lol",
                "omg yesss",
                "no no no",
                "Bon voyage!",
                "so sooooo gooood",
                "hahahahahahahahahahahahahahahahahahahahaha",
                "MAMA MIA",
                "Kamala Harris",
                "Messi Ronaldo Neymar Mbappe",
                "El Niño is back",
                "ur amazin luv u 2",
                "pls rt thx",
                "a de la",
                "new café in São Paulo",
                "what a day #كأس_العالم #サッカー",
                "@maría_lópez @señor_gómez thank you both",
                "one ☕ please",
            })
    void aShortEnglishTextIsNotCalledAnotherLanguage(String text) {
        assertThat(detector.detect(text).orElse("en")).isEqualTo("en");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "😀😀👍🏽👨‍👩‍👧",
                "https://example.com/das-ist-ein-langer-deutscher-artikel www.ejemplo.es/una-noticia-muy-larga",
                "@ana @joão_silva @müller",
                "#أهلا #добро_пожаловать",
                "12345 67:89",
                "\ud83d",
                "?!... :-) &amp;",
            })
    void aTextWithoutWordsHasNoLanguage(String text) {
        assertThat(detector.detect(text)).isEmpty();
    }

    @Test
    void addressesMentionsAndHashtagsDoNotCount() {
        assertThat(detector.detect("@juan RT: we really enjoyed the long walk along the river today #fútbol"
                        + " https://example.com/noticias/que-pasa-en-la-ciudad-esta-noche"))
                .contains("en");
    }

    @Test
    void aTextInJapaneseWithALatinNameIsJapanese() {
        assertThat(detector.detect("ChatGPTを使って作文を書いてみたhttps://example.com/a続き"))
                .contains("ja");
    }

    @Test
    void lettersOfOtherFontsAreReadAsLetters() {
        assertThat(
                        detector.detect(
                                "𝗪𝗲 𝗿𝗲𝗮𝗹𝗹𝘆 𝗲𝗻𝗷𝗼𝘆𝗲𝗱 𝘁𝗵𝗲 𝗹𝗼𝗻𝗴 𝘄𝗮𝗹𝗸 𝗮𝗹𝗼𝗻𝗴 𝘁𝗵𝗲 𝗿𝗶𝘃𝗲𝗿 𝘁𝗼𝗱𝗮𝘆"))
                .contains("en");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a", "ab", "haha ", "http://", "@a ", "&", "&a", "www.", "-_.@", "\ufdfa", "\ud83d", "😀", ":p xD "
            })
    void aLongTextCostsNoMoreThanItsStart(String part) {
        String text = part.repeat(100_000 / part.length());
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> IntStream.range(0, 200)
                        .forEach(run -> assertThat(detector.detect(text)).isEqualTo(detector.detect(start(text)))));
    }

    private static String start(String text) {
        return text.substring(0, OpenNlpLanguageDetector.LONGEST);
    }

    @Test
    void severalThreadsGetTheAnswersOfOne() {
        List<String> texts = List.of(
                "We waited two hours for the bus this morning and nobody told us why",
                "Esta mañana esperamos el autobús durante dos horas y nadie sabía por qué",
                "今朝はバスを二時間も待ちました",
                "lol");
        List<Optional<String>> expected = texts.stream().map(detector::detect).toList();
        assertThat(IntStream.range(0, 400).parallel().mapToObj(run -> detector.detect(texts.get(run % 4))))
                .isEqualTo(IntStream.range(0, 400)
                        .mapToObj(run -> expected.get(run % 4))
                        .toList());
    }
}
