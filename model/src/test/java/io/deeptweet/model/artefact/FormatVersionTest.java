// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.model.RandomModels;
import io.deeptweet.model.artefact.Safetensors.Tensor;
import io.deeptweet.model.artefact.Safetensors.Type;
import io.deeptweet.model.artefact.Weights.Head;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of both formats, and what the rounding of the newer one keeps. */
class FormatVersionTest {
    private static final List<String> WORDS = List.of("good", "bad", "n't", "not", "😀");
    private static final List<String> TEXTS = List.of("", "good", "I don't like bad 😀!", "not unheard-of café");

    /** A file of format 1 with the weights of a model: a version that only such a file has. */
    static byte[] ofFormat1(ModelArtefact model) {
        return ofFormat1(model, model.weights(), "");
    }

    private static byte[] ofFormat1(ModelArtefact model, Weights weights, String digits) {
        List<Tensor> tensors = new ArrayList<>();
        for (Tensor tensor : model.file().tensors()) {
            switch (tensor.name()) {
                case "embedding" ->
                    tensors.add(Tensor.of("embedding", weights.embedding(), weights.words(), weights.embeddingSize()));
                case "ngrams.weight" -> tensors.add(ngrams(weights, tensor.shape()));
                case "ngrams.scale", "ngrams.negation" -> {}
                default -> tensors.add(tensor);
            }
        }
        Map<String, String> metadata = new LinkedHashMap<>(model.file().metadata());
        metadata.put("format_version", "1");
        if (!digits.isEmpty()) {
            metadata.put("version", "random-" + digits);
            return Safetensors.of(metadata, tensors).toBytes();
        }
        try {
            metadata.put("version", "random-00000000");
            ModelArtefact.read(Safetensors.of(metadata, tensors).toBytes());
            throw new AssertionError("its digits are not 00000000");
        } catch (InvalidArtefactException e) {
            String end = e.getMessage().replaceFirst(".*these end in ", "");
            return ofFormat1(model, weights, end);
        }
    }

    private static Tensor ngrams(Weights weights, List<Integer> shape) {
        int heads = weights.heads().size();
        float[] values = new float[weights.buckets() * heads];
        for (int i = 0; i < values.length; i++)
            values[i] = weights.heads().get(i % heads).ngrams()[i / heads];
        return Tensor.of("ngrams.weight", values, shape.toArray(Integer[]::new));
    }

    /** The digits that this model had when format 1 was the newest. */
    @Test
    void aModelOfFormat1KeepsItsVersionAndItsWeights() throws Exception {
        ModelArtefact newer = RandomModels.model(List.of("good", "bad", "😀", "café"), 3, 2, 1);
        Weights weights = RandomModels.weights(6, 3, 2, 1);
        ModelArtefact read = ModelArtefact.read(ofFormat1(newer, weights, "8d8b7377"));
        assertThat(read.weights()).usingRecursiveComparison().isEqualTo(weights);
        assertThat(read.version()).isEqualTo("random-8d8b7377").isNotEqualTo(newer.version());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aModelScoresTheSameInBothFormatsIfItsWeightsAreRounded(int heads) throws Exception {
        ModelArtefact model = RandomModels.withHeads(heads, WORDS, 6, 4, 256, 1);
        ModelArtefact older = ModelArtefact.read(ofFormat1(model));
        assertThat(older.weights()).usingRecursiveComparison().isEqualTo(model.weights());
        assertThat(older.version()).isNotEqualTo(model.version());
        for (String text : TEXTS)
            assertThat(KernelScorer.of(older).score(text).polarity())
                    .isEqualTo(KernelScorer.of(model).score(text).polarity());
        assertThat(remade(older, older.weights()).toBytes())
                .as("its n-grams too")
                .isEqualTo(model.toBytes());
    }

    @Test
    void aNewModelScoresAsItDoesAfterItIsReadBack() throws Exception {
        ModelArtefact model = RandomModels.withNegation(RandomModels.withHeads(2, WORDS, 6, 4, 256, 1));
        ModelArtefact read = ModelArtefact.read(model.toBytes());
        assertThat(read.weights()).usingRecursiveComparison().isEqualTo(model.weights());
        assertThat(read.weights().negation()).isTrue();
        for (String text : TEXTS)
            assertThat(KernelScorer.of(read).score(text))
                    .isEqualTo(KernelScorer.of(model).score(text));
    }

    @Test
    void marksOfNegationChangeTheVersionAndAreNoneWithoutNgrams() {
        ModelArtefact plain = RandomModels.withHeads(1, WORDS, 6, 4, 256, 1);
        ModelArtefact marked = RandomModels.withNegation(plain);
        assertThat(marked.version()).isNotEqualTo(plain.version());
        assertThat(plain.weights().negation()).isFalse();
        ModelArtefact network = RandomModels.model(WORDS, 6, 4, 1);
        assertThat(RandomModels.withNegation(network).toBytes()).isEqualTo(network.toBytes());
        assertThat(RandomModels.withNegation(network).weights().negation()).isFalse();
    }

    /** Fine-tuning changes some tensors; the model topic does not take those again that stay the same. */
    @Test
    void whatDoesNotChangeKeepsItsBytes() {
        ModelArtefact parent = RandomModels.withNegation(RandomModels.withHeads(2, WORDS, 6, 4, 4096, 1));
        List<Head> heads = parent.weights().heads().stream()
                .map(head -> head.withBias(head.bias() + 1))
                .toList();
        ModelArtefact tuned = remade(parent, parent.weights().withHeads(heads));
        for (int i = 0; i < parent.file().tensors().size(); i++) {
            Tensor before = parent.file().tensors().get(i);
            Tensor after = tuned.file().tensors().get(i);
            assertThat(Arrays.equals(after.bytes(), before.bytes()))
                    .as(before.name())
                    .isEqualTo(!before.name().equals("dense.bias"));
        }
    }

    @Test
    void aModelOfTheDefaultSizeTakesAtMostTwelveMegabytes() {
        int words = 20_001;
        int size = 150;
        int buckets = 1 << 21;
        Weights network = RandomModels.weights(10, size, 32, 1);
        Weights weights = new Weights(
                words,
                size,
                network.units(),
                new float[words * size],
                network.forward(),
                network.backward(),
                List.of(
                        network.polarity().withNgrams(new float[buckets]),
                        network.polarity().withNgrams(new float[buckets])));
        long bytes = ModelTensors.of(weights, Vocabulary.of(RandomModels.words(words))).stream()
                .mapToLong(tensor -> tensor.bytes().length)
                .sum();
        assertThat(bytes).isLessThan(11_000_000);
    }

    @Test
    void weightsThatTheFileCannotHoldAreRefused() {
        ModelArtefact model = RandomModels.withHeads(2, WORDS, 6, 4, 256, 1);
        for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 65520, -1e30f}) {
            float[] embedding = model.weights().embedding().clone();
            embedding[5] = value;
            assertThatThrownBy(() -> remade(model, withEmbedding(model.weights(), embedding)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("tensor embedding holds " + value + " at 5: ")
                    .hasMessageContaining("65504");
        }
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            float[] ngrams = new float[256];
            ngrams[9] = value;
            List<Head> heads = List.of(
                    model.weights().polarity(),
                    model.weights().opinion().orElseThrow().withNgrams(ngrams));
            assertThatThrownBy(() -> remade(model, model.weights().withHeads(heads)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("tensor ngrams.weight holds " + value + " at 9");
        }
    }

    @Test
    void theTypesOfFormat2AreRefusedInFormat1() {
        ModelArtefact model = RandomModels.withNegation(RandomModels.withHeads(1, WORDS, 6, 4, 8, 1));
        for (String name : List.of("ngrams.scale", "ngrams.negation")) {
            Tensor tensor = model.file().tensors().stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            assertRefused(model, tensor, "tensor " + name + " is unknown");
        }
        assertRefused(
                model,
                new Tensor("ngrams.weight", Type.I8, List.of(8), new byte[8]),
                "tensor ngrams.weight has the dtype I8, needs F32");
        assertRefused(
                model,
                Tensor.halves("embedding", new float[42], 7, 6),
                "tensor embedding has the dtype F16, needs F32");
    }

    private static void assertRefused(ModelArtefact model, Tensor changed, String reason) {
        assertThatThrownBy(() -> {
                    Safetensors file = Safetensors.read(ofFormat1(model));
                    List<Tensor> tensors = new ArrayList<>(file.tensors());
                    tensors.removeIf(one -> one.name().equals(changed.name()));
                    tensors.add(changed);
                    ModelArtefact.read(Safetensors.of(file.metadata(), tensors).toBytes());
                })
                .isInstanceOf(InvalidArtefactException.class)
                .hasMessage(reason);
    }

    private static Weights withEmbedding(Weights weights, float[] embedding) {
        return new Weights(
                weights.words(),
                weights.embeddingSize(),
                weights.units(),
                embedding,
                weights.forward(),
                weights.backward(),
                weights.heads());
    }

    private static ModelArtefact remade(ModelArtefact model, Weights weights) {
        return ModelArtefact.of(
                "random",
                TextPipeline.deepTweet(),
                64,
                model.vocabulary(),
                weights,
                new ModelArtefact.Provenance(Optional.empty(), Instant.parse("2026-01-31T12:00:00Z"), "none", "{}"));
    }
}
