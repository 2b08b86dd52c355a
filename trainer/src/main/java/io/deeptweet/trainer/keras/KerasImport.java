// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.keras;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.trainer.data.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Keras model as one of DeepTweet's.
 *
 * @param keras the model as Keras saved it
 * @param model the same weights and vocabulary
 */
public record KerasImport(KerasModel keras, ModelArtefact model) {
    /** Tokens of a text that are read, where neither the user nor the Keras model says how many. */
    public static final int DEFAULT_MAXIMUM_LENGTH = 64;

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Reads a model and its tokenizer.
     *
     * @param model HDF5
     * @param tokenizer JSON
     * @param pipeline how texts became tokens before the tokenizer saw them
     * @param maximumLength first tokens of a text that are read; empty for the length that the model was padded to, or
     *     {@value #DEFAULT_MAXIMUM_LENGTH} if it takes any
     * @param name beginning of the version
     * @throws DataException if either is of another kind, or they do not go together; the message says why
     * @throws IOException if a file cannot be read
     */
    public static KerasImport read(
            Path model, Path tokenizer, TextPipeline pipeline, Optional<Integer> maximumLength, String name)
            throws IOException {
        KerasTokenizer vocabulary = KerasTokenizer.read(tokenizer);
        KerasModel keras = KerasModel.read(model);
        Weights weights = vocabulary.ordered(keras.weights());
        Map<String, String> report = new LinkedHashMap<>();
        report.put("name", name);
        report.put("imported_from", model.getFileName() + " of Keras " + keras.version());
        int length = maximumLength.orElse(keras.inputLength().orElse(DEFAULT_MAXIMUM_LENGTH));
        try {
            return new KerasImport(
                    keras,
                    ModelArtefact.of(
                            name,
                            pipeline,
                            length,
                            vocabulary.vocabulary(),
                            weights,
                            new ModelArtefact.Provenance(
                                    Optional.empty(),
                                    Instant.now().truncatedTo(ChronoUnit.SECONDS),
                                    "unknown, imported from Keras",
                                    JSON.valueToTree(report).toString())));
        } catch (IllegalArgumentException e) {
            throw new DataException(model + ": " + e.getMessage());
        }
    }

    /** How many words of the vocabulary are tokens of the model's pipeline: others never occur in a text. */
    public long wordsOfPipeline() {
        return model.vocabulary().words().stream()
                .filter(word -> model.pipeline().tokens(word).equals(List.of(word)))
                .count();
    }

    /** How many rows of Keras' embedding belong to no word. */
    public int rowsWithoutWord() {
        return keras.weights().words() - model.weights().words();
    }
}
