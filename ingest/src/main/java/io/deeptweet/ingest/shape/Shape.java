// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A shape of JSON objects that hold posts, such as the statuses or the answers of an API. */
public interface Shape {
    /** Its name in answers and reports, such as {@code x-api-v2}. */
    String label();

    /** Whether an object has this shape. */
    boolean matches(JsonNode object);

    /** What an object of this shape holds; at least one part. */
    List<Part> parts(JsonNode object);
}
