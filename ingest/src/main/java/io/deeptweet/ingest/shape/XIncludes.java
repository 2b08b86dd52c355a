// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the API v2 of X sends beside posts: the originals of reposts and the authors, by id. */
final class XIncludes {
    private final Map<String, JsonNode> users = new HashMap<>();
    private final Map<String, JsonNode> posts = new HashMap<>();

    /** @param root what holds {@code includes}, or not */
    XIncludes(JsonNode root) {
        JsonNode includes = root.path("includes");
        add(users, includes.path("users"));
        add(posts, includes.path("tweets"));
        add(posts, includes.path("posts")); // X renames its fields
    }

    private static void add(Map<String, JsonNode> byId, JsonNode all) {
        for (JsonNode one : all) byId.putIfAbsent(one.path("id").asText(), one);
    }

    Optional<JsonNode> user(String id) {
        return Optional.ofNullable(users.get(id));
    }

    Optional<JsonNode> post(String id) {
        return Optional.ofNullable(posts.get(id));
    }
}
