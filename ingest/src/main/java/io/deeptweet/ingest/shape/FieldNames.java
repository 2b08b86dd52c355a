// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import java.util.List;
import java.util.Map;

/** The names that the fields of posts usually have in tables and in JSON, in lower case, the most usual first. */
final class FieldNames {
    static final Map<String, List<String>> USUAL = Map.of(
            "id", List.of("id", "tweet_id", "tweetid", "textid", "status_id"),
            "text", List.of("text", "tweet", "content", "full_text"),
            "created_at", List.of("created_at", "createdat", "date", "date created", "timestamp"),
            "lang", List.of("lang", "language"),
            "author", List.of("author", "username", "user", "screen_name"),
            "label", List.of("label"));

    private FieldNames() {}
}
