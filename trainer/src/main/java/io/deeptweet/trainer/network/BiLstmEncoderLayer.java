// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a {@link BiLstmEncoder}: forward and backward. The two directions run in parallel if ND4J may use more than one
 * thread.
 */
final class BiLstmEncoderLayer extends BaseLayer<BiLstmEncoder> {
    private static final long serialVersionUID = 1;
    private static final List<String> DIRECTIONS = List.of("f", "b");

    private final transient LstmPass[] passes = new LstmPass[2];
    private transient TokenBatch batch; // of the last forward pass in training; null if there is none
    private transient int[] writtenRows = {}; // rows of the embedding's gradient that are not zero

    BiLstmEncoderLayer(NeuralNetConfiguration configuration, DataType dataType) {
        super(configuration, dataType);
        BiLstmEncoder layer = layerConf();
        for (int direction = 0; direction < 2; direction++)
            passes[direction] = new LstmPass(
                    TrainingKernel.fastest(),
                    layer.embeddingSize(),
                    layer.units(),
                    direction == 1,
                    layer.embeddingFrozen());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        BiLstmEncoder layer = layerConf();
        TokenBatch texts = new TokenBatch(input, maskArray, layer.words());
        batch = training ? texts : null;
        float[] vectors = vectors(texts);
        float[][] dropouts = {dropout(texts, training), dropout(texts, training)};
        forEachDirection(direction -> {
            String name = DIRECTIONS.get(direction);
            passes[direction].load(values(name + "W"), values(name + "RW"), values(name + "b"));
            passes[direction].forward(texts, vectors, dropouts[direction], training);
        });
        int units = layer.units();
        float[] pooled = new float[texts.size() * 2 * units];
        for (int i = 0; i < texts.size(); i++)
            for (int direction = 0; direction < 2; direction++)
                passes[direction].pooled(i, pooled, (2 * texts.place(i) + direction) * units);
        INDArray output = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, dataType, new long[] {texts.size(), 2L * units}, 'c');
        put(pooled, output);
        return output;
    }

    /** (distinct tokens, embeddingSize) the embeddings of the tokens of a batch. */
    private float[] vectors(TokenBatch texts) {
        int size = layerConf().embeddingSize();
        float[] vectors = new float[texts.distinct() * size];
        INDArray embedding = getParam(BiLstmEncoder.EMBEDDING);
        FloatBuffer rows = memory(embedding.castTo(DataType.FLOAT));
        for (int i = 0; i < texts.distinct(); i++) rows.get(texts.row(i) * size, vectors, i * size, size);
        return vectors;
    }

    /**
     * (texts, embeddingSize) the factors of one direction's inputs: 0 for a dropped column, and otherwise 1 / (1 −
     * share), which keeps the mean. Null for no dropout.
     */
    private float[] dropout(TokenBatch texts, boolean training) {
        double share = layerConf().dropout();
        if (!training || share == 0) return null;
        float[] factors = new float[texts.size() * layerConf().embeddingSize()];
        SplittableRandom random = new SplittableRandom(Nd4j.getRandom().nextLong());
        int kept = (int) ((1 - share) * (1 << 24));
        float factor = (float) (1 / (1 - share));
        for (int i = 0; i < factors.length; i++) factors[i] = random.nextInt() >>> 8 < kept ? factor : 0;
        return factors;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray pooledGradient, LayerWorkspaceMgr workspaces) {
        if (batch == null) throw new IllegalStateException("gradients need a forward pass in training before them");
        BiLstmEncoder layer = layerConf();
        int units = layer.units();
        float[] given = values(pooledGradient);
        float[] pooled = new float[given.length];
        for (int i = 0; i < batch.size(); i++)
            System.arraycopy(given, batch.place(i) * 2 * units, pooled, i * 2 * units, 2 * units);
        forEachDirection(direction -> passes[direction].gradients(pooled, direction * units, 2 * units));
        Gradient gradient = new DefaultGradient();
        gradient.setGradientFor(BiLstmEncoder.EMBEDDING, embeddingGradient());
        for (int direction = 0; direction < 2; direction++) {
            String name = DIRECTIONS.get(direction);
            float[] input = new float[layer.embeddingSize() * 4 * units];
            float[] recurrent = new float[units * 4 * units];
            float[] bias = new float[4 * units];
            passes[direction].weightGradients(input, recurrent, bias);
            gradient.setGradientFor(name + "W", gradient(name + "W", input));
            gradient.setGradientFor(name + "RW", gradient(name + "RW", recurrent));
            gradient.setGradientFor(name + "b", gradient(name + "b", bias));
        }
        batch = null;
        return new Pair<>(gradient, null);
    }

    private INDArray gradient(String parameter, float[] values) {
        INDArray view = gradientViews.get(parameter);
        put(values, view);
        return view;
    }

    private INDArray embeddingGradient() {
        INDArray view = gradientViews.get(BiLstmEncoder.EMBEDDING);
        if (layerConf().embeddingFrozen()) return view;
        int size = layerConf().embeddingSize();
        INDArray gradient = view.dataType() == DataType.FLOAT ? view : Nd4j.create(DataType.FLOAT, view.shape());
        FloatBuffer rows = memory(gradient);
        float[] row = new float[size];
        for (int at : writtenRows) rows.put(at * size, row);
        writtenRows = new int[batch.distinct()];
        float share = conf.isMiniBatch() ? 1f / batch.size() : 1;
        for (int token = 0; token < writtenRows.length; token++) {
            Arrays.fill(row, 0);
            for (LstmPass pass : passes) pass.addVectorGradient(token, row);
            for (int i = 0; i < size; i++) row[i] *= share;
            writtenRows[token] = batch.row(token);
            rows.put(writtenRows[token] * size, row);
        }
        if (gradient != view) view.assign(gradient);
        return view;
    }

    /**
     * False for the embedding, whose gradient is a mean already. Few of its rows are not zero, and dividing all of them
     * would take long.
     */
    @Override
    public boolean updaterDivideByMinibatch(String parameter) {
        return !parameter.equals(BiLstmEncoder.EMBEDDING);
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray gradients) {
        super.setBackpropGradientsViewArray(gradients);
        gradientViews.get(BiLstmEncoder.EMBEDDING).assign(0);
        writtenRows = new int[0];
    }

    private static void forEachDirection(IntConsumer work) {
        IntStream directions = IntStream.range(0, 2);
        (Nd4j.getEnvironment().maxThreads() > 1 ? directions.parallel() : directions).forEach(work);
    }

    private float[] values(String parameter) {
        return values(getParam(parameter));
    }

    /** The values of an array, row by row. */
    static float[] values(INDArray array) {
        float[] values = new float[(int) array.length()];
        INDArray floats = array.castTo(DataType.FLOAT);
        memory(floats.ordering() == 'c' && Shape.hasDefaultStridesForShape(floats) ? floats : floats.dup('c'))
                .get(values);
        return values;
    }

    private static void put(float[] values, INDArray to) {
        if (to.dataType() == DataType.FLOAT) memory(to).put(values);
        else to.assign(Nd4j.create(values, to.shape(), 'c'));
    }

    /** The memory of a contiguous float array, row by row. */
    static FloatBuffer memory(INDArray array) {
        if (array.dataType() != DataType.FLOAT)
            throw new IllegalArgumentException("needs floats, not " + array.dataType());
        FloatBuffer memory = array.data().asNioFloat().slice();
        return memory.limit((int) array.length()).slice();
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int texts) {
        maskArray = mask;
        return null; // the output of this layer has no tokens
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public Type type() {
        return Type.RECURRENT;
    }
}
