// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/**
 * Activities of the protocol that servers such as Mastodon exchange, and that their archives hold.
 *
 * @see <a href="https://www.w3.org/TR/activitypub/">ActivityPub</a>
 * @see <a href="https://www.w3.org/TR/activitystreams-vocabulary/">Activity Vocabulary</a>
 */
public enum ActivityPubShape implements Shape {
    /** A collection of activities, such as the file {@code outbox.json} of a Mastodon archive. */
    COLLECTION {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("orderedItems").isArray();
        }

        @Override
        public List<Part> parts(JsonNode collection) {
            return Part.orEmpty(collection
                    .path("orderedItems")
                    .valueStream()
                    .map(ActivityPubPost::part)
                    .toList());
        }
    },

    /** An activity on its own. */
    ACTIVITY {
        private static final Set<String> TYPES = Set.of("Create", "Announce", "Update", "Delete");

        @Override
        public boolean matches(JsonNode object) {
            return object.has("object") && TYPES.contains(object.path("type").asText());
        }

        @Override
        public List<Part> parts(JsonNode activity) {
            return List.of(ActivityPubPost.part(activity));
        }
    };

    @Override
    public String label() {
        return "activitypub";
    }
}
