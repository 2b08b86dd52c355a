// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@link TextPipeline#deepTweet()} for the scoring path: the tokens of {@link DeepTweetTokens}, which is their
 * definition, without patterns and without new memory. Unescapes and folds each character once, then goes once through
 * what that gave: the first character of a token says of which kinds it can be.
 *
 * <p>One thread at a time, like the {@link Tokens} that it writes.
 */
final class FusedTokenizer {
    private static final byte[] URL = utf8("<url>");
    private static final byte[] USER = utf8("<user>");
    private static final byte[] NUMBER = utf8("<num>");
    private static final byte[] HEART = utf8("<3");
    private static final byte[] BROKEN_HEART = utf8("</3");
    private static final byte[] SMILE = utf8(":)");
    private static final byte[] FROWN = utf8(":(");
    private static final byte[] JOY = utf8("^^");
    private static final byte[] BLANK = utf8("-_-");
    private static final byte[] SQUINT = utf8(">.<");
    private static final byte[] TEARS = utf8("t_t");
    private static final byte[] SURPRISE = utf8("o_o");

    private static final String[] ENTITIES = {"amp;", "lt;", "gt;", "quot;", "apos;", "nbsp;"};
    private static final String CHARACTERS = "&<>\"' ";

    /** Behind the folded text, which holds no control character. */
    private static final char END = 0;

    private static final char[] FOLDED_ASCII = new char[0x80];
    /**
     * What the other characters fold to, in pages that are filled in when they are first wanted; {@link #ITSELF} for
     * most. Threads may find a page or a string missing that another has just put there, and then make the same once
     * more.
     */
    private static final String[][] FOLDED = new String[0x1100][];

    private static final int PAGE = 0x100;
    private static final String ITSELF = new String("itself");

    /** The words that are written as other tokens, each at its hash or behind. */
    private static final Rewritten[] REWRITTEN = new Rewritten[256];

    private static final int[] REWRITTEN_HASHES = new int[REWRITTEN.length];
    private static final int LONGEST_REWRITTEN;

    private record Rewritten(byte[] word, byte[][] tokens) {}

    static {
        for (char c = 0; c < FOLDED_ASCII.length; c++)
            FOLDED_ASCII[c] = folded(c).charAt(0);
        List<String> words = new ArrayList<>(DeepTweetTokens.WITH_APOSTROPHE.keySet());
        words.add("cannot");
        for (String stem : DeepTweetTokens.NEGATED) words.addAll(List.of(stem + "nt", stem + "n't"));
        int longest = 0;
        for (String word : words) {
            List<String> tokens = new ArrayList<>();
            DeepTweetTokens.word(word, tokens);
            byte[] utf8 = utf8(word);
            int hash = Tokens.BASIS;
            for (byte b : utf8) hash = Tokens.hash(hash, b);
            int at = hash & REWRITTEN.length - 1;
            while (REWRITTEN[at] != null) at = at + 1 & REWRITTEN.length - 1;
            REWRITTEN_HASHES[at] = hash;
            REWRITTEN[at] = new Rewritten(
                    utf8, tokens.stream().map(FusedTokenizer::utf8).toArray(byte[][]::new));
            longest = Math.max(longest, utf8.length);
        }
        LONGEST_REWRITTEN = longest;
    }

    private final Tokens tokens;
    private char[] folded;
    private int length; // of the folded text

    FusedTokenizer(Tokens tokens) {
        this.tokens = tokens;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads the first tokens of a text, at most {@code most}. */
    void read(String text, int most) {
        fold(text);
        int at = behindRetweets();
        while (at < length && tokens.count() < most) at = next(at);
        if (tokens.count() > most) tokens.takeBack(); // a word can be two tokens
    }

    // ---- characters

    private void fold(String text) {
        if (tokens.folded.length <= text.length()) tokens.folded = new char[2 * text.length()];
        folded = tokens.folded;
        length = foldPlain(text);
        int high = 0; // the first half of a pair, waiting for the other
        for (int i = length; i < text.length(); ) {
            int c = text.charAt(i++);
            if (c == '&') {
                int end = entity(text, i);
                if (end > 0) {
                    c = character(text, i, end);
                    i = end;
                }
            }
            if (high != 0) {
                if (Character.isBmpCodePoint(c) && Character.isLowSurrogate((char) c))
                    c = Character.toCodePoint((char) high, (char) c);
                else append(' ');
                high = 0;
            }
            if (c < FOLDED_ASCII.length) append(FOLDED_ASCII[c]);
            else if (c >= Character.MIN_HIGH_SURROGATE && c <= Character.MAX_HIGH_SURROGATE) high = c;
            else appendFolded(c);
        }
        if (high != 0) append(' ');
        append(END);
        length--;
    }

    /** Folds the front of a text, as far as it is plain ASCII, which most texts are to their end; how far that is. */
    private int foldPlain(String text) {
        char[] folded = this.folded;
        int end = text.length();
        text.getChars(0, end, folded, 0);
        for (int i = 0; i < end; i++) {
            char c = folded[i];
            if (c >= FOLDED_ASCII.length || c == '&') return i;
            folded[i] = FOLDED_ASCII[c];
        }
        return end;
    }

    /** Where the entity ends whose {@code &} stands before {@code from}; 0 if there is none. */
    private static int entity(String text, int from) {
        int length = text.length();
        if (from < length && text.charAt(from) == '#') {
            boolean hexadecimal = from + 1 < length && (text.charAt(from + 1) | 0x20) == 'x';
            int first = hexadecimal ? from + 2 : from + 1;
            int at = first;
            while (at < length && at - first < 8 && isDigit(text.charAt(at), hexadecimal)) at++;
            return at > first && at - first <= (hexadecimal ? 6 : 7) && at < length && text.charAt(at) == ';'
                    ? at + 1
                    : 0;
        }
        for (String name : ENTITIES) if (text.startsWith(name, from)) return from + name.length();
        return 0;
    }

    private static boolean isDigit(char c, boolean hexadecimal) {
        return c >= '0' && c <= '9' || hexadecimal && (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
    }

    private static int character(String text, int from, int end) {
        if (text.charAt(from) != '#') {
            for (int i = 0; i < ENTITIES.length; i++)
                if (text.startsWith(ENTITIES[i], from)) return CHARACTERS.charAt(i);
        }
        boolean hexadecimal = (text.charAt(from + 1) | 0x20) == 'x';
        int codePoint = Integer.parseInt(text, hexadecimal ? from + 2 : from + 1, end - 1, hexadecimal ? 16 : 10);
        return Character.isValidCodePoint(codePoint) ? codePoint : ' ';
    }

    private void appendFolded(int codePoint) {
        String[] page = FOLDED[codePoint / PAGE];
        if (page == null) FOLDED[codePoint / PAGE] = page = new String[PAGE];
        String to = page[codePoint % PAGE];
        if (to == null) {
            to = folded(codePoint);
            if (to.equals(Character.toString(codePoint))) to = ITSELF;
            page[codePoint % PAGE] = to;
        }
        if (to != ITSELF) {
            for (int i = 0; i < to.length(); i++) append(to.charAt(i));
        } else if (Character.isBmpCodePoint(codePoint)) {
            append((char) codePoint);
        } else {
            append(Character.highSurrogate(codePoint));
            append(Character.lowSurrogate(codePoint));
        }
    }

    private static String folded(int codePoint) {
        StringBuilder folded = new StringBuilder();
        DeepTweetTokens.fold(codePoint, folded);
        return folded.toString();
    }

    private void append(char c) {
        if (length == folded.length) tokens.folded = folded = Arrays.copyOf(folded, 2 * length);
        folded[length++] = c;
    }

    private char before(int at) {
        return at == 0 ? ' ' : folded[at - 1];
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == END;
    }

    /** {@code \w} of folded text. */
    private static boolean isWord(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_';
    }

    static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }

    private static final int LETTERS = 1 << Character.UPPERCASE_LETTER
            | 1 << Character.LOWERCASE_LETTER
            | 1 << Character.TITLECASE_LETTER
            | 1 << Character.MODIFIER_LETTER
            | 1 << Character.OTHER_LETTER;
    private static final int DIGITS = 1 << Character.DECIMAL_DIGIT_NUMBER;
    private static final int OF_WORDS = LETTERS
            | DIGITS
            | 1 << Character.NON_SPACING_MARK
            | 1 << Character.ENCLOSING_MARK
            | 1 << Character.COMBINING_SPACING_MARK;

    private static boolean is(int types, int codePoint) {
        return (types >> Character.getType(codePoint) & 1) != 0;
    }

    private int codePoint(int at) {
        char c = folded[at];
        return Character.isHighSurrogate(c) ? Character.toCodePoint(c, folded[at + 1]) : c;
    }

    /** Where a run of one character ends. */
    private int behind(char c, int at) {
        while (folded[at] == c) at++;
        return at;
    }

    private int behindWord(int at) {
        while (isWord(folded[at])) at++;
        return at;
    }

    private int behindNoSpace(int at) {
        while (!isSpace(folded[at])) at++;
        return at;
    }

    private boolean stands(String text, int at) {
        for (int i = 0; i < text.length(); i++)
            if (folded[at + i] != text.charAt(i)) return false; // stops at END at the latest
        return true;
    }

    // ---- tokens: each method gives where the next one may begin

    private int behindRetweets() {
        int at = 0;
        while (true) {
            int to = behind(' ', at);
            if (!stands("rt ", to)) break;
            to = behind(' ', to + 3);
            if (folded[to] != '@' || !isWord(folded[to + 1])) break;
            to = behindWord(to + 1);
            at = folded[to] == ':' ? to + 1 : to;
        }
        return at;
    }

    private int next(int at) {
        char c = folded[at];
        if (isLetterOrDigit(c)) return letters(at);
        return switch (c) {
            case ' ' -> at + 1;
            case '!', '?' -> signs(at, c);
            case '@' -> isWord(before(at)) || !isWord(folded[at + 1]) ? at + 1 : token(USER, behindWord(at + 1));
            case ':', ';', '=' -> face(at, c);
            case '(', ')' -> turnedFace(at, c);
            case '<' ->
                stands("/3", at + 1)
                        ? token(BROKEN_HEART, behind('3', at + 3))
                        : folded[at + 1] == '3' ? token(HEART, behind('3', at + 2)) : at + 1;
            case '^' -> eyes(at, c, '^', JOY);
            case '>' -> eyes(at, c, '<', SQUINT);
            case '-' -> isSpace(before(at)) ? eyes(at, c, '-', BLANK) : at + 1;
            default -> c < 0x80 ? at + 1 : other(at);
        };
    }

    private int token(byte[] token, int end) {
        tokens.takeBackPlain();
        tokens.add(token);
        return end;
    }

    private int letters(int at) {
        int end = tokens.writePlain(folded, at);
        char next = folded[end];
        if (next == ':'
                && stands("http", at)
                && (end == at + 4 || end == at + 5 && folded[at + 4] == 's')
                && stands("//", end + 1)) return token(URL, behindNoSpace(end + 3));
        if (next == '.') {
            if (end == at + 3 && stands("www", at) && !isSpace(folded[end + 1]))
                return token(URL, behindNoSpace(end + 1));
            int domain = behindDomain(end + 1);
            if (domain > 0) return token(URL, folded[domain] == '/' ? behindNoSpace(domain) : domain);
        }
        char first = folded[at];
        if (first <= '9') {
            int number = behindNumber(at);
            if (number > 0) return token(NUMBER, number);
        } else if (next == '_' && end == at + 1 && (first == 't' || first == 'o') && !isWord(before(at))) {
            int other = behind('_', end);
            if (folded[other] == first && !isWord(folded[other + 1]))
                return token(first == 't' ? TEARS : SURPRISE, other + 1);
        }
        if (next >= FOLDED_ASCII.length || next == '\'') return word(at);
        tokens.closePlain();
        rewrite(tokens.count() - 1);
        return end;
    }

    /** Where one of the domains ends that begins here; 0 if none does. */
    private int behindDomain(int at) {
        int end = stands("com", at) || stands("net", at) || stands("org", at) ? at + 3 : stands("ly", at) ? at + 2 : 0;
        return end == 0 || isWord(folded[end]) || folded[end] == '-' ? 0 : end;
    }

    /** Where the number ends that begins here; 0 if it is a word's beginning. */
    private int behindNumber(int at) {
        int end = behindDigits(at);
        for (int more = end; more > 0; ) {
            end = more;
            char c = folded[end];
            more = c == '.' || c == ',' || c == ':' || c == '/' ? behindDigits(end + 1) : 0;
        }
        return end;
    }

    /** Where the digits end that begin here; 0 if there is none, or a letter behind them. */
    private int behindDigits(int from) {
        int at = from;
        while (true) {
            int codePoint = codePoint(at);
            if (is(DIGITS, codePoint)) at += Character.charCount(codePoint);
            else return at == from || is(OF_WORDS, codePoint) ? 0 : at;
        }
    }

    private int word(int from) {
        tokens.takeBackPlain();
        int last = -1;
        int beforeLast = -1;
        int at = from;
        boolean afterApostrophe = false;
        while (true) {
            int codePoint = codePoint(at);
            boolean more = codePoint >= 'a' && codePoint <= 'z'
                    || (afterApostrophe ? is(LETTERS, codePoint) : is(OF_WORDS, codePoint))
                    || codePoint == '\'' && is(LETTERS, codePoint(at + 1));
            if (!more) break;
            if (codePoint == '\'') afterApostrophe = true;
            if (codePoint != last || codePoint != beforeLast) tokens.write(codePoint);
            beforeLast = last;
            last = codePoint;
            at += Character.charCount(codePoint);
        }
        tokens.close();
        rewrite(tokens.count() - 1);
        return at;
    }

    private void rewrite(int token) {
        int start = tokens.start(token);
        int length = tokens.end(token) - start;
        if (length > LONGEST_REWRITTEN) return;
        int hash = tokens.hash(token);
        for (int at = hash & REWRITTEN.length - 1; REWRITTEN[at] != null; at = at + 1 & REWRITTEN.length - 1) {
            if (REWRITTEN_HASHES[at] != hash) continue;
            byte[] word = REWRITTEN[at].word;
            if (!Arrays.equals(word, 0, word.length, tokens.utf8(), start, start + length)) continue;
            tokens.takeBack();
            for (byte[] other : REWRITTEN[at].tokens) tokens.add(other);
            return;
        }
    }

    /** {@code :-)} and its like. */
    private int face(int at, char eyes) {
        int mouth = at + 1;
        boolean tear = folded[mouth] == '\'';
        if (tear) mouth++;
        if (folded[mouth] == '-' || folded[mouth] == '^') mouth++;
        char c = folded[mouth];
        char shape = switch (c) {
            case ')', ']', '}' -> ')';
            case '(', '[', '{' -> '(';
            case '/', '\\' -> '/';
            case '|', '*', 'd', 'p', 'o', 's', '3' -> c;
            default -> END;
        };
        if (shape == END) return at + 1;
        int end = behind(c, mouth);
        if (isLetterOrDigit(c) && isWord(folded[end])) return at + 1;
        tokens.write(eyes == ';' ? ';' : ':');
        if (tear) tokens.write('\'');
        tokens.write(shape);
        tokens.close();
        return end;
    }

    /** {@code (:} and {@code ):}. */
    private int turnedFace(int at, char mouth) {
        int eyes = at + 1;
        if (folded[eyes] == '\'') eyes++;
        if (folded[eyes] == '-') eyes++;
        char c = folded[eyes];
        if (c != ':' && c != ';' && c != '=') return at + 1;
        if (mouth == '(') return isWord(before(at)) || isWord(folded[eyes + 1]) ? at + 1 : token(SMILE, eyes + 1);
        return isSpace(before(at)) && isSpace(folded[eyes + 1]) ? token(FROWN, eyes + 1) : at + 1;
    }

    /** Two eyes with something flat between them. */
    private int eyes(int at, char left, char right, byte[] token) {
        int end = at + 1;
        while (folded[end] == '_' || folded[end] == '.' || left == '^' && folded[end] == '-') end++;
        return folded[end] == right && (end > at + 1 || left == '^') ? token(token, end + 1) : at + 1;
    }

    private int signs(int at, int sign) {
        int size = Character.charCount(sign);
        int end = at + size;
        while (folded[end] != END && codePoint(end) == sign) end += size;
        tokens.write(sign);
        tokens.close();
        if (end > at + size) {
            tokens.write(sign);
            tokens.close();
        }
        return end;
    }

    /** What is not ASCII. */
    private int other(int at) {
        int codePoint = codePoint(at);
        int size = Character.charCount(codePoint);
        if (is(DIGITS, codePoint)) {
            int number = behindNumber(at);
            if (number > 0) return token(NUMBER, number);
        }
        if (is(OF_WORDS, codePoint)) return word(at);
        if (isOfFlag(codePoint) && isOfFlag(codePoint(at + size))) {
            tokens.write(codePoint);
            tokens.write(codePoint(at + size));
            tokens.close();
            return at + 2 * size;
        }
        return Character.getType(codePoint) == Character.OTHER_SYMBOL ? signs(at, codePoint) : at + size;
    }

    private static boolean isOfFlag(int codePoint) {
        return codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF;
    }
}
