// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import java.util.Collection;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The configuration of a DL4J layer that combines embedding, dropout of embedding columns, bidirectional LSTM and max
 * pooling over the tokens. It computes the same as DL4J's {@code EmbeddingSequenceLayer}, {@code Bidirectional(LSTM)}
 * with {@code SpatialDropout} and {@code GlobalPoolingLayer}, starts with the same weights, and is several times as
 * fast. {@link BiLstmEncoderLayer} does the work.
 *
 * <p>Input: rows of the vocabulary (texts, length). Output: (texts, 2 * units), first the forward units. A mask may
 * give texts of a batch different lengths; padding is not computed and does not change a score. The layer computes in
 * floats, also in a network of doubles.
 *
 * <p>Parameters: {@code W} (words, embeddingSize); and for each direction, {@code f} and {@code b}, {@code W}
 * (embeddingSize, 4 * units), {@code RW} (units, 4 * units) and {@code b} (1, 4 * units), with the gates in DL4J's
 * order.
 */
public final class BiLstmEncoder extends BaseLayer {
    static final String EMBEDDING = "W";
    private static final long serialVersionUID = 1;
    /**
     * Keras' initial embedding. Xavier's would become smaller with a larger vocabulary, as if each token were a sum
     * over all rows.
     */
    static final WeightInitDistribution INITIAL_EMBEDDING =
            new WeightInitDistribution(new UniformDistribution(-0.05, 0.05));

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

    /** For JSON. */
    BiLstmEncoder() {}

    /**
     * Configures a layer. It takes the updater and the weight initialization of its network, with {@link LazyAdam} in
     * place of Adam for the embedding.
     *
     * @param dropout share of the embedding's columns that each direction drops from a text in training; in [0, 1)
     * @param embeddingFrozen whether training leaves the embedding as it is
     */
    public BiLstmEncoder(BiLstm.Shape shape, double dropout, boolean embeddingFrozen) {
        super(new Settings());
        this.words = shape.words();
        this.embeddingSize = shape.embeddingSize();
        this.units = shape.units();
        this.dropout = dropout;
        this.embeddingFrozen = embeddingFrozen;
    }

    /** DL4J's layers take their common settings from a builder. */
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
        return BiLstmEncoderParameters.INSTANCE;
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
        // The constructor sets it.
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
}
