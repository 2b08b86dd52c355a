// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.feeds;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.cli.record.FeedTrouble;
import io.deeptweet.schemas.text.UntrustedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A feed as lines for people, as {@code GET /feeds} shows it. */
final class FeedLine {
    private FeedLine() {}

    /**
     *
     *
     * <pre>
     * apple         running   7 published, 20 filtered, 1 rejected, 0 skipped; 0.4 s behind
     *               from Jetstream at localhost; languages en,und; rule apple -pear
     * </pre>
     */
    static String of(JsonNode feed) {
        List<String> origin = new ArrayList<>();
        origin.add("from " + text(feed, "source"));
        origin.add("languages " + text(feed, "languages"));
        String track = text(feed, "track");
        origin.add(track.isEmpty() ? "all tweets" : "rule " + track);
        return String.format(
                Locale.ROOT,
                "%-13s %-9s %d published, %d filtered, %d rejected, %d skipped%s%n%24s%s%s",
                text(feed, "feed"),
                text(feed, "state"),
                feed.path("published").asLong(),
                feed.path("filtered").asLong(),
                feed.path("rejected").asLong(),
                feed.path("skipped").asLong(),
                feed.path("lagSeconds").isNumber()
                        ? String.format(
                                Locale.ROOT,
                                "; %.1f s behind",
                                feed.path("lagSeconds").asDouble())
                        : "",
                "",
                String.join("; ", origin),
                trouble(feed));
    }

    private static String trouble(JsonNode feed) {
        String trouble = FeedTrouble.of(feed);
        return trouble.isEmpty() ? "" : String.format("%n%24s%s", "", trouble);
    }

    private static String text(JsonNode feed, String field) {
        JsonNode value = feed.path(field);
        return value.isTextual() ? UntrustedText.oneLine(value.textValue()) : "";
    }
}
