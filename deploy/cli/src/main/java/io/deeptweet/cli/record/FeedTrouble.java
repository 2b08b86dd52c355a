// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.record;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.schemas.text.UntrustedText;

/** Why a feed does not run, and when it is tried again. */
public final class FeedTrouble {
    private FeedTrouble() {}

    /**
     * In a sentence such as {@code rate-limited: api.x.com limits the rate of requests; next try at
     * 2026-09-20T12:00:00Z}, on one line; empty if it runs.
     *
     * @param feed as {@code GET /feeds} shows it
     */
    public static String of(JsonNode feed) {
        String detail = text(feed, "detail");
        if (detail.isEmpty()) return "";
        String reason = text(feed, "reason");
        String next = text(feed, "nextTry");
        return (reason.isEmpty() ? "" : reason + ": ") + detail + (next.isEmpty() ? "" : "; next try at " + next);
    }

    private static String text(JsonNode feed, String field) {
        return UntrustedText.oneLine(feed.path(field).asText(""));
    }
}
