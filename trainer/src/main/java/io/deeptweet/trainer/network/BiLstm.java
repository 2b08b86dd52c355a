// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The network: embedding, dropout, bidirectional LSTM, max pooling over the tokens, dropout, one sigmoid unit for each
 * head. It is trained with Adam on the binary cross-entropy, summed over the heads. In the paper's shape it has
 * 3,000,150 + 147,840 + 161 parameters.
 *
 * <p>A batch holds texts of one length, so nothing is padded. DL4J 1.0.0-M2.1 masks the pooling, but not the LSTM below
 * it: with padding after a text, the backward direction would start in the padding, and the score of a text would
 * depend on the lengths of the others in its batch.
 *
 * <p>Holds native memory and mutable state; not safe for use by several threads at once.
 */
public final class BiLstm {
    /** Maximum texts that {@link #probabilities} and {@link #pooled} compute at once, which limits their memory. */
    private static final int LARGEST_BATCH = 1024;

    private final MultiLayerNetwork network;

    /**
     * The sizes of the network.
     *
     * @param words rows of the embedding, padding and unknown included; at least 2
     * @param embeddingSize columns of the embedding; positive
     * @param units LSTM units of each direction; positive
     * @param heads outputs: the polarity, or polarity and opinion; 1 or 2
     */
    public record Shape(int words, int embeddingSize, int units, int heads) {
        /** The shape of the paper's network. */
        public static final Shape PAPER = new Shape(Vocabulary.DEFAULT_SIZE, 150, 80);

        public Shape {
            if (words < 2 || embeddingSize < 1 || units < 1 || heads < 1 || heads > 2)
                throw new IllegalArgumentException(
                        "no network has the shape " + words + ", " + embeddingSize + ", " + units + ", " + heads);
        }

        /** The shape of a network of two classes. */
        public Shape(int words, int embeddingSize, int units) {
            this(words, embeddingSize, units, 1);
        }
    }

    /**
     * How the network is trained.
     *
     * @param learningRate Adam's initial learning rate; positive
     * @param steps training steps after which the learning rate has fallen linearly to 0; 0 for a constant rate
     * @param embeddingDropout share of the embedding's columns that a training step drops, the same columns for all
     *     tokens of a text; in [0, 1)
     * @param denseDropout share of the pooled units that a training step drops; in [0, 1)
     * @param seed of the initial weights
     * @param embeddingFrozen whether training leaves the embedding as it is
     */
    public record Training(
            double learningRate,
            int steps,
            double embeddingDropout,
            double denseDropout,
            long seed,
            boolean embeddingFrozen) {
        public Training {
            if (!(learningRate > 0))
                throw new IllegalArgumentException("the learning rate must be positive, was " + learningRate);
            if (steps < 0) throw new IllegalArgumentException("the learning rate can't fall over " + steps + " steps");
            for (double dropout : new double[] {embeddingDropout, denseDropout})
                if (!(dropout >= 0 && dropout < 1))
                    throw new IllegalArgumentException("dropout must be in [0, 1), was " + dropout);
        }
    }

    /** What computes the layers below the output layer. */
    public enum Encoder {
        /**
         * {@link BiLstmEncoder}, which is fast. A training step changes only the rows of the embedding whose words are
         * in the batch, see {@link LazyAdam}.
         */
        FUSED,
        /** DL4J's own layers, which define what the network computes. */
        STOCK
    }

    private BiLstm(MultiLayerNetwork network) {
        this.network = network;
    }

    /** A network with random weights. */
    public static BiLstm initial(Shape shape, Training training) {
        return initial(shape, training, Encoder.FUSED);
    }

    /** A network with random weights; both encoders start with the same. */
    public static BiLstm initial(Shape shape, Training training, Encoder encoder) {
        MultiLayerNetwork network = new MultiLayerNetwork(BiLstmConfiguration.of(shape, training, encoder));
        network.init();
        return new BiLstm(network);
    }

    /** A network with given weights, for further training. */
    public static BiLstm of(Weights weights, Training training) {
        return of(weights, training, Encoder.FUSED);
    }

    private static BiLstm of(Weights weights, Training training, Encoder encoder) {
        BiLstm network = initial(
                new Shape(
                        weights.words(),
                        weights.embeddingSize(),
                        weights.units(),
                        weights.heads().size()),
                training,
                encoder);
        network.load(weights);
        return network;
    }

    /** A network with given weights. */
    public static BiLstm of(Weights weights) {
        return of(weights, Encoder.FUSED);
    }

    /** A network with given weights and encoder. */
    public static BiLstm of(Weights weights, Encoder encoder) {
        return of(weights, new Training(1e-3, 0, 0, 0, 0, false), encoder);
    }

    /**
     * Reads a network that {@link #save} wrote. Training continues as if it had not been interrupted.
     *
     * @throws IOException if the file can't be read, or is not such a file
     */
    public static BiLstm resume(Path file) throws IOException {
        return new BiLstm(MultiLayerNetwork.load(file.toFile(), true));
    }

    /** Writes everything that training needs to continue: configuration, weights, and the state of the updater. */
    public void save(Path file) throws IOException {
        network.save(file.toFile(), true);
    }

    /**
     * Runs one training step.
     *
     * @param texts rows of the vocabulary, the same number for each text and at least one
     * @param targets (texts, heads) the target probabilities, in [0, 1]
     * @param weights (texts, heads) the weights of the losses, 0 or more; unused with one head, all of whose losses
     *     count
     * @return the mean loss of the batch before the step
     * @throws IllegalArgumentException if the lengths of the texts differ
     */
    public double train(int[][] texts, float[][] targets, float[][] weights) {
        // One head has a label for every text, so its losses all count.
        INDArray mask = targets[0].length == 1 ? null : Nd4j.create(weights);
        network.fit(features(texts), Nd4j.create(targets), null, mask);
        return network.score();
    }

    /**
     * The probabilities of each text.
     *
     * @param texts rows of the vocabulary, of any lengths from 1
     * @return (texts, heads)
     */
    public float[][] probabilities(int[][] texts) {
        float[][] probabilities = new float[texts.length][];
        for (List<Integer> batch : batches(texts)) {
            float[][] output = network.output(features(texts, batch)).toFloatMatrix();
            for (int i = 0; i < output.length; i++) probabilities[batch.get(i)] = output[i];
        }
        return probabilities;
    }

    /**
     * The output of the encoder for each text: the largest output of each unit over the tokens.
     *
     * @param texts rows of the vocabulary, of any lengths from 1
     * @return (texts, 2 * units), first the forward units
     */
    public float[][] pooled(int[][] texts) {
        float[][] pooled = new float[texts.length][];
        int encoder = network.getnLayers() - 2;
        for (List<Integer> batch : batches(texts)) {
            INDArray output = network.feedForwardToLayer(encoder, features(texts, batch), false)
                    .get(encoder + 1); // after the input
            for (int i = 0; i < batch.size(); i++)
                pooled[batch.get(i)] = output.getRow(i).dup('c').data().asFloat();
        }
        return pooled;
    }

    /** The indices of the texts in batches of one length. */
    private static List<List<Integer>> batches(int[][] texts) {
        List<List<Integer>> batches = new ArrayList<>();
        for (List<Integer> sameLength : IntStream.range(0, texts.length)
                .boxed()
                .collect(Collectors.groupingBy(i -> texts[i].length))
                .values())
            for (int from = 0; from < sameLength.size(); from += LARGEST_BATCH)
                batches.add(sameLength.subList(from, Math.min(from + LARGEST_BATCH, sameLength.size())));
        return batches;
    }

    private static INDArray features(int[][] texts, List<Integer> batch) {
        return features(batch.stream().map(i -> texts[i]).toArray(int[][]::new));
    }

    /** (texts, length). */
    private static INDArray features(int[][] texts) {
        int length = texts[0].length;
        float[] features = new float[texts.length * length];
        for (int i = 0; i < texts.length; i++) {
            if (texts[i].length != length || length == 0)
                throw new IllegalArgumentException(
                        "texts of " + length + " and " + texts[i].length + " tokens can't be one batch");
            for (int t = 0; t < length; t++) features[i * length + t] = texts[i][t];
        }
        return Nd4j.create(features, new long[] {texts.length, length}, 'c');
    }

    /** A copy of the current weights, without n-grams. */
    public Weights weights() {
        return new BiLstmParameters(network).read();
    }

    /** Replaces the weights by others of the same shape. Ignores n-grams, which are not part of the network. */
    public void load(Weights weights) {
        new BiLstmParameters(network).write(weights);
    }

    /** The network in DL4J, for tests and benchmarks. */
    public MultiLayerNetwork network() {
        return network;
    }
}
