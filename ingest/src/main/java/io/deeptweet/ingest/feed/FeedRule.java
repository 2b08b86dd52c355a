// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.text.UntrustedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which tweets of a source belong to a feed. The language is a part of that of X's filtered stream:
 *
 * <pre>
 * apple pie            both words
 * apple OR pear        one of them; words side by side bind more closely
 * (apple OR pear) pie  parentheses
 * -banana              not this word
 * "apple pie"          a phrase
 * #apple               a hashtag; the word apple matches it too
 * from:alice           the author
 * is:retweet           how it relates to another tweet: is:retweet, is:quote or is:reply
 * lang:en              the language, as in {@link LanguageFilter}: en,de or und
 * sample:10            10 percent, by a hash of the id: always the same tweets
 * </pre>
 *
 * <p>Case, accents and widths do not matter. Words match whole words, see {@link SearchText}.
 */
public final class FeedRule {
    /** Matches every tweet. */
    public static final FeedRule ALL = new FeedRule("", post -> true);

    static final int LONGEST = 1_000;

    private final String written;
    private final Predicate<SearchedTweet> matches;

    private FeedRule(String written, Predicate<SearchedTweet> matches) {
        this.written = written;
        this.matches = matches;
    }

    /**
     * A rule from a setting.
     *
     * @throws IllegalArgumentException if it is not one; the message is a sentence
     */
    public static FeedRule of(String rule) {
        if (rule.length() > LONGEST)
            throw new IllegalArgumentException("the rule has " + rule.length() + " characters, more than " + LONGEST);
        return new FeedRule(rule, new Parser(tokens(rule)).rule());
    }

    /** Whether a tweet belongs to the feed. */
    boolean matches(SearchedTweet tweet) {
        return matches.test(tweet);
    }

    /**
     * Its parts in their order: words, phrases in their quotes, terms such as {@code lang:en}, {@code OR}, parentheses
     * and {@code -}. None for a rule that matches every tweet.
     */
    public List<String> tokens() {
        return tokens(written);
    }

    /** Whether it is written the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof FeedRule rule && rule.written.equals(written);
    }

    @Override
    public int hashCode() {
        return written.hashCode();
    }

    /** The rule as it was written; empty for {@link #ALL}. */
    @Override
    public String toString() {
        return written;
    }

    private static List<String> tokens(String rule) {
        List<String> tokens = new ArrayList<>();
        for (int at = 0; at < rule.length(); ) {
            char first = rule.charAt(at);
            if (Character.isWhitespace(first)) {
                at++;
            } else if (first == '(' || first == ')' || first == '-') {
                tokens.add(String.valueOf(first));
                at++;
            } else {
                int end = first == '"' ? rule.indexOf('"', at + 1) + 1 : endOfWord(rule, at);
                if (end == 0)
                    throw new IllegalArgumentException("the phrase " + shown(rule, at) + " has no end: add a \"");
                tokens.add(rule.substring(at, end));
                at = end;
            }
        }
        return tokens;
    }

    private static int endOfWord(String rule, int start) {
        int end = start;
        while (end < rule.length() && !Character.isWhitespace(rule.charAt(end)) && "()\"".indexOf(rule.charAt(end)) < 0)
            end++;
        return end;
    }

    private static String shown(String rule, int from) {
        return UntrustedText.quoted(rule.substring(from));
    }

    /** Recursive descent over the tokens. */
    private static final class Parser {
        private static final String OR = "OR";
        private static final Set<String> NOT_A_TERM = Set.of(")", OR);

        private final List<String> tokens;
        private int at;

        Parser(List<String> tokens) {
            this.tokens = tokens;
        }

        Predicate<SearchedTweet> rule() {
            Predicate<SearchedTweet> all = alternatives();
            if (at < tokens.size()) throw new IllegalArgumentException("there is a \")\" without a \"(\"");
            return all;
        }

        private Predicate<SearchedTweet> alternatives() {
            Predicate<SearchedTweet> any = together();
            while (isNext(OR)) {
                at++;
                any = any.or(together());
            }
            return any;
        }

        private Predicate<SearchedTweet> together() {
            Predicate<SearchedTweet> all = term();
            while (at < tokens.size() && !NOT_A_TERM.contains(tokens.get(at))) all = all.and(term());
            return all;
        }

        private Predicate<SearchedTweet> term() {
            if (at == tokens.size() || NOT_A_TERM.contains(tokens.get(at)))
                throw new IllegalArgumentException(
                        at == tokens.size()
                                ? "a word is missing at the end"
                                : "a word is missing before " + tokens.get(at));
            String token = tokens.get(at++);
            if (token.equals("-")) return term().negate();
            if (!token.equals("(")) return term(token);
            Predicate<SearchedTweet> inner = alternatives();
            if (!isNext(")")) throw new IllegalArgumentException("there is a \"(\" without a \")\"");
            at++;
            return inner;
        }

        private boolean isNext(String token) {
            return at < tokens.size() && tokens.get(at).equals(token);
        }

        private static Predicate<SearchedTweet> term(String token) {
            int colon = token.startsWith("\"") ? -1 : token.indexOf(':');
            String value = token.substring(colon + 1);
            return switch (colon < 0 ? "" : token.substring(0, colon)) {
                case "from" -> from(value);
                case "is" -> kind(value);
                case "lang" -> language(value);
                case "sample" -> sample(value);
                default -> words(token);
            };
        }

        private static Predicate<SearchedTweet> words(String token) {
            SearchText words = SearchText.of(token.startsWith("\"") ? token.substring(1, token.length() - 1) : token);
            if (words.isEmpty()) throw new IllegalArgumentException("the phrase " + token + " is empty");
            return post -> post.text().contains(words);
        }

        private static Predicate<SearchedTweet> from(String author) {
            String name = author.replaceFirst("^@", "");
            if (name.isEmpty()) throw new IllegalArgumentException("from: needs an author, such as from:alice");
            return post ->
                    post.tweet().getAuthor().filter(name::equalsIgnoreCase).isPresent();
        }

        private static Predicate<SearchedTweet> kind(String name) {
            TweetKind kind = switch (name) {
                case "retweet" -> TweetKind.RETWEET;
                case "quote" -> TweetKind.QUOTE;
                case "reply" -> TweetKind.REPLY;
                default -> throw new IllegalArgumentException("is: needs retweet, quote or reply, such as -is:retweet");
            };
            return post -> post.tweet().getKind() == kind;
        }

        private static Predicate<SearchedTweet> language(String list) {
            LanguageFilter filter = LanguageFilter.of(list);
            return post -> filter.passes(post.tweet().getLanguage());
        }

        private static Predicate<SearchedTweet> sample(String percent) {
            Optional<Double> share = Optional.of(percent)
                    .filter(text -> text.matches("\\d{1,3}(\\.\\d{1,6})?"))
                    .map(Double::parseDouble)
                    .filter(number -> number > 0 && number <= 100);
            if (share.isEmpty())
                throw new IllegalArgumentException(
                        "sample: needs a percentage above 0, at most 100, such as sample:10");
            double most = share.get() / 100;
            return post -> uniform(post.tweet().getId()) < most;
        }

        /** In [0, 1); the same for the same id, whatever rule asks. */
        private static double uniform(String id) {
            int hash = id.hashCode() * 0x9E3779B9; // golden ratio: ids that follow each other differ in all bits
            hash = (hash ^ hash >>> 16) * 0x85EBCA6B; // from MurmurHash3's finalizer
            hash = (hash ^ hash >>> 13) * 0xC2B2AE35;
            return ((hash ^ hash >>> 16) >>> 1) / (double) (1L << 31);
        }
    }
}
