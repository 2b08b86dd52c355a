// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * The network: embedding, dropout, bidirectional LSTM, maximum over the tokens, dropout, one sigmoid unit; trained by
 * Adam on the binary cross entropy. In the paper's shape it has 3,000,150 + 147,840 + 161 parameters.
 *
 * <p>All below the last layer is {@link BiLstmEncoder}, or DL4J's own layers, whose output defines what the network
 * computes.
 *
 * <p>A batch holds texts of one length, so nothing is padded. DL4J 1.0.0-M2.1 masks the pooling, but not the LSTM below
 * it: where padding follows a text, the backward side would start in the padding, and a text's score would change with
 * its neighbours' lengths.
 *
 * <p>Holds native memory and mutable state: one thread at a time.
 */
public final class BiLstm {
    private static final String EMBEDDING = "0_W";
    private static final int PORTION = 1024;

    private final Shape shape;
    private final MultiLayerNetwork network;

    /**
     * The network's sizes.
     *
     * @param words rows of the embedding, padding and unknown included
     * @param units of the LSTM, each direction
     */
    public record Shape(int words, int embeddingSize, int units) {
        /** The paper's. */
        public static final Shape PAPER = new Shape(Vocabulary.DEFAULT_SIZE, 150, 80);

        public Shape {
            if (words < 2 || embeddingSize < 1 || units < 1)
                throw new IllegalArgumentException(
                        "no network has the shape " + words + ", " + embeddingSize + ", " + units);
        }
    }

    /**
     * How the network is trained.
     *
     * @param learningRate of Adam, at first; positive
     * @param steps after which it has fallen to zero, in a straight line; 0 keeps it as it is
     * @param embeddingDropout share of the embedding's columns that a training step leaves out, the same for all of a
     *     text's tokens; in [0, 1)
     * @param denseDropout share of the pooled units that a training step leaves out; in [0, 1)
     * @param seed of the initial weights
     * @param embeddingFrozen whether the embedding keeps its weights
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

    /** What computes all below the last layer. */
    public enum Encoder {
        /**
         * {@link BiLstmEncoder}: fast. A step of training leaves the embedding's rows alone that its batch does not
         * have, see {@link LazyAdam}.
         */
        FUSED,
        /** DL4J's own layers. */
        STOCK
    }

    private BiLstm(Shape shape, MultiLayerNetwork network) {
        this.shape = shape;
        this.network = network;
    }

    /** A network with random weights. */
    public static BiLstm initial(Shape shape, Training training) {
        return initial(shape, training, Encoder.FUSED);
    }

    /** A network with random weights, the same for both encoders. */
    public static BiLstm initial(Shape shape, Training training, Encoder encoder) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration(shape, training, encoder));
        network.init();
        return new BiLstm(shape, network);
    }

    /** A network with these weights, to be trained further. */
    public static BiLstm of(Weights weights, Training training) {
        return of(weights, training, Encoder.FUSED);
    }

    /** A network with these weights, to be trained further. */
    public static BiLstm of(Weights weights, Training training, Encoder encoder) {
        BiLstm network =
                initial(new Shape(weights.words(), weights.embeddingSize(), weights.units()), training, encoder);
        network.load(weights);
        return network;
    }

    /** A network with these weights. */
    public static BiLstm of(Weights weights) {
        return of(weights, Encoder.FUSED);
    }

    /** A network with these weights. */
    public static BiLstm of(Weights weights, Encoder encoder) {
        return of(weights, new Training(1e-3, 0, 0, 0, 0, false), encoder);
    }

    /**
     * The network that {@link #save} wrote, to be trained on as if nothing had been between.
     *
     * @throws IOException if the file can't be read, or is none of those
     */
    public static BiLstm resume(Path file) throws IOException {
        MultiLayerNetwork network = MultiLayerNetwork.load(file.toFile(), true);
        INDArray embedding = network.getParam(EMBEDDING);
        int units = (int) network.getParam(lstm(network) + "fRW").size(0);
        return new BiLstm(new Shape((int) embedding.size(0), (int) embedding.size(1), units), network);
    }

    /** Writes the network with all that training needs to go on: configuration, weights, and the updater's state. */
    public void save(Path file) throws IOException {
        network.save(file.toFile(), true);
    }

    private static MultiLayerConfiguration configuration(Shape shape, Training training, Encoder encoder) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(training.seed())
                .updater(
                        training.steps() == 0
                                ? new Adam(training.learningRate())
                                : new Adam(new PolySchedule(
                                        ScheduleType.ITERATION, training.learningRate(), 1, training.steps())))
                .weightInit(WeightInit.XAVIER)
                .list();
        for (Layer layer : encoder == Encoder.STOCK
                ? stock(shape, training)
                : List.of(new BiLstmEncoder(shape, training.embeddingDropout(), training.embeddingFrozen())))
            layers.layer(layer);
        return layers.layer(new OutputLayer.Builder(new LossBinaryXENT())
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .dropOut(training.denseDropout() == 0 ? null : new Dropout(1 - training.denseDropout()))
                        .build())
                .setInputType(InputType.recurrent(shape.words()))
                .build();
    }

    private static List<Layer> stock(Shape shape, Training training) {
        Layer embedding = new EmbeddingSequenceLayer.Builder()
                .nIn(shape.words())
                .nOut(shape.embeddingSize())
                .weightInit(BiLstmEncoder.FIRST_EMBEDDING)
                .build();
        Layer lstm = new LSTM.Builder()
                .nOut(shape.units())
                .activation(Activation.TANH)
                // On the LSTM's input: DL4J's DropoutLayer can't take a mask over a sequence. Each direction drops its
                // own columns.
                .dropOut(training.embeddingDropout() == 0 ? null : new SpatialDropout(1 - training.embeddingDropout()))
                .build();
        return List.of(
                training.embeddingFrozen() ? new FrozenLayer(embedding) : embedding,
                new Bidirectional(Bidirectional.Mode.CONCAT, lstm),
                new GlobalPoolingLayer(PoolingType.MAX));
    }

    /**
     * One step of training.
     *
     * @param texts rows of the vocabulary, each text the same number of them, at least one
     * @param targets the probability that each text is to have, in [0, 1]
     * @return the mean loss of the batch before the step
     * @throws IllegalArgumentException if the texts' lengths differ
     */
    public double train(int[][] texts, float[] targets) {
        network.fit(features(texts), Nd4j.create(targets, new long[] {targets.length, 1}, 'c'));
        return network.score();
    }

    /**
     * The probability of each text.
     *
     * @param texts rows of the vocabulary, each text at least one, in any lengths
     */
    public float[] probabilities(int[][] texts) {
        float[] probabilities = new float[texts.length];
        for (List<Integer> alike : portions(texts)) {
            float[] output = network.output(features(texts, alike)).data().asFloat();
            for (int i = 0; i < output.length; i++) probabilities[alike.get(i)] = output[i];
        }
        return probabilities;
    }

    /**
     * What the encoder, all below the last layer, makes of each text: each unit's largest output over the tokens.
     *
     * @param texts rows of the vocabulary, each text at least one, in any lengths
     * @return (texts, 2 * units), first the forward ones
     */
    public float[][] pooled(int[][] texts) {
        float[][] pooled = new float[texts.length][];
        for (List<Integer> alike : portions(texts)) {
            int last = network.getnLayers() - 1;
            INDArray output = network.feedForwardToLayer(last - 1, features(texts, alike), false)
                    .get(last);
            for (int i = 0; i < alike.size(); i++)
                pooled[alike.get(i)] = output.getRow(i).dup('c').data().asFloat();
        }
        return pooled;
    }

    /**
     * Which texts are put through the network together: of one length, and no more than bound the memory that they
     * take.
     */
    private static List<List<Integer>> portions(int[][] texts) {
        List<List<Integer>> portions = new ArrayList<>();
        for (List<Integer> alike : IntStream.range(0, texts.length)
                .boxed()
                .collect(Collectors.groupingBy(i -> texts[i].length))
                .values())
            for (int from = 0; from < alike.size(); from += PORTION)
                portions.add(alike.subList(from, Math.min(from + PORTION, alike.size())));
        return portions;
    }

    private static INDArray features(int[][] texts, List<Integer> of) {
        return features(of.stream().map(i -> texts[i]).toArray(int[][]::new));
    }

    /** (texts, length): no padding, and so no mask. */
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

    /** A copy of the parameters as they are now. */
    public Weights weights() {
        String dense = dense(network);
        return new Weights(
                shape.words(),
                shape.embeddingSize(),
                shape.units(),
                values(EMBEDDING),
                side("f"),
                side("b"),
                values(dense + "W"),
                values(dense + "b")[0]);
    }

    /** Takes these parameters in place of its own. */
    public void load(Weights weights) {
        int columns = 4 * shape.units();
        String lstm = lstm(network);
        String dense = dense(network);
        set(EMBEDDING, weights.embedding(), shape.words(), shape.embeddingSize());
        for (Map.Entry<String, Weights.Lstm> side :
                Map.of("f", weights.forward(), "b", weights.backward()).entrySet()) {
            set(lstm + side.getKey() + "W", side.getValue().input(), shape.embeddingSize(), columns);
            set(lstm + side.getKey() + "RW", side.getValue().recurrent(), shape.units(), columns);
            set(lstm + side.getKey() + "b", side.getValue().bias(), 1, columns);
        }
        set(dense + "W", weights.dense(), 2 * shape.units(), 1);
        set(dense + "b", new float[] {weights.denseBias()}, 1, 1);
    }

    /** DL4J's network behind this one. */
    public MultiLayerNetwork network() {
        return network;
    }

    /** What the LSTM's parameters' names begin with. */
    private static String lstm(MultiLayerNetwork network) {
        return network.getLayer(0) instanceof BiLstmEncoderLayer ? "0_" : "1_";
    }

    /** What the last layer's parameters' names begin with. */
    private static String dense(MultiLayerNetwork network) {
        return network.getnLayers() - 1 + "_";
    }

    private Weights.Lstm side(String side) {
        String name = lstm(network) + side;
        return new Weights.Lstm(values(name + "W"), values(name + "RW"), values(name + "b"));
    }

    private float[] values(String parameter) {
        return network.getParam(parameter).dup('c').data().asFloat();
    }

    private void set(String parameter, float[] values, int rows, int columns) {
        network.getParam(parameter).assign(Nd4j.create(values, new long[] {rows, columns}, 'c'));
    }
}
