// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
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

/** {@link BiLstmEncoder} at work. The two sides go side by side if ND4J may take more than one thread. */
final class BiLstmEncoderLayer extends BaseLayer<BiLstmEncoder> {
    private static final long serialVersionUID = 1;
    private static final List<String> SIDES = List.of("f", "b");

    private final transient LstmPass[] passes = new LstmPass[2];
    private transient TokenBatch batch; // of the last step of training
    private transient int[] written = {}; // rows of the embedding's gradient that are not zero

    BiLstmEncoderLayer(NeuralNetConfiguration configuration, DataType dataType) {
        super(configuration, dataType);
        BiLstmEncoder layer = layerConf();
        for (int side = 0; side < 2; side++)
            passes[side] = new LstmPass(
                    LstmKernel.best(), layer.embeddingSize(), layer.units(), side == 1, layer.embeddingFrozen());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        BiLstmEncoder layer = layerConf();
        TokenBatch texts = new TokenBatch(input, maskArray, layer.words());
        batch = training ? texts : null;
        float[] vectors = vectors(texts);
        float[][] dropouts = {dropout(texts, training), dropout(texts, training)};
        sides(side -> {
            String name = SIDES.get(side);
            passes[side].load(values(name + "W"), values(name + "RW"), values(name + "b"));
            passes[side].forward(texts, vectors, dropouts[side], training);
        });
        int units = layer.units();
        float[] pooled = new float[texts.size() * 2 * units];
        for (int i = 0; i < texts.size(); i++)
            for (int side = 0; side < 2; side++) passes[side].pooled(i, pooled, (2 * texts.place(i) + side) * units);
        INDArray output = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, dataType, new long[] {texts.size(), 2L * units}, 'c');
        put(pooled, output);
        return output;
    }

    /** The embeddings of the tokens that there are. */
    private float[] vectors(TokenBatch texts) {
        int size = layerConf().embeddingSize();
        float[] vectors = new float[texts.distinct() * size];
        INDArray embedding = getParam(BiLstmEncoder.EMBEDDING);
        FloatBuffer rows = memory(embedding.castTo(DataType.FLOAT));
        for (int i = 0; i < texts.distinct(); i++) rows.get(texts.row(i) * size, vectors, i * size, size);
        return vectors;
    }

    /** What a side's inputs are multiplied by: zero, or as much more as keeps their mean. */
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
        if (batch == null) throw new IllegalStateException("gradients come after a step forward in training");
        BiLstmEncoder layer = layerConf();
        int units = layer.units();
        float[] given = values(pooledGradient);
        float[] pooled = new float[given.length];
        for (int i = 0; i < batch.size(); i++)
            System.arraycopy(given, batch.place(i) * 2 * units, pooled, i * 2 * units, 2 * units);
        sides(side -> passes[side].gradients(pooled, side * units, 2 * units));
        Gradient gradient = new DefaultGradient();
        gradient.setGradientFor(BiLstmEncoder.EMBEDDING, embeddingGradient());
        for (int side = 0; side < 2; side++) {
            String name = SIDES.get(side);
            float[] input = new float[layer.embeddingSize() * 4 * units];
            float[] recurrent = new float[units * 4 * units];
            float[] bias = new float[4 * units];
            passes[side].weightGradients(input, recurrent, bias);
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
        for (int at : written) rows.put(at * size, row);
        written = new int[batch.distinct()];
        float share = conf.isMiniBatch() ? 1f / batch.size() : 1;
        for (int token = 0; token < written.length; token++) {
            Arrays.fill(row, 0);
            for (LstmPass pass : passes) pass.addVectorGradient(token, row);
            for (int i = 0; i < size; i++) row[i] *= share;
            written[token] = batch.row(token);
            rows.put(written[token] * size, row);
        }
        if (gradient != view) view.assign(gradient);
        return view;
    }

    /**
     * The embedding's gradient is a mean already: of its rows few are not zero, and dividing them all would take long.
     */
    @Override
    public boolean updaterDivideByMinibatch(String parameter) {
        return !parameter.equals(BiLstmEncoder.EMBEDDING);
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray gradients) {
        super.setBackpropGradientsViewArray(gradients);
        gradientViews.get(BiLstmEncoder.EMBEDDING).assign(0);
        written = new int[0];
    }

    private interface Side {
        void go(int side);
    }

    private static void sides(Side work) {
        IntStream sides = IntStream.range(0, 2);
        (Nd4j.getEnvironment().maxThreads() > 1 ? sides.parallel() : sides).forEach(work::go);
    }

    private float[] values(String parameter) {
        return values(getParam(parameter));
    }

    /** A matrix row by row. */
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

    /** The values of a float array without gaps, in its own memory, row by row. */
    static FloatBuffer memory(INDArray array) {
        if (array.dataType() != DataType.FLOAT)
            throw new IllegalArgumentException("floats are needed, not " + array.dataType());
        FloatBuffer memory = array.data().asNioFloat().slice();
        return memory.limit((int) array.length()).slice();
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int texts) {
        maskArray = mask;
        return null; // there are no tokens any more after this layer
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
