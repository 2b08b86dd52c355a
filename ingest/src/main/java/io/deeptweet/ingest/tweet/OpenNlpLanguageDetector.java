// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import opennlp.tools.langdetect.LanguageDetectorModel;
import opennlp.tools.ml.model.MaxentModel;

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

    /** UTF-16 units that are looked at first; the rest only if they are not surely English. */
    private static final int ENOUGH = 60;

    /**
     * How strong the evidence must be: the logarithm of the probabilities' ratio is a mean over the n-grams, so it is
     * multiplied by the number of letters. Chosen on tweets: docs/sources.md.
     */
    private static final double STRONG_EVIDENCE = 20;

    /** Share of letters of other scripts from which a text is not English. */
    private static final double OTHER_SCRIPT = 0.3;

    private static final String ENGLISH = "en";

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

    /** The model's languages, loaded when they are first used. */
    private static final class Loaded {
        private static final MaxentModel MODEL = load();
        /** By the model's numbers; null for a language that is left out. */
        private static final String[] CODES = IntStream.range(0, MODEL.getNumOutcomes())
                .mapToObj(number -> LANGUAGES.get(MODEL.getOutcome(number)))
                .toArray(String[]::new);

        private static final int ENGLISH = MODEL.getIndex("eng");

        private static MaxentModel load() {
            try (InputStream in = LanguageDetectorModel.class.getResourceAsStream("/langdetect-183.bin")) {
                if (in == null) throw new IllegalStateException("the jar opennlp-models-langdetect is missing");
                return new LanguageDetectorModel(in).getMaxentModel();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public Optional<String> detect(String text) {
        String words = words(text);
        boolean startsInEnglish = words.length() > ENOUGH
                && detectIn(start(words, ENOUGH)).filter(ENGLISH::equals).isPresent();
        return startsInEnglish ? Optional.of(ENGLISH) : detectIn(words);
    }

    private static Optional<String> detectIn(String words) {
        int letters = 0;
        int others = 0;
        for (int at = 0; at < words.length(); at += Character.charCount(words.codePointAt(at))) {
            int character = words.codePointAt(at);
            if (!Character.isLetter(character)) continue;
            letters++;
            if (isInOtherScript(character)) others++;
        }
        if (letters == 0) return Optional.empty();
        double[] probabilities = Loaded.MODEL.eval(grams(words));
        int best = best(probabilities, -1);
        boolean english = best == Loaded.ENGLISH;
        double rival = probabilities[english ? best(probabilities, best) : Loaded.ENGLISH];
        double evidence = letters * Math.log(probabilities[best] / rival);
        boolean sure = others < OTHER_SCRIPT * letters ? evidence >= STRONG_EVIDENCE : !english;
        return sure ? Optional.of(Loaded.CODES[best]) : Optional.empty();
    }

    private static int best(double[] probabilities, int except) {
        int best = -1;
        for (int i = 0; i < probabilities.length; i++)
            if (i != except && Loaded.CODES[i] != null && (best < 0 || probabilities[i] > probabilities[best]))
                best = i;
        return best;
    }

    /** The different sequences of one to three UTF-16 units, which are the model's features. */
    private static String[] grams(String words) {
        String lower = words.toLowerCase(Locale.ROOT);
        Set<String> grams = new HashSet<>(6 * lower.length());
        for (int start = 0; start < lower.length(); start++)
            for (int end = start + 1; end <= Math.min(start + 3, lower.length()); end++)
                grams.add(lower.substring(start, end));
        return grams.toArray(String[]::new);
    }

    /** The words of a text, without addresses, mentions, hashtags, which are often foreign, and digits. */
    private static String words(String text) {
        String plain =
                Normalizer.normalize(start(text, LONGEST), Normalizer.Form.NFKC); // letters of other widths and fonts
        String prose = NO_WORDS.matcher(start(plain, LONGEST)).replaceAll(" ");
        return STRETCHED.matcher(prose).replaceAll("$1$1").strip();
    }

    private static String start(String text, int length) {
        return text.substring(0, Math.min(text.length(), length));
    }

    private static boolean isInOtherScript(int character) {
        UnicodeScript script = UnicodeScript.of(character);
        return Character.isLetter(character) && script != UnicodeScript.LATIN && script != UnicodeScript.COMMON;
    }
}
