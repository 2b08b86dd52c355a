// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import io.deeptweet.model.artefact.Weights;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Copies the parameters of a {@link BiLstm} between DL4J's network and {@link Weights}. */
final class BiLstmParameters {
    private static final String EMBEDDING = "0_W";

    private final MultiLayerNetwork network;
    private final String lstm; // prefix of the names of the LSTM's parameters
    private final String dense; // prefix of the names of the output layer's parameters

    BiLstmParameters(MultiLayerNetwork network) {
        this.network = network;
        this.lstm = network.getLayer(0) instanceof BiLstmEncoderLayer ? "0_" : "1_";
        this.dense = network.getnLayers() - 1 + "_";
    }

    /** The sizes of the network. */
    BiLstm.Shape shape() {
        INDArray embedding = network.getParam(EMBEDDING);
        int units = (int) network.getParam(lstm + "fRW").size(0);
        int heads = (int) network.getParam(dense + "b").length();
        return new BiLstm.Shape((int) embedding.size(0), (int) embedding.size(1), units, heads);
    }

    /** A copy of the parameters. */
    Weights read() {
        BiLstm.Shape shape = shape();
        return new Weights(
                shape.words(),
                shape.embeddingSize(),
                shape.units(),
                values(EMBEDDING),
                readDirection("f"),
                readDirection("b"),
                IntStream.range(0, shape.heads()).mapToObj(this::readHead).toList());
    }

    private Weights.Head readHead(int head) {
        float[] column =
                network.getParam(dense + "W").getColumn(head).dup('c').data().asFloat();
        return new Weights.Head(column, values(dense + "b")[head]);
    }

    private Weights.Lstm readDirection(String direction) {
        String name = lstm + direction;
        return new Weights.Lstm(values(name + "W"), values(name + "RW"), values(name + "b"));
    }

    /**
     * Overwrites the parameters.
     *
     * @throws IllegalArgumentException if the weights have another number of heads than the network
     */
    void write(Weights weights) {
        if (weights.heads().size() != shape().heads())
            throw new IllegalArgumentException("the network has " + shape().heads() + " heads, the weights "
                    + weights.heads().size());
        set(EMBEDDING, weights.embedding(), weights.words(), weights.embeddingSize());
        writeDirection("f", weights.forward(), weights);
        writeDirection("b", weights.backward(), weights);
        for (int head = 0; head < weights.heads().size(); head++) {
            Weights.Head values = weights.heads().get(head);
            network.getParam(dense + "W").getColumn(head).assign(Nd4j.create(values.dense()));
            network.getParam(dense + "b").putScalar(head, values.bias());
        }
    }

    private void writeDirection(String direction, Weights.Lstm values, Weights weights) {
        String name = lstm + direction;
        int columns = 4 * weights.units();
        set(name + "W", values.input(), weights.embeddingSize(), columns);
        set(name + "RW", values.recurrent(), weights.units(), columns);
        set(name + "b", values.bias(), 1, columns);
    }

    private float[] values(String parameter) {
        return network.getParam(parameter).dup('c').data().asFloat();
    }

    private void set(String parameter, float[] values, int rows, int columns) {
        network.getParam(parameter).assign(Nd4j.create(values, new long[] {rows, columns}, 'c'));
    }
}
