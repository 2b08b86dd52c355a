// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/**
 * The text of a post that is HTML, as a reader sees it, on one line: paragraphs and line breaks become spaces, links
 * their whole address, mentions {@code @name}, hashtags {@code #tag}. A paragraph that repeats the address of a quoted
 * post is left out.
 *
 * @see <a href="https://docs.joinmastodon.org/spec/activitypub/#sanitization">Mastodon's HTML</a>
 * @see <a href="https://codeberg.org/fediverse/fep/src/branch/main/fep/044f/fep-044f.md">FEP-044f, quote posts</a>
 */
final class HtmlText {
    /** With its markup. A parser's time may grow by the square of the length. */
    private static final int LONGEST_HTML = TweetLimits.LONGEST_TEXT;

    private static final String QUOTED_ADDRESS = "quote-inline";
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

    /** Elements that stand within a line; others, such as {@code p} and {@code li}, end it. */
    private static final Set<String> INLINE = Set.of(
            "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "rp",
            "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr");

    private HtmlText() {}

    /** @throws InvalidTweetException if it is too long */
    static String of(String html) throws InvalidTweetException {
        if (html.length() > LONGEST_HTML)
            throw new InvalidTweetException(
                    Reason.TOO_LARGE, "content has " + html.length() + " characters, more than " + LONGEST_HTML);
        StringBuilder text = new StringBuilder();
        Jsoup.parseBodyFragment(html).body().filter(new Collector(text));
        return WHITE_SPACE.matcher(text).replaceAll(" ").strip();
    }

    private record Collector(StringBuilder text) implements NodeFilter {
        @Override
        public FilterResult head(Node node, int depth) {
            if (node instanceof TextNode written) text.append(written.getWholeText());
            if (!(node instanceof Element element)) return FilterResult.CONTINUE;
            if (element.hasClass(QUOTED_ADDRESS)) return FilterResult.SKIP_ENTIRELY;
            separate(element);
            return FilterResult.CONTINUE;
        }

        @Override
        public FilterResult tail(Node node, int depth) {
            if (node instanceof Element element) separate(element);
            return FilterResult.CONTINUE;
        }

        private void separate(Element element) {
            if (!INLINE.contains(element.normalName())) text.append(' ');
        }
    }
}
