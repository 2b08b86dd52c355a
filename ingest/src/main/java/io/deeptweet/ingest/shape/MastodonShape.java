// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What the API of Mastodon sends, and servers that speak it.
 *
 * @see <a href="https://docs.joinmastodon.org/entities/Status/">Mastodon, Status</a>
 */
public enum MastodonShape implements Shape {
    /** A status. */
    STATUS {
        @Override
        public boolean matches(JsonNode object) {
            boolean html = object.path("content").asText().startsWith("<p>");
            return object.has("content") && (object.path("account").isObject() || object.has("spoiler_text") || html);
        }

        @Override
        public List<Part> parts(JsonNode status) {
            return List.of(FediversePost.part(status, () -> MastodonStatus.fields(status)));
        }
    };

    @Override
    public String label() {
        return "mastodon";
    }
}
