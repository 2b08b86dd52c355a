// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.http;

import io.deeptweet.ingest.control.DefinedFeed;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.http.TextFields;
import java.util.List;
import java.util.Optional;

/**
 * The body of a request that defines a feed: <code>{"feed", "source", "track", "languages"}</code>, all of them text.
 * Without {@code track} all tweets of the languages pass; without {@code languages} those in English or without one.
 */
final class FeedRequest {
    private static final List<String> FIELDS = List.of("feed", "source", "track", "languages");

    private FeedRequest() {}

    /**
     * The feed that a body defines.
     *
     * @param named the feed's name, if the path has it: the body may then leave it out
     * @param languages those of a body that has none
     * @throws IllegalArgumentException if the body defines none; the message is a sentence that names the field
     */
    static DefinedFeed parse(byte[] body, Optional<String> named, String languages) {
        TextFields fields = TextFields.of(body, FIELDS);
        String name = fields.get("feed").or(() -> named).orElseThrow(() -> missing("feed", "the feed's name"));
        if (named.filter(path -> !path.equals(name)).isPresent())
            throw new IllegalArgumentException(
                    "feed is " + UntrustedText.quoted(name) + ": use the name in the path, or leave it out");
        String source = fields.get("source")
                .orElseThrow(() -> missing("source", "bluesky, or the name of a source in deeptweet.sources"));
        return DefinedFeed.of(
                name,
                source,
                fields.get("track").orElse(""),
                fields.get("languages").orElse(languages));
    }

    private static IllegalArgumentException missing(String field, String advice) {
        return new IllegalArgumentException(field + " is missing: use " + advice);
    }
}
