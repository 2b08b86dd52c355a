// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/**
 * Detects languages with Apache OpenNLP's model of character n-grams. It is built to lose no English text: a text is
 * called another language only if the evidence against English is strong, or if much of it is in another script than
 * Latin. Which of two similar languages it is, such as Croatian and Serbian, is less sure.
 *
 * <p>The model is loaded at the first text.
 *
 * @see <a href="https://opennlp.apache.org/docs/2.5.7/manual/opennlp.html#tools.langdetect">OpenNLP's manual</a>
 */
public final class OpenNlpLanguageDetector implements LanguageDetector {
    /** Most UTF-16 units of a text that are looked at. */
    static final int LONGEST = 500;

    /**
     * How strong the evidence must be: the logarithm of the probabilities' ratio is a mean over the n-grams, so it is
     * multiplied by the number of letters. Chosen on tweets: docs/sources.md.
     */
    private static final double STRONG_EVIDENCE = 20;

    /** Share of letters of other scripts from which a text is not English. */
    private static final double OTHER_SCRIPT = 0.3;

    private static final String ENGLISH = "eng";

    /** The languages that X names, which are those of most posts, by the model's codes. Malay counts as Indonesian. */
    private static final Map<String, String> LANGUAGES = Arrays.stream("""
            ara:ar ben:bn bos:bs bul:bg cat:ca ces:cs cmn:zh cym:cy dan:da deu:de ekk:et ell:el eng:en est:et eus:eu
            fas:fa fin:fi fra:fr guj:gu heb:he hin:hi hrv:hr hun:hu hye:hy ind:id isl:is ita:it jpn:ja kan:kn kat:ka
            kor:ko lav:lv lit:lt lvs:lv mal:ml mar:mr mon:mn msa:id nep:ne nld:nl nno:no nob:no pan:pa pes:fa pol:pl
            por:pt ron:ro rus:ru sin:si slk:sk slv:sl spa:es srp:sr swe:sv tam:ta tel:te tgl:tl tha:th tur:tr ukr:uk
            urd:ur vie:vi""".split("\\s+"))
            .map(pair -> pair.split(":"))
            .collect(toUnmodifiableMap(pair -> pair[0], pair -> pair[1]));

    private static final Pattern NO_WORDS =
            Pattern.compile("^RT @\\w++|https?://[!-~]++|www\\.[!-~]++|[@#＃][\\p{L}\\p{M}\\p{N}_.]++|&\\w{2,8};|\\d");

    /** The same one to three letters three times or more, as in "sooo" and "hahaha". */
    private static final Pattern STRETCHED = Pattern.compile("(?iu)(\\p{L}{1,3}?)\\1{2,}+");

    /** Loads the model when it is first used. */
    private static final class Loaded {
        private static final LanguageDetectorME MODEL = load();

        private static LanguageDetectorME load() {
            try (InputStream in = LanguageDetectorME.class.getResourceAsStream("/langdetect-183.bin")) {
                if (in == null) throw new IllegalStateException("the jar opennlp-models-langdetect is missing");
                return new LanguageDetectorME(new LanguageDetectorModel(in));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public Optional<String> detect(String text) {
        String words = words(text);
        long letters = words.codePoints().filter(Character::isLetter).count();
        if (letters == 0) return Optional.empty();
        List<Language> ranked = Arrays.stream(Loaded.MODEL.predictLanguages(words))
                .filter(language -> LANGUAGES.containsKey(language.getLang()))
                .toList();
        Language best = ranked.get(0);
        boolean english = best.getLang().equals(ENGLISH);
        boolean latin = words.codePoints()
                        .filter(OpenNlpLanguageDetector::isInOtherScript)
                        .count()
                < OTHER_SCRIPT * letters;
        boolean sure = latin ? letters * lead(ranked, english) >= STRONG_EVIDENCE : !english;
        return sure ? Optional.of(LANGUAGES.get(best.getLang())) : Optional.empty();
    }

    /** How far the best is ahead of English, or English of the second: the logarithm of the probabilities' ratio. */
    private static double lead(List<Language> ranked, boolean english) {
        double rival = ranked.stream()
                .skip(1)
                .filter(language -> english || language.getLang().equals(ENGLISH))
                .findFirst()
                .orElseThrow()
                .getConfidence();
        return Math.log(ranked.get(0).getConfidence() / rival);
    }

    /** The words of a text, without addresses, mentions, hashtags, which are often foreign, and digits. */
    private static String words(String text) {
        String plain = Normalizer.normalize(start(text), Normalizer.Form.NFKC); // letters of other widths and fonts
        String prose = NO_WORDS.matcher(start(plain)).replaceAll(" ");
        return STRETCHED.matcher(prose).replaceAll("$1$1").strip();
    }

    private static String start(String text) {
        return text.substring(0, Math.min(text.length(), LONGEST));
    }

    private static boolean isInOtherScript(int character) {
        UnicodeScript script = UnicodeScript.of(character);
        return Character.isLetter(character) && script != UnicodeScript.LATIN && script != UnicodeScript.COMMON;
    }
}
