// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.feed.Feed;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the rules of feeds in the language of X, of which theirs is a part.
 *
 * @see <a href="https://docs.x.com/x-api/posts/filtered-stream/integrate/operators">X's operators</a>
 */
public final class XRuleText {
    private static final Set<String> SHARED = Set.of("from", "is", "lang");

    private XRuleText() {}

    /** Whether the feed's rule names authors, which X sends with posts only if it is asked to. */
    public static boolean namesAuthors(Feed feed) {
        return feed.rule().tokens().stream().anyMatch(token -> token.startsWith("from:"));
    }

    /**
     * The rule of a feed, with its languages. Those that include unknown languages are left out, because X has no
     * operator for that.
     *
     * @throws IllegalArgumentException if X cannot be asked for it; the message is the reason
     */
    public static String of(Feed feed) {
        List<String> tokens = feed.rule().tokens();
        if (tokens.isEmpty()) throw new IllegalArgumentException("the feed " + feed.name() + " has no rule");
        StringBuilder rule = new StringBuilder();
        boolean negated = false;
        for (String token : tokens) {
            if (negated && (token.equals("(") || token.equals("-")))
                throw new IllegalArgumentException("X does not know -( and --");
            if (token.equals("-")) {
                negated = true;
                continue;
            }
            append(rule, term(token, negated));
            negated = false;
        }
        Set<String> languages = feed.languages().languages();
        if (languages.contains("*") || languages.contains("und")) return rule.toString();
        return "(" + rule + ") " + languages(languages.stream().sorted().toArray(String[]::new), false);
    }

    private static void append(StringBuilder rule, String term) {
        boolean spaced = !rule.isEmpty() && rule.charAt(rule.length() - 1) != '(' && !term.equals(")");
        rule.append(spaced ? " " : "").append(term);
    }

    private static String term(String token, boolean negated) {
        String sign = negated ? "-" : "";
        int colon = token.startsWith("\"") ? -1 : token.indexOf(':');
        if (colon < 0) return sign + token;
        String operator = token.substring(0, colon);
        if (operator.equals("sample")) throw new IllegalArgumentException("sample: chooses other posts at X than here");
        if (!SHARED.contains(operator)) return sign + '"' + token + '"'; // text, such as 12:30
        if (operator.equals("lang")) return languages(token.substring(colon + 1).split(","), negated);
        return sign + token.replaceFirst(":@", ":");
    }

    private static String languages(String[] codes, boolean negated) {
        String joined = Stream.of(codes)
                .map(code -> (negated ? "-" : "") + "lang:" + code.strip())
                .collect(Collectors.joining(negated ? " " : " OR "));
        return codes.length == 1 || negated ? joined : "(" + joined + ")";
    }
}
