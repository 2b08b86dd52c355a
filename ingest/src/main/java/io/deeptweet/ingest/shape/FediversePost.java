// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What posts of Mastodon's API and of ActivityPub have in common. */
final class FediversePost {
    private FediversePost() {}

    /** A post, or the notice {@code without_text} if it has only pictures, for example. */
    static Part part(JsonNode json, Part.FieldsReader fields) {
        Part part = Part.of(json, fields);
        boolean isEmpty = part instanceof Part.Post post && post.fields().text().isEmpty();
        return isEmpty ? new Part.Notice("without_text") : part;
    }

    /**
     * The warning that stands before a post and its content, separated by a space; empty if both are blank.
     *
     * @param content HTML
     */
    static Optional<String> text(Optional<String> warning, Optional<String> content) throws InvalidTweetException {
        Optional<String> text = content.isEmpty() ? content : Optional.of(HtmlText.of(content.get()));
        return Optional.of(Stream.concat(warning.map(String::strip).stream(), text.stream())
                        .filter(part -> !part.isBlank())
                        .collect(Collectors.joining(" ")))
                .filter(whole -> !whole.isEmpty());
    }

    /** The host of an address; empty if it has none. */
    static Optional<String> host(String address) {
        try {
            return Optional.ofNullable(URI.create(address).getHost());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
