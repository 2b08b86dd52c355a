// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer for DL4J: embedding, dropout of its columns, bidirectional LSTM and maximum over the tokens in one, with
 * arithmetic of its own. It computes what DL4J's {@code EmbeddingSequenceLayer}, {@code Bidirectional(LSTM)} with
 * {@code SpatialDropout} and {@code GlobalPoolingLayer} compute one after the other, from the same first weights,
 * several times as fast.
 *
 * <p>It takes (texts, length) rows of the vocabulary and gives (texts, 2 * units), first the forward ones. Texts of
 * several lengths may have a mask; they need no padding's arithmetic, and a score does not depend on it. In a network
 * of doubles it still computes in floats.
 *
 * <p>Parameters are {@code W} (words, embeddingSize) and, for each side {@code f} and {@code b}, {@code W}
 * (embeddingSize, 4 * units), {@code RW} (units, 4 * units) and {@code b} (1, 4 * units), gates in DL4J's order; row by
 * row in the flattened parameters, where DL4J's own layers go column by column.
 */
public final class BiLstmEncoder extends BaseLayer {
    static final String EMBEDDING = "W";
    private static final long serialVersionUID = 1;
    /**
     * Keras' initial embedding. Xavier's would shrink with the vocabulary, as if a token summed over all of its rows.
     */
    static final WeightInitDistribution FIRST_EMBEDDING =
            new WeightInitDistribution(new UniformDistribution(-0.05, 0.05));
    /** DL4J's, so that an LSTM remembers at first. */
    private static final double FIRST_FORGET_BIAS = 1;

    @JsonProperty
    private int words;

    @JsonProperty
    private int embeddingSize;

    @JsonProperty
    private int units;

    @JsonProperty
    private double dropout;

    @JsonProperty
    private boolean embeddingFrozen;

    /** For reading JSON. */
    BiLstmEncoder() {}

    /**
     * A layer that is not yet in a network, whose updater and initial weights it takes; of Adam the embedding's rows
     * take {@link LazyAdam}.
     *
     * @param dropout share of the embedding's columns that each side leaves out of a text in training; in [0, 1)
     * @param embeddingFrozen whether the embedding keeps its weights
     */
    public BiLstmEncoder(BiLstm.Shape shape, double dropout, boolean embeddingFrozen) {
        super(new Settings());
        this.words = shape.words();
        this.embeddingSize = shape.embeddingSize();
        this.units = shape.units();
        this.dropout = dropout;
        this.embeddingFrozen = embeddingFrozen;
    }

    /** What the network does not set. */
    private static final class Settings extends BaseLayer.Builder<Settings> {
        @Override
        @SuppressWarnings("unchecked")
        public BiLstmEncoder build() {
            throw new UnsupportedOperationException("use the constructor");
        }
    }

    int words() {
        return words;
    }

    int embeddingSize() {
        return embeddingSize;
    }

    int units() {
        return units;
    }

    double dropout() {
        return dropout;
    }

    boolean embeddingFrozen() {
        return embeddingFrozen;
    }

    @Override
    public org.deeplearning4j.nn.api.Layer instantiate(
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialize,
            DataType dataType) {
        BiLstmEncoderLayer layer = new BiLstmEncoderLayer(configuration, dataType);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(initializer().init(configuration, parameters, initialize));
        layer.setConf(configuration);
        return layer;
    }

    @Override
    public ParamInitializer initializer() {
        return Parameters.INSTANCE;
    }

    @Override
    public IUpdater getUpdaterByParam(String parameter) {
        if (!parameter.equals(EMBEDDING)) return super.getUpdaterByParam(parameter);
        if (embeddingFrozen) return new NoOp();
        return iUpdater instanceof Adam adam ? new LazyAdam(adam, embeddingSize) : iUpdater;
    }

    @Override
    public boolean isPretrainParam(String parameter) {
        return false;
    }

    @Override
    public InputType getOutputType(int index, InputType input) {
        return InputType.feedForward(2L * units);
    }

    @Override
    public void setNIn(InputType input, boolean override) {
        // It is what it was made with.
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType input) {
        return null;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType input) {
        long parameters = initializer().numParams(this);
        return new LayerMemoryReport.Builder(layerName, BiLstmEncoder.class, input, getOutputType(-1, input))
                .standardMemory(parameters, getIUpdater().stateSize(parameters))
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    private static final class Parameters implements ParamInitializer {
        static final Parameters INSTANCE = new Parameters();
        private static final List<String> WEIGHTS = List.of(EMBEDDING, "fW", "fRW", "bW", "bRW");
        private static final List<String> BIASES = List.of("fb", "bb");

        private static Map<String, long[]> shapes(Layer layer) {
            BiLstmEncoder encoder = (BiLstmEncoder) layer;
            long columns = 4L * encoder.units;
            Map<String, long[]> shapes = new LinkedHashMap<>();
            shapes.put(EMBEDDING, new long[] {encoder.words, encoder.embeddingSize});
            for (String side : List.of("f", "b")) {
                shapes.put(side + "W", new long[] {encoder.embeddingSize, columns});
                shapes.put(side + "RW", new long[] {encoder.units, columns});
                shapes.put(side + "b", new long[] {1, columns});
            }
            return shapes;
        }

        private static Map<String, INDArray> views(Layer layer, INDArray flat) {
            INDArray all = flat.reshape(flat.length());
            Map<String, INDArray> views = new LinkedHashMap<>();
            long from = 0;
            for (Map.Entry<String, long[]> shape : shapes(layer).entrySet()) {
                long to = from + shape.getValue()[0] * shape.getValue()[1];
                views.put(
                        shape.getKey(), all.get(NDArrayIndex.interval(from, to)).reshape('c', shape.getValue()));
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
                views.forEach((key, view) -> first(layer, key, view));
                // DL4J's Bidirectional draws its sides twice, so that the same seed needs as many numbers.
                views.keySet().stream()
                        .filter(key -> !key.equals(EMBEDDING))
                        .forEach(key -> first(layer, key, views.get(key)));
            }
            return views;
        }

        /** What DL4J's layers would begin with. */
        private static void first(BiLstmEncoder layer, String key, INDArray parameter) {
            if (BIASES.contains(key)) {
                parameter.assign(0);
                parameter
                        .get(NDArrayIndex.all(), NDArrayIndex.interval(layer.units, 2L * layer.units))
                        .assign(FIRST_FORGET_BIAS);
            } else if (key.equals(EMBEDDING)) {
                draw(FIRST_EMBEDDING, 1, layer.embeddingSize, parameter);
            } else {
                draw(layer.getWeightInitFn(), layer.units, (double) layer.embeddingSize + layer.units, parameter);
            }
        }

        private static void draw(IWeightInit weights, double in, double out, INDArray parameter) {
            // Drawn column by column, as DL4J does: the same seed gives the same weights.
            INDArray drawn = weights.init(in, out, parameter.shape(), 'f', parameter.reshape(parameter.length()));
            parameter.assign(drawn.dup('c'));
        }

        @Override
        public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration configuration, INDArray flat) {
            return views(configuration.getLayer(), flat);
        }
    }
}
