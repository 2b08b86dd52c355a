// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import io.deeptweet.model.text.TextPipeline;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The metadata of a model artefact: its version, how it reads text, and where it comes from. It is in the JSON header,
 * so it can be read without the tensors: a model's manifest on the model topic holds the header.
 *
 * @param version name and digest of the model, such as {@code v1-base-0a1b2c3d}
 * @param maximumLength number of tokens of a text that the model reads, the first ones; 1 to 9999
 */
public record ModelHeader(
        String version, TextPipeline pipeline, int maximumLength, ModelArtefact.Provenance provenance) {
    /** The version of the format that is written, and the newest that is read. */
    public static final int FORMAT_VERSION = 2;
    /** The oldest version of the format that is read: its tensors are of single precision. */
    static final int OLDEST_FORMAT_VERSION = 1;

    /** Longest version, in UTF-16 units. A name and its digest have at most 73. */
    static final int LONGEST_VERSION = 128;

    /**
     * Reads the metadata from an artefact's JSON header.
     *
     * @param json the header, as {@link Safetensors#header} gives it
     * @throws InvalidArtefactException if the header is not valid JSON, a field of the metadata is missing or has a
     *     value that is not allowed, or the format is newer than {@link #FORMAT_VERSION}
     */
    public static ModelHeader read(String json) throws InvalidArtefactException {
        return of(Safetensors.metadata(json));
    }

    static ModelHeader of(Map<String, String> metadata) throws InvalidArtefactException {
        format(metadata);
        return new ModelHeader(
                version(field(metadata, "version")),
                pipeline(field(metadata, "pipeline")),
                maximumLength(field(metadata, "maximum_length")),
                new ModelArtefact.Provenance(
                        Optional.ofNullable(metadata.get("parent")),
                        instant(field(metadata, "created_at")),
                        field(metadata, "training_data"),
                        field(metadata, "report")));
    }

    /** The metadata as it is written to a file, in the file's order. */
    Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format_version", Integer.toString(FORMAT_VERSION));
        metadata.put("version", version);
        parent().ifPresent(parent -> metadata.put("parent", parent));
        metadata.put("pipeline", pipeline.name());
        metadata.put("maximum_length", Integer.toString(maximumLength));
        metadata.put("created_at", createdAt().toString());
        metadata.put("training_data", trainingData());
        metadata.put("report", report());
        return metadata;
    }

    /** The version that the model was fine-tuned from; empty if it was trained from scratch. */
    public Optional<String> parent() {
        return provenance.parent();
    }

    public Instant createdAt() {
        return provenance.createdAt();
    }

    /** The names of the data sets that the model was trained on. */
    public String trainingData() {
        return provenance.trainingData();
    }

    /** The evaluation report, a JSON object. */
    public String report() {
        return provenance.report();
    }

    /** The version of a file's format, from {@link #OLDEST_FORMAT_VERSION} to {@link #FORMAT_VERSION}. */
    static int format(Map<String, String> metadata) throws InvalidArtefactException {
        String found = metadata.get("format_version");
        if (found == null)
            throw new InvalidArtefactException("the metadata has no format_version: this is no DeepTweet model");
        for (int format = OLDEST_FORMAT_VERSION; format <= FORMAT_VERSION; format++)
            if (found.equals(Integer.toString(format))) return format;
        throw new InvalidArtefactException("the format_version is " + found + ", but this program reads "
                + OLDEST_FORMAT_VERSION + " to " + FORMAT_VERSION + ": use a newer one");
    }

    private static String field(Map<String, String> metadata, String key) throws InvalidArtefactException {
        String value = metadata.get(key);
        if (value == null) throw new InvalidArtefactException("the metadata has no " + key);
        return value;
    }

    private static String version(String text) throws InvalidArtefactException {
        if (text.isBlank() || text.length() > LONGEST_VERSION)
            throw new InvalidArtefactException(
                    "the version has " + text.length() + " characters: 1 to " + LONGEST_VERSION + " are allowed");
        return text;
    }

    private static TextPipeline pipeline(String name) throws InvalidArtefactException {
        try {
            return TextPipeline.named(name);
        } catch (IllegalArgumentException e) {
            throw new InvalidArtefactException(e.getMessage(), e);
        }
    }

    private static int maximumLength(String text) throws InvalidArtefactException {
        if (!text.matches("[1-9][0-9]{0,3}"))
            throw new InvalidArtefactException("maximum_length is " + text + ": 1 to 9999 is allowed");
        return Integer.parseInt(text);
    }

    private static Instant instant(String text) throws InvalidArtefactException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new InvalidArtefactException(
                    "created_at is " + text + ": an instant such as 2026-01-31T12:00:00Z is needed", e);
        }
    }
}
