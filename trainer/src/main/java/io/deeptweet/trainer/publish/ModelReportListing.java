// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.schemas.ModelManifest;

/**
 * The report of a published model, as its artefact's header holds it.
 *
 * @param version its version
 * @param parent the version that it was fine-tuned from; empty if it was trained from scratch
 * @param report a JSON object; null if the header holds none
 */
public record ModelReportListing(String version, String parent, JsonNode report) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static ModelReportListing of(ModelManifest manifest) {
        return new ModelReportListing(
                manifest.getVersion(), manifest.getParent().orElse(""), report(manifest.getHeader()));
    }

    /** Whoever may publish chooses the header: what is no report is left out. */
    private static JsonNode report(String header) {
        try {
            JsonNode report = JSON.readTree(
                    JSON.readTree(header).at("/__metadata__/report").asText("null"));
            return report.isObject() ? report : JSON.nullNode();
        } catch (JsonProcessingException e) {
            return JSON.nullNode();
        }
    }
}
