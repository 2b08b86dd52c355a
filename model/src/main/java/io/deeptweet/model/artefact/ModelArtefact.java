// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import io.deeptweet.model.artefact.Safetensors.Tensor;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A trained model with everything that scoring needs: text pipeline, vocabulary and weights, and where they come from.
 * Its file is a {@link Safetensors} file:
 *
 * <pre>
 * __metadata__             format_version, version, parent (only if fine-tuned), pipeline, maximum_length,
 *                          created_at (ISO 8601), training_data, report (the evaluation, JSON)
 * embedding                F16 (words, embedding size): row 0 padding, row 1 unknown
 * lstm.forward.input       F32 (embedding size, 4 * units)    gates in the order of {@link Weights.Lstm}
 * lstm.forward.recurrent   F32 (units, 4 * units)
 * lstm.forward.bias        F32 (4 * units)
 * lstm.backward.*          likewise
 * dense.weight             F32 (2 * units, heads)    one head: polarity; or two: polarity, opinion
 * dense.bias               F32 (heads)
 * ngrams.weight            I8 (buckets) for one head, (buckets, 2) for two, from -127 to 127; buckets is a power of
 *                          two: of io.deeptweet.model.score.Ngrams; this and the next two are optional
 * ngrams.scale             F32 (heads): the factor of a head's ngrams.weight
 * ngrams.negation          U8 (1): {@value io.deeptweet.model.text.Negation#SCOPE}, the tokens in the scope of a
 *                          negation; only if n-grams that start there have buckets of their own
 * vocabulary               U8: the words from row 2 on, in UTF-8, separated by line feeds
 * </pre>
 *
 * <p>A file of format 1 is read too. Its embedding and n-grams are F32, and it has no scale and no negation.
 *
 * <p>The version is {@code <name>-<8 hex digits>}. The digits are the first of a SHA-256 over the pipeline's name, the
 * maximum length and every tensor. So models that score differently never share a version, and the reader notices an
 * altered file.
 *
 * <p>Immutable, except that the arrays are shared; safe for use by many threads.
 */
public final class ModelArtefact {
    private static final int DIGITS = 8;

    private final Safetensors file;
    private final ModelHeader header;
    private final Vocabulary vocabulary;
    private final Weights weights;

    /**
     * Where a model comes from.
     *
     * @param parent the version that it was fine-tuned from; empty if it was trained from scratch
     * @param trainingData the names of the data sets
     * @param report the evaluation report, a JSON object
     */
    public record Provenance(Optional<String> parent, Instant createdAt, String trainingData, String report) {}

    private ModelArtefact(Safetensors file) throws InvalidArtefactException {
        this.file = file;
        this.header = ModelHeader.of(file.metadata());
        ModelTensors.Contents contents = ModelTensors.read(file.tensors(), ModelHeader.format(file.metadata()));
        this.weights = contents.weights();
        this.vocabulary = contents.vocabulary();
        String digits = digits(header.pipeline(), header.maximumLength(), file.tensors());
        if (!version().endsWith("-" + digits))
            throw new InvalidArtefactException(
                    "version " + version() + " belongs to other contents: these end in " + digits);
    }

    /**
     * Makes an artefact of a newly trained model, in the newest format. The weights are rounded to what the file holds,
     * so the artefact scores as it does when it is read from its file. An artefact's own weights stay the same.
     *
     * @param name what the version begins with, as {@link #requireName} allows
     * @param maximumLength number of tokens of a text that the model reads, the first ones; 1 to 9999
     * @throws IllegalArgumentException if the name or the length is not allowed, the vocabulary has another size than
     *     the embedding, a weight is NaN or infinite, or a value of the embedding is beyond half precision
     */
    public static ModelArtefact of(
            String name,
            TextPipeline pipeline,
            int maximumLength,
            Vocabulary vocabulary,
            Weights weights,
            Provenance provenance) {
        requireName(name);
        List<Tensor> tensors = ModelTensors.of(weights, vocabulary);
        String version = name + "-" + digits(pipeline, maximumLength, tensors);
        ModelHeader header = new ModelHeader(version, pipeline, maximumLength, provenance);
        try {
            return new ModelArtefact(Safetensors.of(header.metadata(), tensors));
        } catch (InvalidArtefactException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Checks that a version may begin with a name.
     *
     * @return the name
     * @throws IllegalArgumentException if it is not 1 to 64 letters, digits, {@code .}, {@code _} and {@code -},
     *     beginning with a letter or digit
     */
    public static String requireName(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"))
            throw new IllegalArgumentException(
                    "a model's name is 1 to 64 letters, digits, '.', '_' and '-', not " + name);
        return name;
    }

    /**
     * Reads an artefact from a file.
     *
     * @throws InvalidArtefactException if the file is not a valid artefact; the message names the file and the reason
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
     * @throws InvalidArtefactException if the file is cut short or altered, a tensor is missing, unknown, or of the
     *     wrong type or shape, a weight is NaN or infinite, the format is newer, or the version belongs to other
     *     contents
     */
    public static ModelArtefact read(byte[] file) throws InvalidArtefactException {
        return new ModelArtefact(Safetensors.read(file));
    }

    /** Writes the artefact. Another process that reads the path meanwhile sees the old file or the whole new one. */
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

    /** The file's bytes: always the same for the same model. */
    public byte[] toBytes() {
        return file.toBytes();
    }

    /** The safetensors file: header and tensors as they are published. */
    public Safetensors file() {
        return file;
    }

    /** The metadata. */
    public ModelHeader header() {
        return header;
    }

    /** Name and digest of the model, such as {@code v1-base-0a1b2c3d}. */
    public String version() {
        return header.version();
    }

    /** The version that this model was fine-tuned from; empty if it was trained from scratch. */
    public Optional<String> parent() {
        return header.parent();
    }

    public TextPipeline pipeline() {
        return header.pipeline();
    }

    /** Number of tokens of a text that the model reads; the first ones. */
    public int maximumLength() {
        return header.maximumLength();
    }

    public Instant createdAt() {
        return header.createdAt();
    }

    /** The names of the data sets that the model was trained on. */
    public String trainingData() {
        return header.trainingData();
    }

    /** The evaluation report, a JSON object. */
    public String report() {
        return header.report();
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    public Weights weights() {
        return weights;
    }

    private static String digits(TextPipeline pipeline, int maximumLength, List<Tensor> tensors) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((pipeline.name() + "\n" + maximumLength + "\n").getBytes(StandardCharsets.UTF_8));
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

    @Override
    public String toString() {
        return version();
    }
}
