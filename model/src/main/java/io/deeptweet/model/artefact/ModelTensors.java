// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import io.deeptweet.model.artefact.Safetensors.Tensor;
import io.deeptweet.model.artefact.Safetensors.Type;
import io.deeptweet.model.artefact.Weights.Head;
import io.deeptweet.model.text.Negation;
import io.deeptweet.model.text.Vocabulary;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Writes weights and vocabulary as an artefact's tensors, and reads them back. */
final class ModelTensors {
    private static final byte[] NEGATION = {Negation.SCOPE};

    /** What the tensors of an artefact hold. */
    record Contents(Weights weights, Vocabulary vocabulary) {}

    /** The tensors that have not been read yet. */
    private final Map<String, Tensor> unread = new LinkedHashMap<>();
    /** Whether the file is of format 1, which has single precision only. */
    private final boolean single;

    private ModelTensors(List<Tensor> tensors, int format) {
        single = format == 1;
        tensors.forEach(tensor -> unread.put(tensor.name(), tensor));
    }

    /**
     * The tensors of a model in the newest format, in the file's order.
     *
     * @throws IllegalArgumentException if a weight is NaN or infinite, or a value of the embedding is beyond half
     *     precision
     */
    static List<Tensor> of(Weights weights, Vocabulary vocabulary) {
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(Tensor.halves("embedding", weights.embedding(), weights.words(), weights.embeddingSize()));
        addLstm("lstm.forward", weights.forward(), weights, tensors);
        addLstm("lstm.backward", weights.backward(), weights, tensors);
        addHeads(weights, tensors);
        if (weights.buckets() > 0) addNgrams(weights, tensors);
        tensors.add(Tensor.of("vocabulary", vocabulary.toBytes()));
        return tensors;
    }

    private static void addHeads(Weights weights, List<Tensor> tensors) {
        List<Head> heads = weights.heads();
        tensors.add(Tensor.of("dense.weight", columns(heads, Head::dense), 2 * weights.units(), heads.size()));
        tensors.add(Tensor.of("dense.bias", columns(heads, head -> new float[] {head.bias()}), heads.size()));
    }

    private static void addNgrams(Weights weights, List<Tensor> tensors) {
        int heads = weights.heads().size();
        byte[] values = new byte[weights.buckets() * heads];
        float[] scales = new float[heads];
        for (int head = 0; head < heads; head++) {
            float[] ngrams = weights.heads().get(head).ngrams();
            for (int i = 0; i < ngrams.length; i++)
                if (!Float.isFinite(ngrams[i]))
                    throw new IllegalArgumentException("tensor ngrams.weight holds " + ngrams[i] + " at " + i);
            QuantizedWeights quantized = QuantizedWeights.of(ngrams);
            scales[head] = quantized.scale();
            for (int i = 0; i < ngrams.length; i++)
                values[i * heads + head] = quantized.values()[i];
        }
        tensors.add(new Tensor("ngrams.weight", Type.I8, ngramShape(weights.buckets(), heads), values));
        tensors.add(Tensor.of("ngrams.scale", scales, heads));
        if (weights.negation()) tensors.add(Tensor.of("ngrams.negation", NEGATION));
    }

    /** A vector for one head, as before there were two: models of format 1 keep their digests. */
    private static List<Integer> ngramShape(int buckets, int heads) {
        return heads == 1 ? List.of(buckets) : List.of(buckets, heads);
    }

    /** The matrix (rows, heads) whose columns are a vector of each head. */
    private static float[] columns(List<Head> heads, Function<Head, float[]> of) {
        if (heads.size() == 1) return of.apply(heads.get(0));
        List<float[]> vectors = heads.stream().map(of).toList();
        float[] matrix = new float[vectors.get(0).length * vectors.size()];
        for (int i = 0; i < matrix.length; i++) matrix[i] = vectors.get(i % vectors.size())[i / vectors.size()];
        return matrix;
    }

    private static float[] column(float[] matrix, int head, int heads) {
        if (heads == 1) return matrix;
        float[] vector = new float[matrix.length / heads];
        for (int i = 0; i < vector.length; i++) vector[i] = matrix[i * heads + head];
        return vector;
    }

    private static void addLstm(String name, Weights.Lstm lstm, Weights weights, List<Tensor> tensors) {
        int columns = 4 * weights.units();
        tensors.add(Tensor.of(name + ".input", lstm.input(), weights.embeddingSize(), columns));
        tensors.add(Tensor.of(name + ".recurrent", lstm.recurrent(), weights.units(), columns));
        tensors.add(Tensor.of(name + ".bias", lstm.bias(), columns));
    }

    /**
     * Reads the tensors of a model. The embedding and the forward recurrent weights give the sizes; every other shape
     * must agree with them.
     *
     * @param format of the file, which tells the types
     * @throws InvalidArtefactException if a tensor is missing or unknown, has another type or shape than it needs, or
     *     holds NaN or infinity; or if the vocabulary is invalid or has another size than the embedding
     */
    static Contents read(List<Tensor> tensors, int format) throws InvalidArtefactException {
        ModelTensors reader = new ModelTensors(tensors, format);
        Weights weights = reader.weights();
        Vocabulary vocabulary = reader.vocabulary();
        if (vocabulary.size() != weights.words())
            throw new InvalidArtefactException(
                    "the vocabulary has " + vocabulary.size() + " rows, but the embedding " + weights.words());
        if (!reader.unread.isEmpty())
            throw new InvalidArtefactException(
                    "tensor " + reader.unread.keySet().iterator().next() + " is unknown");
        return new Contents(weights, vocabulary);
    }

    private Weights weights() throws InvalidArtefactException {
        Tensor embedding = take("embedding", single ? Type.F32 : Type.F16);
        Tensor recurrent = peek("lstm.forward.recurrent");
        if (embedding.shape().size() != 2 || recurrent.shape().size() != 2)
            throw new InvalidArtefactException("embedding " + embedding.shape() + " and lstm.forward.recurrent "
                    + recurrent.shape() + " are no matrices");
        int words = embedding.shape().get(0);
        int embeddingSize = embedding.shape().get(1);
        int units = recurrent.shape().get(0);
        if (words < 2 || embeddingSize < 1 || units < 1)
            throw new InvalidArtefactException("embedding " + embedding.shape() + " and lstm.forward.recurrent "
                    + recurrent.shape() + " are too small");
        Weights weights = new Weights(
                words,
                embeddingSize,
                units,
                finite(embedding),
                lstm("lstm.forward", embeddingSize, units),
                lstm("lstm.backward", embeddingSize, units),
                heads(units));
        return weights.withNegation(weights.buckets() > 0 && negation());
    }

    private Weights.Lstm lstm(String name, int embeddingSize, int units) throws InvalidArtefactException {
        return new Weights.Lstm(
                floats(name + ".input", embeddingSize, 4 * units),
                floats(name + ".recurrent", units, 4 * units),
                floats(name + ".bias", 4 * units));
    }

    /** The biases tell how many heads there are. */
    private List<Head> heads(int units) throws InvalidArtefactException {
        List<Integer> shape = peek("dense.bias").shape();
        if (shape.size() != 1 || shape.get(0) < 1 || shape.get(0) > Weights.MOST_HEADS)
            throw new InvalidArtefactException(
                    "tensor dense.bias has the shape " + shape + ", needs [1] or [2]: one per head");
        int count = shape.get(0);
        float[] dense = floats("dense.weight", 2 * units, count);
        float[] bias = floats("dense.bias", count);
        float[] ngrams = ngrams(count);
        List<Head> heads = new ArrayList<>();
        for (int head = 0; head < count; head++)
            heads.add(new Head(column(dense, head, count), bias[head], column(ngrams, head, count)));
        return heads;
    }

    private float[] ngrams(int heads) throws InvalidArtefactException {
        if (!unread.containsKey("ngrams.weight")) return new float[0];
        Tensor weights = take("ngrams.weight", single ? Type.F32 : Type.I8);
        List<Integer> shape = weights.shape();
        if (shape.isEmpty() || Integer.bitCount(shape.get(0)) != 1 || !shape.equals(ngramShape(shape.get(0), heads)))
            throw new InvalidArtefactException("tensor ngrams.weight has the shape " + shape + ", needs "
                    + (heads == 1 ? "one dimension, a power of two" : "a power of two and " + heads + " heads"));
        return single ? finite(weights) : scaled(weights, heads);
    }

    /** The product of quantized weights, (buckets, heads), and the scale of each head. */
    private float[] scaled(Tensor weights, int heads) throws InvalidArtefactException {
        float[] scales = floats("ngrams.scale", heads);
        for (float scale : scales)
            if (!QuantizedWeights.isScale(scale))
                throw new InvalidArtefactException("tensor ngrams.scale holds " + scale
                        + ": it must be positive, and 127 times as much must be finite");
        byte[] values = weights.bytes();
        float[] scaled = new float[values.length];
        for (int i = 0; i < scaled.length; i++) {
            if (values[i] < -QuantizedWeights.LARGEST)
                throw new InvalidArtefactException(
                        "tensor ngrams.weight holds " + values[i] + " at " + i + ": -127 to 127 is allowed");
            scaled[i] = values[i] * scales[i % heads];
        }
        return scaled;
    }

    private boolean negation() throws InvalidArtefactException {
        if (single || !unread.containsKey("ngrams.negation")) return false;
        byte[] scope = take("ngrams.negation", Type.U8).bytes();
        if (!Arrays.equals(scope, NEGATION))
            throw new InvalidArtefactException("tensor ngrams.negation holds " + Arrays.toString(scope)
                    + ", but this program marks " + Arrays.toString(NEGATION) + " tokens after a negation");
        return true;
    }

    private Vocabulary vocabulary() throws InvalidArtefactException {
        byte[] utf8 = take("vocabulary", Type.U8).bytes();
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
            return Vocabulary.fromBytes(utf8);
        } catch (CharacterCodingException e) {
            throw new InvalidArtefactException("tensor vocabulary is not UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new InvalidArtefactException("tensor vocabulary: " + e.getMessage(), e);
        }
    }

    private float[] floats(String name, Integer... shape) throws InvalidArtefactException {
        Tensor tensor = take(name, Type.F32);
        if (!tensor.shape().equals(List.of(shape)))
            throw new InvalidArtefactException(
                    "tensor " + name + " has the shape " + tensor.shape() + ", needs " + List.of(shape));
        return finite(tensor);
    }

    private Tensor peek(String name) throws InvalidArtefactException {
        Tensor tensor = unread.get(name);
        if (tensor == null) throw new InvalidArtefactException("tensor " + name + " is missing");
        return tensor;
    }

    private Tensor take(String name, Type type) throws InvalidArtefactException {
        Tensor tensor = peek(name);
        if (tensor.type() != type)
            throw new InvalidArtefactException(
                    "tensor " + name + " has the dtype " + tensor.type() + ", needs " + type);
        unread.remove(name);
        return tensor;
    }

    private static float[] finite(Tensor tensor) throws InvalidArtefactException {
        float[] values = tensor.floats();
        for (int i = 0; i < values.length; i++)
            if (!Float.isFinite(values[i]))
                throw new InvalidArtefactException("tensor " + tensor.name() + " holds " + values[i] + " at " + i);
        return values;
    }
}
