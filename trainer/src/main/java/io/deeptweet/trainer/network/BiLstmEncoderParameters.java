// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Allocates and initializes the parameters of a {@link BiLstmEncoder}. They are flattened row by row, while DL4J's own
 * layers flatten column by column.
 */
final class BiLstmEncoderParameters implements ParamInitializer {
    static final BiLstmEncoderParameters INSTANCE = new BiLstmEncoderParameters();
    /** DL4J's initial bias of the forget gate, which lets an LSTM remember at first. */
    private static final double INITIAL_FORGET_BIAS = 1;

    private static final List<String> WEIGHTS = List.of(BiLstmEncoder.EMBEDDING, "fW", "fRW", "bW", "bRW");
    private static final List<String> BIASES = List.of("fb", "bb");

    private BiLstmEncoderParameters() {}

    /** (rows, columns) of each parameter, in the order in which they are flattened. */
    private static Map<String, long[]> shapes(Layer layer) {
        BiLstmEncoder encoder = (BiLstmEncoder) layer;
        long columns = 4L * encoder.units();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(BiLstmEncoder.EMBEDDING, new long[] {encoder.words(), encoder.embeddingSize()});
        for (String direction : List.of("f", "b")) {
            shapes.put(direction + "W", new long[] {encoder.embeddingSize(), columns});
            shapes.put(direction + "RW", new long[] {encoder.units(), columns});
            shapes.put(direction + "b", new long[] {1, columns});
        }
        return shapes;
    }

    /** Each parameter as a view of the flattened ones. */
    private static Map<String, INDArray> views(Layer layer, INDArray flat) {
        INDArray all = flat.reshape(flat.length());
        Map<String, INDArray> views = new LinkedHashMap<>();
        long from = 0;
        for (Map.Entry<String, long[]> shape : shapes(layer).entrySet()) {
            long to = from + shape.getValue()[0] * shape.getValue()[1];
            views.put(shape.getKey(), all.get(NDArrayIndex.interval(from, to)).reshape('c', shape.getValue()));
            from = to;
        }
        return views;
    }

    @Override
    public long numParams(NeuralNetConfiguration configuration) {
        return numParams(configuration.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return shapes(layer).values().stream()
                .mapToLong(shape -> shape[0] * shape[1])
                .sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return List.copyOf(shapes(layer).keySet());
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return WEIGHTS;
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return BIASES;
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return WEIGHTS.contains(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return BIASES.contains(key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration configuration, INDArray flat, boolean initialize) {
        BiLstmEncoder layer = (BiLstmEncoder) configuration.getLayer();
        Map<String, INDArray> views = views(layer, flat);
        views.keySet().forEach(configuration::addVariable);
        if (initialize) {
            views.forEach((key, view) -> initialize(layer, key, view));
            // Twice, as DL4J's Bidirectional does: so the same seed gives the same weights.
            views.keySet().stream()
                    .filter(key -> !key.equals(BiLstmEncoder.EMBEDDING))
                    .forEach(key -> initialize(layer, key, views.get(key)));
        }
        return views;
    }

    /** Sets a parameter to the initial values of DL4J's layers. */
    private static void initialize(BiLstmEncoder layer, String key, INDArray parameter) {
        if (BIASES.contains(key)) {
            parameter.assign(0);
            parameter
                    .get(NDArrayIndex.all(), NDArrayIndex.interval(layer.units(), 2L * layer.units()))
                    .assign(INITIAL_FORGET_BIAS);
        } else if (key.equals(BiLstmEncoder.EMBEDDING)) {
            draw(BiLstmEncoder.INITIAL_EMBEDDING, 1, layer.embeddingSize(), parameter);
        } else {
            draw(layer.getWeightInitFn(), layer.units(), (double) layer.embeddingSize() + layer.units(), parameter);
        }
    }

    private static void draw(IWeightInit weights, double in, double out, INDArray parameter) {
        // Column by column, as DL4J does: so the same seed gives the same weights.
        INDArray drawn = weights.init(in, out, parameter.shape(), 'f', parameter.reshape(parameter.length()));
        parameter.assign(drawn.dup('c'));
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration configuration, INDArray flat) {
        return views(configuration.getLayer(), flat);
    }
}
