// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.schemas.published.PublishedModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Small real models that give every text the same probability. */
public final class TestModels {
    private static final int EMBEDDING_SIZE = 2;
    private static final int UNITS = 2;
    private static final Vocabulary WORDS = Vocabulary.of(List.of("love", "hate"));

    private TestModels() {}

    public static ModelArtefact constant(String name, double probability) {
        return constant(name, probability, "{}");
    }

    /** As above, with a report. */
    public static ModelArtefact constant(String name, double probability, String report) {
        return model(
                name,
                new float[WORDS.size() * EMBEDDING_SIZE],
                new float[EMBEDDING_SIZE * 4 * UNITS],
                new float[2 * UNITS],
                (float) Math.log(probability / (1 - probability)),
                report);
    }

    /** A model of finite weights whose product with the embedding of any word is infinity minus infinity. */
    public static ModelArtefact overflowing(String name) {
        float[] embedding = new float[WORDS.size() * EMBEDDING_SIZE];
        Arrays.fill(embedding, 65504); // the largest number of half precision
        float[] input = new float[EMBEDDING_SIZE * 4 * UNITS];
        Arrays.fill(input, 0, 4 * UNITS, Float.MAX_VALUE);
        Arrays.fill(input, 4 * UNITS, 8 * UNITS, -Float.MAX_VALUE);
        return model(name, embedding, input, new float[] {1, 1, 1, 1}, 0, "{}");
    }

    private static ModelArtefact model(
            String name, float[] embedding, float[] input, float[] dense, float bias, String report) {
        Weights.Lstm lstm = new Weights.Lstm(input, new float[UNITS * 4 * UNITS], new float[4 * UNITS]);
        Weights weights = new Weights(
                WORDS.size(), EMBEDDING_SIZE, UNITS, embedding, lstm, lstm, List.of(new Weights.Head(dense, bias)));
        return ModelArtefact.of(
                name,
                TextPipeline.deepTweet(),
                64,
                WORDS,
                weights,
                new ModelArtefact.Provenance(Optional.empty(), Instant.parse("2026-01-31T12:00:00Z"), "none", report));
    }

    /** The same model with a fault that its digests do not show. */
    public static PublishedModel broken(PublishedModel model, String fault) {
        return switch (fault) {
            case "missing tensor" -> with(model, header -> header.replace("dense.weight", "dense.height"), 0);
            case "wrong shape" -> with(model, header -> header.replace("\"shape\":[4,1]", "\"shape\":[1,4]"), 0);
            case "newer format" ->
                with(model, header -> header.replace("\"format_version\":\"2\"", "\"format_version\":\"3\""), 0);
            case "NaN" -> with(model, UnaryOperator.identity(), 0x7E00);
            case "another version" -> new PublishedModel("v7", Optional.empty(), model.header(), model.tensors());
            default -> throw new IllegalArgumentException(fault);
        };
    }

    /** A model with another header, and with the bits of a half in place of its first weight. */
    private static PublishedModel with(PublishedModel model, UnaryOperator<String> header, int first) {
        List<PublishedModel.Tensor> tensors = new ArrayList<>(model.tensors());
        byte[] bytes = tensors.get(0).bytes().clone();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(0, (short) first);
        tensors.set(0, new PublishedModel.Tensor(tensors.get(0).name(), bytes));
        return new PublishedModel(model.version(), model.parent(), header.apply(model.header()), tensors);
    }

    /** As it is published. */
    public static PublishedModel published(ModelArtefact artefact) {
        return new PublishedModel(
                artefact.version(),
                artefact.parent(),
                artefact.file().header(),
                artefact.file().tensors().stream()
                        .map(tensor -> new PublishedModel.Tensor(tensor.name(), tensor.bytes()))
                        .toList());
    }
}
