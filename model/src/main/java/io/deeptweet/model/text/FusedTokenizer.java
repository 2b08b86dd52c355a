// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import static io.deeptweet.model.text.FoldedText.END;
import static io.deeptweet.model.text.FoldedText.isLetterOrDigit;
import static io.deeptweet.model.text.FoldedText.isSpace;
import static io.deeptweet.model.text.FoldedText.isWord;

import java.nio.charset.StandardCharsets;

/**
 * {@link TextPipeline#deepTweet()} for the scoring path. It finds the tokens that {@link DeepTweetTokenizer} defines,
 * without regular expressions and without allocating memory. It folds the text once and then scans it once: the first
 * character of a token decides which kinds of token are possible.
 *
 * <p>Not safe for use by several threads at once. Each method that reads a token returns the index where the next one
 * may start.
 */
final class FusedTokenizer {
    private static final byte[] URL = utf8("<url>");
    private static final byte[] USER = utf8("<user>");
    private static final byte[] NUMBER = utf8("<num>");
    private static final byte[] HEART = utf8("<3");
    private static final byte[] BROKEN_HEART = utf8("</3");
    private static final byte[] SMILE = utf8(":)");
    private static final byte[] FROWN = utf8(":(");
    private static final byte[] HAPPY_EYES = utf8("^^");
    private static final byte[] BLANK_FACE = utf8("-_-");
    private static final byte[] SQUINT = utf8(">.<");
    private static final byte[] TEARS = utf8("t_t");
    private static final byte[] SURPRISE = utf8("o_o");

    // Sets of Unicode general categories, one bit each.
    private static final int LETTERS = 1 << Character.UPPERCASE_LETTER
            | 1 << Character.LOWERCASE_LETTER
            | 1 << Character.TITLECASE_LETTER
            | 1 << Character.MODIFIER_LETTER
            | 1 << Character.OTHER_LETTER;
    private static final int DIGITS = 1 << Character.DECIMAL_DIGIT_NUMBER;
    private static final int WORD_CHARACTERS = LETTERS
            | DIGITS
            | 1 << Character.NON_SPACING_MARK
            | 1 << Character.ENCLOSING_MARK
            | 1 << Character.COMBINING_SPACING_MARK;

    private final TokenBuffer tokens;
    final FoldedText text = new FoldedText();
    private char[] characters; // of the text

    /** A tokenizer that writes to a buffer. */
    FusedTokenizer(TokenBuffer tokens) {
        this.tokens = tokens;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Writes the first tokens of a text to the buffer.
     *
     * @param limit maximum number of tokens
     */
    void read(String text, int limit) {
        this.text.read(text);
        characters = this.text.characters();
        int length = this.text.length();
        int at = skipRetweets();
        while (at < length && tokens.count() < limit) at = next(at);
        if (tokens.count() > limit) tokens.removeLast(); // a word can give two tokens
    }

    void freeMemory() {
        text.freeMemory();
    }

    /** Skips {@code rt @name:} at the start, as often as it is there. */
    private int skipRetweets() {
        int at = 0;
        while (true) {
            int to = text.endOfRun(' ', at);
            if (!text.startsWith("rt ", to)) break;
            to = text.endOfRun(' ', to + 3);
            if (characters[to] != '@' || !isWord(characters[to + 1])) break;
            to = text.endOfWord(to + 1);
            at = characters[to] == ':' ? to + 1 : to;
        }
        return at;
    }

    private int next(int at) {
        char c = characters[at];
        if (isLetterOrDigit(c)) return asciiWord(at);
        return switch (c) {
            case ' ' -> at + 1;
            case '!', '?' -> signs(at, c);
            case '@' -> mention(at);
            case ':', ';', '=' -> emoticon(at, c);
            case '(', ')' -> reversedEmoticon(at, c);
            case '<' -> heart(at);
            case '^' -> eyes(at, c, '^', HAPPY_EYES);
            case '>' -> eyes(at, c, '<', SQUINT);
            case '-' -> isSpace(text.before(at)) ? eyes(at, c, '-', BLANK_FACE) : at + 1;
            default -> c < FoldedText.ASCII ? at + 1 : notAscii(at);
        };
    }

    private int add(byte[] token, int end) {
        tokens.add(token);
        return end;
    }

    /** A word, number, link or emoticon that starts with a letter or digit of ASCII. */
    private int asciiWord(int at) {
        int end = tokens.writeAsciiWord(characters, at);
        char next = characters[end];
        int link = next == ':' || next == '.' ? endOfLink(at, end, next) : 0;
        if (link > 0) return replaceAsciiWord(URL, link);
        char first = characters[at];
        if (first <= '9') {
            int number = endOfNumber(at);
            if (number > 0) return replaceAsciiWord(NUMBER, number);
        } else if (next == '_' && end == at + 1 && (first == 't' || first == 'o') && !isWord(text.before(at))) {
            int other = text.endOfRun('_', end);
            if (characters[other] == first && !isWord(characters[other + 1]))
                return replaceAsciiWord(first == 't' ? TEARS : SURPRISE, other + 1);
        }
        if (next >= FoldedText.ASCII || next == '\'') {
            tokens.discardOpenToken();
            return word(at);
        }
        tokens.endAsciiWord();
        RewrittenWords.rewriteLast(tokens);
        return end;
    }

    private int replaceAsciiWord(byte[] token, int end) {
        tokens.discardOpenToken();
        return add(token, end);
    }

    /**
     * The index after a link.
     *
     * @param at the start of a run of letters and digits
     * @param end the end of that run
     * @param next the character there, {@code :} or {@code .}
     * @return 0 if no link starts there
     */
    private int endOfLink(int at, int end, char next) {
        if (next == ':') {
            boolean http = text.startsWith("http", at)
                    && (end == at + 4 || (end == at + 5 && characters[at + 4] == 's'))
                    && text.startsWith("//", end + 1);
            return http ? text.nextSpace(end + 3) : 0;
        }
        if (end == at + 3 && text.startsWith("www", at) && !isSpace(characters[end + 1]))
            return text.nextSpace(end + 1);
        int domain = endOfTopLevelDomain(end + 1);
        return domain > 0 && characters[domain] == '/' ? text.nextSpace(domain) : domain;
    }

    /** The index after one of the known top-level domains; 0 if none is there. */
    private int endOfTopLevelDomain(int at) {
        int end = text.startsWith("com", at) || text.startsWith("net", at) || text.startsWith("org", at)
                ? at + 3
                : text.startsWith("ly", at) ? at + 2 : 0;
        return end == 0 || isWord(characters[end]) || characters[end] == '-' ? 0 : end;
    }

    /** The index after a number; 0 if it is the start of a word. */
    private int endOfNumber(int at) {
        int end = endOfDigits(at);
        for (int more = end; more > 0; ) {
            end = more;
            char c = characters[end];
            more = c == '.' || c == ',' || c == ':' || c == '/' ? endOfDigits(end + 1) : 0;
        }
        return end;
    }

    /** The index after a run of digits; 0 if there is none, or if a letter or mark follows it. */
    private int endOfDigits(int from) {
        int at = from;
        while (true) {
            int codePoint = text.codePoint(at);
            if (is(DIGITS, codePoint)) at += Character.charCount(codePoint);
            else return at == from || is(WORD_CHARACTERS, codePoint) ? 0 : at;
        }
    }

    /** A word of any letters, with apostrophes. */
    private int word(int from) {
        int last = -1;
        int beforeLast = -1;
        int at = from;
        boolean afterApostrophe = false;
        while (true) {
            int codePoint = text.codePoint(at);
            boolean more = (codePoint >= 'a' && codePoint <= 'z')
                    || (afterApostrophe ? is(LETTERS, codePoint) : is(WORD_CHARACTERS, codePoint))
                    || (codePoint == '\'' && is(LETTERS, text.codePoint(at + 1)));
            if (!more) break;
            if (codePoint == '\'') afterApostrophe = true;
            if (codePoint != last || codePoint != beforeLast) tokens.write(codePoint);
            beforeLast = last;
            last = codePoint;
            at += Character.charCount(codePoint);
        }
        tokens.endToken();
        RewrittenWords.rewriteLast(tokens);
        return at;
    }

    private int mention(int at) {
        return isWord(text.before(at)) || !isWord(characters[at + 1]) ? at + 1 : add(USER, text.endOfWord(at + 1));
    }

    private int heart(int at) {
        if (text.startsWith("/3", at + 1)) return add(BROKEN_HEART, text.endOfRun('3', at + 3));
        return characters[at + 1] == '3' ? add(HEART, text.endOfRun('3', at + 2)) : at + 1;
    }

    /** An emoticon that starts with its eyes, such as {@code :-)}. */
    private int emoticon(int at, char eyes) {
        int mouth = at + 1;
        boolean tear = characters[mouth] == '\'';
        if (tear) mouth++;
        if (characters[mouth] == '-' || characters[mouth] == '^') mouth++;
        char c = characters[mouth];
        char shape = switch (c) {
            case ')', ']', '}' -> ')';
            case '(', '[', '{' -> '(';
            case '/', '\\' -> '/';
            case '|', '*', 'd', 'p', 'o', 's', '3' -> c;
            default -> END;
        };
        if (shape == END) return at + 1;
        int end = text.endOfRun(c, mouth);
        if (isLetterOrDigit(c) && isWord(characters[end])) return at + 1;
        tokens.write(eyes == ';' ? ';' : ':');
        if (tear) tokens.write('\'');
        tokens.write(shape);
        tokens.endToken();
        return end;
    }

    /** {@code (:} or {@code ):}. */
    private int reversedEmoticon(int at, char mouth) {
        int eyes = at + 1;
        if (characters[eyes] == '\'') eyes++;
        if (characters[eyes] == '-') eyes++;
        char c = characters[eyes];
        if (c != ':' && c != ';' && c != '=') return at + 1;
        char before = text.before(at);
        char after = characters[eyes + 1];
        if (mouth == '(') return isWord(before) || isWord(after) ? at + 1 : add(SMILE, eyes + 1);
        return isSpace(before) && isSpace(after) ? add(FROWN, eyes + 1) : at + 1;
    }

    /** Two eyes with something flat between them, such as {@code -_-}. */
    private int eyes(int at, char left, char right, byte[] token) {
        int end = at + 1;
        while (characters[end] == '_' || characters[end] == '.' || (left == '^' && characters[end] == '-')) end++;
        return characters[end] == right && (end > at + 1 || left == '^') ? add(token, end + 1) : at + 1;
    }

    /** A run of one sign or symbol: one token, or two if there is more than one. */
    private int signs(int at, int sign) {
        int size = Character.charCount(sign);
        int end = at + size;
        while (characters[end] != END && text.codePoint(end) == sign) end += size;
        tokens.write(sign);
        tokens.endToken();
        if (end > at + size) {
            tokens.write(sign);
            tokens.endToken();
        }
        return end;
    }

    /** A number, word, flag or symbol whose first character is not ASCII. */
    private int notAscii(int at) {
        int codePoint = text.codePoint(at);
        int size = Character.charCount(codePoint);
        if (is(DIGITS, codePoint)) {
            int number = endOfNumber(at);
            if (number > 0) return add(NUMBER, number);
        }
        if (is(WORD_CHARACTERS, codePoint)) return word(at);
        if (isRegionalIndicator(codePoint) && isRegionalIndicator(text.codePoint(at + size))) {
            tokens.write(codePoint);
            tokens.write(text.codePoint(at + size));
            tokens.endToken();
            return at + 2 * size;
        }
        return DeepTweetTokenizer.isSymbol(codePoint) ? signs(at, codePoint) : at + size;
    }

    private static boolean is(int categories, int codePoint) {
        return (categories >> Character.getType(codePoint) & 1) != 0;
    }

    /** Half of a flag. */
    private static boolean isRegionalIndicator(int codePoint) {
        return codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF;
    }
}
