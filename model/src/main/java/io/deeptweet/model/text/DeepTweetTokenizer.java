// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The readable definition of {@link TextPipeline#deepTweet()}. The scoring path uses {@link FusedTokenizer}, which must
 * find the same tokens.
 */
final class DeepTweetTokenizer {
    // All quantifiers are possessive: no pattern backtracks, so hostile text takes no longer than other text.

    private static final Pattern ENTITY =
            Pattern.compile("&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));");
    private static final Map<String, String> ENTITIES =
            Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "nbsp", " ");

    private static final Pattern RETWEET = Pattern.compile("\\s*+(?:rt\\s++@\\w++:?+\\s*+)++");

    /**
     * A kind of token.
     *
     * @param pattern what it looks like in folded text
     * @param tokens adds the tokens of a match to a list
     */
    private record Kind(String pattern, BiConsumer<MatchResult, List<String>> tokens) {}

    private static final String LETTER = "[\\p{L}\\p{M}\\p{Nd}]";

    /** The kinds, in the order in which they are tried at each index. What none of them matches separates tokens. */
    private static final List<Kind> KINDS = List.of(
            new Kind(
                    "https?://\\S*+|www\\.\\S++|[a-z0-9]++\\.(?:com|net|org|ly)(?![\\w-])(?:/\\S*+)?+",
                    always("<url>")),
            new Kind("(?<!\\w)@\\w++", always("<user>")),
            new Kind("\\p{Nd}++(?!L)(?:[.,:/]\\p{Nd}++(?!L))*+".replace("L", LETTER), always("<num>")),
            new Kind("</3++", always("</3")),
            new Kind("<3++", always("<3")),
            new Kind(
                    "(?<eyes>[:;=])(?<tear>'?+)[-^]?+"
                            + "(?:(?<mouth>[)(\\]\\[}{/\\\\|*])\\k<mouth>*+|(?<letter>[dpos3])\\k<letter>*+(?!\\w))",
                    DeepTweetTokenizer::emoticon),
            new Kind("(?<!\\w)\\('?+-?+[:;=](?!\\w)", always(":)")),
            new Kind("(?<!\\S)\\)'?+-?+[:;=](?!\\S)", always(":(")),
            new Kind("\\^[_.-]*+\\^", always("^^")),
            new Kind("(?<!\\S)-[_.]++-", always("-_-")),
            new Kind(">[_.]++<", always(">.<")),
            new Kind(
                    "(?<!\\w)(?:t_++t|o_++o)(?!\\w)",
                    (match, tokens) -> tokens.add(match.group().charAt(0) == 't' ? "t_t" : "o_o")),
            new Kind("[\\x{1F1E6}-\\x{1F1FF}]{2}", (match, tokens) -> tokens.add(match.group())),
            new Kind("(?<sign>[!?\\p{So}[\\x{1F000}-\\x{1FAFF}&&\\p{Cn}]])\\k<sign>*+", DeepTweetTokenizer::signs),
            new Kind(LETTER + "++(?:'\\p{L}++)*+", (match, tokens) -> word(match.group(), tokens)));

    private static final Pattern TOKEN = alternatives();

    /**
     * Words that people write without their apostrophe, except those that are also other words, such as {@code ill} and
     * {@code were}.
     */
    static final Map<String, String> WITH_APOSTROPHE = Map.ofEntries(
            Map.entry("im", "i'm"),
            Map.entry("ive", "i've"),
            Map.entry("thats", "that's"),
            Map.entry("whats", "what's"),
            Map.entry("youre", "you're"),
            Map.entry("theyre", "they're"),
            Map.entry("theres", "there's"),
            Map.entry("youve", "you've"),
            Map.entry("hes", "he's"),
            Map.entry("shes", "she's"),
            Map.entry("youll", "you'll"),
            Map.entry("lets", "let's"));

    /** The stems of negations: what is before {@code n't}. */
    static final List<String> NEGATED = List.of(
            "ca", "wo", "do", "does", "did", "is", "are", "was", "were", "have", "has", "had", "would", "could",
            "should", "ai", "must", "need");

    private static final Pattern NEGATION = Pattern.compile("(" + String.join("|", NEGATED) + ")n'?t");
    /** The verbs of the stems that are not words themselves. */
    private static final Map<String, String> VERBS = Map.of("ca", "can", "wo", "will");

    private DeepTweetTokenizer() {}

    static List<String> of(String text) {
        String folded = fold(unescape(text));
        List<String> tokens = new ArrayList<>();
        Matcher retweet = RETWEET.matcher(folded);
        Matcher match = TOKEN.matcher(folded);
        for (int from = retweet.lookingAt() ? retweet.end() : 0; match.find(from); from = match.end())
            kindOf(match).tokens().accept(match, tokens);
        return List.copyOf(tokens);
    }

    /** Unescapes once, <code>&amp;amp;lt; -&gt; &amp;lt;</code>, since Twitter's API escapes once. */
    private static String unescape(String text) {
        return text.indexOf('&') < 0
                ? text
                : ENTITY.matcher(text).replaceAll(entity -> Matcher.quoteReplacement(character(entity)));
    }

    private static String character(MatchResult entity) {
        if (entity.group(3) != null) return ENTITIES.get(entity.group(3));
        int codePoint =
                entity.group(1) != null ? Integer.parseInt(entity.group(1)) : Integer.parseInt(entity.group(2), 16);
        return Character.isValidCodePoint(codePoint) ? Character.toString(codePoint) : " ";
    }

    private static String fold(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> fold(codePoint, folded));
        return folded.toString();
    }

    /**
     * Appends the folded form of one character. Folding each character by itself keeps the time linear: normalizing a
     * whole text takes longer where many marks follow each other. The result differs only in accents that stand alone,
     * and those are removed.
     */
    static void fold(int codePoint, StringBuilder folded) {
        if (codePoint < 0x80 && codePoint != '`') {
            folded.append(codePoint < ' ' || codePoint == 0x7F ? ' ' : (char) Character.toLowerCase(codePoint));
        } else if (isApostrophe(codePoint)) {
            folded.append('\'');
        } else if (!isInvisible(codePoint)) {
            int type = Character.getType(codePoint);
            if (type == Character.SURROGATE || type == Character.CONTROL || codePoint == 0xFFFD) {
                folded.append(' ');
            } else {
                String decomposed = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD);
                StringBuilder bare = new StringBuilder(decomposed.length());
                decomposed
                        .codePoints()
                        .filter(part -> !isInvisible(part))
                        .map(Character::toLowerCase)
                        .forEach(bare::appendCodePoint);
                folded.append(Normalizer.normalize(bare, Normalizer.Form.NFC)); // composes Hangul again
            }
        }
    }

    private static boolean isApostrophe(int codePoint) {
        return switch (codePoint) {
            case '`', 0xB4, 0x2BC, 0x2018, 0x2019, 0x201B, 0x2032, 0xFF07 -> true;
            default -> false;
        };
    }

    /** Whether a character is removed: it has no glyph of its own, or only changes another one. */
    private static boolean isInvisible(int codePoint) {
        return Character.getType(codePoint) == Character.FORMAT // zero-width characters, soft hyphens, bidi marks, tags
                || (codePoint >= 0x300 && codePoint <= 0x36F) // accents
                || (codePoint >= 0x20D0 && codePoint <= 0x20FF) // around keycaps
                || (codePoint >= 0xFE00 && codePoint <= 0xFE0F) // variation selectors
                || (codePoint >= 0xE0100 && codePoint <= 0xE01EF)
                || (codePoint >= 0x1F3FB && codePoint <= 0x1F3FF); // skin tones
    }

    /** Whether a character is a symbol, or an emoji that is newer than the JDK. */
    static boolean isSymbol(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.OTHER_SYMBOL
                || (type == Character.UNASSIGNED && codePoint >= 0x1F000 && codePoint <= 0x1FAFF);
    }

    /** One pattern of all kinds, each in a group {@code k<index>}. */
    private static Pattern alternatives() {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < KINDS.size(); i++)
            pattern.append(i == 0 ? "" : "|")
                    .append("(?<k")
                    .append(i)
                    .append('>')
                    .append(KINDS.get(i).pattern())
                    .append(')');
        return Pattern.compile(pattern.toString());
    }

    private static Kind kindOf(Matcher match) {
        for (int i = 0; i < KINDS.size(); i++) if (match.start("k" + i) >= 0) return KINDS.get(i);
        throw new AssertionError("a match is one of its alternatives");
    }

    private static BiConsumer<MatchResult, List<String>> always(String token) {
        return (match, tokens) -> tokens.add(token);
    }

    private static void emoticon(MatchResult match, List<String> tokens) {
        Matcher face = (Matcher) match;
        String mouth = face.group("mouth") != null ? face.group("mouth") : face.group("letter");
        String shape = switch (mouth) {
            case "]", "}" -> ")";
            case "[", "{" -> "(";
            case "\\" -> "/";
            default -> mouth;
        };
        String eyes = face.group("eyes").equals(";") ? ";" : ":";
        // The tear's group is empty, but never null, so that no text of an earlier attempt is left in it.
        tokens.add(eyes + face.group("tear") + shape);
    }

    private static void signs(MatchResult match, List<String> tokens) {
        String sign = ((Matcher) match).group("sign");
        tokens.add(sign);
        if (match.end() - match.start() > sign.length()) tokens.add(sign);
    }

    /** Adds the tokens of a word: usually one, and two for a negation. */
    static void word(String written, List<String> tokens) {
        String word = squeeze(written);
        Matcher negation = NEGATION.matcher(word);
        if (word.equals("cannot")) {
            tokens.add("can");
            tokens.add("n't");
        } else if (negation.matches()) {
            tokens.add(VERBS.getOrDefault(negation.group(1), negation.group(1)));
            tokens.add("n't");
        } else {
            tokens.add(WITH_APOSTROPHE.getOrDefault(word, word));
        }
    }

    /** Keeps at most two of the same character in a row: {@code looooove -> loove}. */
    private static String squeeze(String word) {
        StringBuilder squeezed = new StringBuilder(word.length());
        int last = -1;
        int beforeLast = -1;
        for (int i = 0; i < word.length(); i += Character.charCount(last)) {
            int next = word.codePointAt(i);
            if (next != last || next != beforeLast) squeezed.appendCodePoint(next);
            beforeLast = last;
            last = next;
        }
        return squeezed.toString();
    }
}
