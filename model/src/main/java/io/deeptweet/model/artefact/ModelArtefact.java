// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import io.deeptweet.model.artefact.Safetensors.Tensor;
import io.deeptweet.model.artefact.Safetensors.Type;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A trained model with all that is needed to score with it: text pipeline, vocabulary, weights, and where they come
 * from. As a file it is a {@link Safetensors} file:
 *
 * <pre>
 * __metadata__             format_version, version, parent (only if fine-tuned), pipeline, maximum_length, created_at (ISO 8601),
 *                          training_data, report (the evaluation, JSON)
 * embedding                F32 (words, embedding size): row 0 padding, row 1 unknown
 * lstm.forward.input       F32 (embedding size, 4 * units)    gates in the order of {@link Weights.Lstm}
 * lstm.forward.recurrent   F32 (units, 4 * units)
 * lstm.forward.bias        F32 (4 * units)
 * lstm.backward.*          likewise
 * dense.weight             F32 (2 * units, 1)
 * dense.bias               F32 (1)
 * ngrams.weight            F32 (buckets, a power of two): of io.deeptweet.model.score.Ngrams; may be missing
 * vocabulary               U8: the words from row 2 on, in UTF-8, with a line feed between them
 * </pre>
 *
 * <p>The version is {@code <name>-<8 hex digits>}; the digits are the first of a SHA-256 over the pipeline's name, the
 * maximum length and every tensor, so that a version never names two models that score differently, and the reader sees
 * when one was altered.
 */
public final class ModelArtefact {
    /** The version of the format that this class writes, and the newest that it reads. */
    public static final int FORMAT_VERSION = 1;

    private static final int DIGITS = 8;

    private final Safetensors file;
    private final String version;
    private final Optional<String> parent;
    private final TextPipeline pipeline;
    private final int maximumLength;
    private final Instant createdAt;
    private final Vocabulary vocabulary;
    private final Weights weights;

    /**
     * Where a model comes from.
     *
     * @param parent the version that it was fine-tuned from; empty if it was trained from scratch
     * @param trainingData the names of the data sets
     * @param report the evaluation, a JSON object
     */
    public record Provenance(Optional<String> parent, Instant createdAt, String trainingData, String report) {}

    private ModelArtefact(Safetensors file) throws InvalidArtefactException {
        this.file = file;
        Map<String, String> metadata = file.metadata();
        requireFormat(metadata.get("format_version"));
        this.version = text(metadata, "version");
        this.parent = Optional.ofNullable(metadata.get("parent"));
        this.pipeline = pipeline(text(metadata, "pipeline"));
        this.maximumLength = maximumLength(text(metadata, "maximum_length"));
        this.createdAt = instant(text(metadata, "created_at"));
        text(metadata, "training_data");
        text(metadata, "report");
        Reader reader = new Reader(file.tensors());
        this.weights = reader.weights();
        this.vocabulary = reader.vocabulary(weights.words());
        requireVersion();
    }

    /**
     * A model that was just trained.
     *
     * @param name what its version begins with: letters, digits, {@code .}, {@code _} and {@code -}
     * @param maximumLength how many tokens of a text are read, the first ones; positive
     * @throws IllegalArgumentException if the name or the length is not allowed, the vocabulary has another size than
     *     the embedding, or a weight is NaN or infinite
     */
    public static ModelArtefact of(
            String name,
            TextPipeline pipeline,
            int maximumLength,
            Vocabulary vocabulary,
            Weights weights,
            Provenance provenance) {
        requireName(name);
        List<Tensor> tensors = tensors(weights, vocabulary);
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format_version", Integer.toString(FORMAT_VERSION));
        metadata.put("version", name + "-" + digits(pipeline.name(), Integer.toString(maximumLength), tensors));
        provenance.parent().ifPresent(parent -> metadata.put("parent", parent));
        metadata.put("pipeline", pipeline.name());
        metadata.put("maximum_length", Integer.toString(maximumLength));
        metadata.put("created_at", provenance.createdAt().toString());
        metadata.put("training_data", provenance.trainingData());
        metadata.put("report", provenance.report());
        try {
            return new ModelArtefact(Safetensors.of(metadata, tensors));
        } catch (InvalidArtefactException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * That name, if a version may begin with it.
     *
     * @throws IllegalArgumentException if it may not: it is not 1 to 64 letters, digits, {@code .}, {@code _} and
     *     {@code -}, the first a letter or digit
     */
    public static String requireName(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"))
            throw new IllegalArgumentException(
                    "a model's name is 1 to 64 letters, digits, '.', '_' and '-', not " + name);
        return name;
    }

    /**
     * Reads an artefact.
     *
     * @throws InvalidArtefactException if the file is none, or one that was cut short or altered; its message names the
     *     file and what is wrong
     * @throws IOException if the file can't be read
     */
    public static ModelArtefact read(Path file) throws IOException, InvalidArtefactException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            return read(bytes);
        } catch (InvalidArtefactException e) {
            throw new InvalidArtefactException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads an artefact.
     *
     * @throws InvalidArtefactException if the bytes are none, or one that was cut short or altered: a missing tensor,
     *     one too many, a wrong type or shape, NaN, a newer format, a version that belongs to other contents
     */
    public static ModelArtefact read(byte[] file) throws InvalidArtefactException {
        return new ModelArtefact(Safetensors.read(file));
    }

    /**
     * Reads the evaluation report from an artefact's header alone.
     *
     * @param header the JSON header, as {@link Safetensors#header()} gives it and as it is published
     * @return the report, a JSON object
     * @throws InvalidArtefactException if the header is not valid JSON or has no report
     */
    public static String report(String header) throws InvalidArtefactException {
        return text(Safetensors.metadata(header), "report");
    }

    /** Writes the artefact; who reads the path meanwhile sees the old file or the whole new one. */
    public void write(Path path) throws IOException {
        Path target = path.toAbsolutePath();
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.write(part, toBytes());
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** The file's bytes: the same for the same model. */
    public byte[] toBytes() {
        return file.toBytes();
    }

    /** The file that holds this model, with the header and the tensors as they are published. */
    public Safetensors file() {
        return file;
    }

    /** Name and digest of the model, such as {@code v1-base-0a1b2c3d}. */
    public String version() {
        return version;
    }

    /** The version that this model was fine-tuned from, if it was. */
    public Optional<String> parent() {
        return parent;
    }

    public TextPipeline pipeline() {
        return pipeline;
    }

    /** How many tokens of a text are read; the first ones. */
    public int maximumLength() {
        return maximumLength;
    }

    public Instant createdAt() {
        return createdAt;
    }

    /** The names of the data sets that it was trained on. */
    public String trainingData() {
        return file.metadata().get("training_data");
    }

    /** The evaluation, a JSON object. */
    public String report() {
        return file.metadata().get("report");
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    public Weights weights() {
        return weights;
    }

    private static List<Tensor> tensors(Weights weights, Vocabulary vocabulary) {
        int units = weights.units();
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(Tensor.of("embedding", weights.embedding(), weights.words(), weights.embeddingSize()));
        for (String direction : List.of("forward", "backward")) {
            Weights.Lstm lstm = direction.equals("forward") ? weights.forward() : weights.backward();
            tensors.add(Tensor.of("lstm." + direction + ".input", lstm.input(), weights.embeddingSize(), 4 * units));
            tensors.add(Tensor.of("lstm." + direction + ".recurrent", lstm.recurrent(), units, 4 * units));
            tensors.add(Tensor.of("lstm." + direction + ".bias", lstm.bias(), 4 * units));
        }
        tensors.add(Tensor.of("dense.weight", weights.dense(), 2 * units, 1));
        tensors.add(Tensor.of("dense.bias", new float[] {weights.denseBias()}, 1));
        if (weights.ngrams().length > 0)
            tensors.add(Tensor.of("ngrams.weight", weights.ngrams(), weights.ngrams().length));
        tensors.add(Tensor.of("vocabulary", vocabulary.toBytes()));
        return tensors;
    }

    private static String digits(String pipeline, String maximumLength, List<Tensor> tensors) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((pipeline + "\n" + maximumLength + "\n").getBytes(StandardCharsets.UTF_8));
            for (Tensor tensor : tensors) {
                digest.update((tensor.name() + " " + tensor.type() + " " + tensor.shape() + "\n")
                        .getBytes(StandardCharsets.UTF_8));
                digest.update(tensor.bytes());
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private void requireVersion() throws InvalidArtefactException {
        String digits = digits(pipeline.name(), Integer.toString(maximumLength), file.tensors());
        if (!version.endsWith("-" + digits))
            throw new InvalidArtefactException(
                    "version " + version + " belongs to other contents: these end in " + digits);
    }

    private static void requireFormat(String found) throws InvalidArtefactException {
        if (found == null)
            throw new InvalidArtefactException("the metadata has no format_version: this is no DeepTweet model");
        if (!found.equals(Integer.toString(FORMAT_VERSION)))
            throw new InvalidArtefactException("the format_version is " + found + ", but this program reads "
                    + FORMAT_VERSION + ": use a newer one");
    }

    private static String text(Map<String, String> metadata, String key) throws InvalidArtefactException {
        String value = metadata.get(key);
        if (value == null) throw new InvalidArtefactException("the metadata has no " + key);
        return value;
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

    @Override
    public String toString() {
        return version;
    }

    /** Takes the tensors one by one, each with the shape that those before it ask for. */
    private static final class Reader {
        private final Map<String, Tensor> tensors = new LinkedHashMap<>();

        Reader(List<Tensor> tensors) {
            tensors.forEach(tensor -> this.tensors.put(tensor.name(), tensor));
        }

        Weights weights() throws InvalidArtefactException {
            Tensor embedding = take("embedding", Type.F32);
            Tensor recurrent = peek("lstm.forward.recurrent");
            if (embedding.shape().size() != 2 || recurrent.shape().size() != 2)
                throw new InvalidArtefactException("embedding " + embedding.shape() + " and lstm.forward.recurrent "
                        + recurrent.shape() + " are no matrices");
            int words = embedding.shape().get(0);
            int size = embedding.shape().get(1);
            int units = recurrent.shape().get(0);
            if (words < 2 || size < 1 || units < 1)
                throw new InvalidArtefactException("embedding " + embedding.shape() + " and lstm.forward.recurrent "
                        + recurrent.shape() + " are too small");
            float[] rows = finite(embedding);
            Weights.Lstm forward = lstm("forward", size, units);
            Weights.Lstm backward = lstm("backward", size, units);
            float[] dense = floats("dense.weight", 2 * units, 1);
            return new Weights(
                    words, size, units, rows, forward, backward, dense, floats("dense.bias", 1)[0], ngrams());
        }

        private float[] ngrams() throws InvalidArtefactException {
            if (!tensors.containsKey("ngrams.weight")) return new float[0];
            Tensor weights = take("ngrams.weight", Type.F32);
            if (weights.shape().size() != 1 || Integer.bitCount(weights.shape().get(0)) != 1)
                throw new InvalidArtefactException("tensor ngrams.weight has the shape " + weights.shape()
                        + ", needs one dimension, a power of two");
            return finite(weights);
        }

        private Weights.Lstm lstm(String direction, int size, int units) throws InvalidArtefactException {
            String name = "lstm." + direction;
            return new Weights.Lstm(
                    floats(name + ".input", size, 4 * units),
                    floats(name + ".recurrent", units, 4 * units),
                    floats(name + ".bias", 4 * units));
        }

        Vocabulary vocabulary(int rows) throws InvalidArtefactException {
            byte[] utf8 = take("vocabulary", Type.U8).bytes();
            Vocabulary vocabulary;
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
                vocabulary = Vocabulary.fromBytes(utf8);
            } catch (CharacterCodingException e) {
                throw new InvalidArtefactException("tensor vocabulary is not UTF-8", e);
            } catch (IllegalArgumentException e) {
                throw new InvalidArtefactException("tensor vocabulary: " + e.getMessage(), e);
            }
            if (vocabulary.size() != rows)
                throw new InvalidArtefactException(
                        "the vocabulary has " + vocabulary.size() + " rows, but the embedding " + rows);
            if (!tensors.isEmpty())
                throw new InvalidArtefactException(
                        "tensor " + tensors.keySet().iterator().next() + " is unknown");
            return vocabulary;
        }

        private float[] floats(String name, Integer... shape) throws InvalidArtefactException {
            Tensor tensor = take(name, Type.F32);
            if (!tensor.shape().equals(List.of(shape)))
                throw new InvalidArtefactException(
                        "tensor " + name + " has the shape " + tensor.shape() + ", needs " + List.of(shape));
            return finite(tensor);
        }

        private Tensor peek(String name) throws InvalidArtefactException {
            Tensor tensor = tensors.get(name);
            if (tensor == null) throw new InvalidArtefactException("tensor " + name + " is missing");
            return tensor;
        }

        private Tensor take(String name, Type type) throws InvalidArtefactException {
            Tensor tensor = peek(name);
            if (tensor.type() != type)
                throw new InvalidArtefactException(
                        "tensor " + name + " has the dtype " + tensor.type() + ", needs " + type);
            tensors.remove(name);
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
}
