// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import java.nio.FloatBuffer;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Adam for an embedding. A step updates only the rows that have a gradient, and leaves the others and their moments as
 * they are. DL4J's Adam also moves all other rows by their decaying momentum, which takes ten times as long. The bias
 * of the moments is corrected by the number of all steps, as in DL4J.
 *
 * @see <a href="https://www.tensorflow.org/addons/api_docs/python/tfa/optimizers/LazyAdam">TensorFlow Addons,
 *     LazyAdam</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.SparseAdam.html">PyTorch, SparseAdam</a>
 */
public final class LazyAdam extends Adam {
    private static final long serialVersionUID = 1;

    @JsonProperty
    private int columns;

    /** For JSON. */
    LazyAdam() {}

    /**
     * Configures the updater.
     *
     * @param settings where it takes learning rate, decay rates and epsilon from
     * @param columns columns of the embedding
     */
    public LazyAdam(Adam settings, int columns) {
        super(settings.getLearningRate(), settings.getBeta1(), settings.getBeta2(), settings.getEpsilon());
        setLearningRateSchedule(settings.getLearningRateSchedule());
        this.columns = columns;
    }

    @Override
    public GradientUpdater<LazyAdam> instantiate(INDArray state, boolean initialize) {
        Updater updater = new Updater();
        updater.setStateViewArray(state, null, 'c', initialize);
        return updater;
    }

    @Override
    public GradientUpdater<LazyAdam> instantiate(Map<String, INDArray> state, boolean initialize) {
        Updater updater = new Updater();
        updater.setState(state, initialize);
        return updater;
    }

    @Override
    public LazyAdam clone() {
        ISchedule schedule = getLearningRateSchedule();
        LazyAdam clone = new LazyAdam(this, columns);
        if (schedule != null) clone.setLearningRateSchedule(schedule.clone());
        return clone;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LazyAdam lazy && columns == lazy.columns && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + columns;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof LazyAdam;
    }

    private final class Updater implements GradientUpdater<LazyAdam> {
        private INDArray means; // (rows * columns)
        private INDArray variances; // (rows * columns)

        @Override
        public LazyAdam getConfig() {
            return LazyAdam.this;
        }

        @Override
        public void setState(Map<String, INDArray> state, boolean initialize) {
            means = state.get("M");
            variances = state.get("V");
            if (initialize) {
                means.assign(0);
                variances.assign(0);
            }
        }

        @Override
        public Map<String, INDArray> getState() {
            return Map.of("M", means, "V", variances);
        }

        @Override
        public void setStateViewArray(INDArray view, long[] gradientShape, char gradientOrder, boolean initialize) {
            INDArray all = view.reshape(view.length());
            long half = view.length() / 2;
            setState(
                    Map.of(
                            "M",
                            all.get(NDArrayIndex.interval(0, half)),
                            "V",
                            all.get(NDArrayIndex.interval(half, 2 * half))),
                    initialize);
        }

        @Override
        public void applyUpdater(INDArray gradient, int iteration, int epoch) {
            FloatBuffer gradients = BiLstmEncoderLayer.memory(gradient);
            FloatBuffer m = BiLstmEncoderLayer.memory(means);
            FloatBuffer v = BiLstmEncoderLayer.memory(variances);
            float beta1 = (float) getBeta1();
            float beta2 = (float) getBeta2();
            float epsilon = (float) getEpsilon();
            double steps = iteration + 1;
            float rate = (float) (getLearningRate(iteration, epoch)
                    * Math.sqrt(1 - Math.pow(getBeta2(), steps))
                    / (1 - Math.pow(getBeta1(), steps)));
            float[] row = new float[columns];
            float[] mean = new float[columns];
            float[] variance = new float[columns];
            for (int at = 0; at < gradients.capacity(); at += columns) {
                if (isZero(gradients, at)) continue;
                gradients.get(at, row);
                m.get(at, mean);
                v.get(at, variance);
                update(row, mean, variance, beta1, beta2, rate, epsilon);
                gradients.put(at, row);
                m.put(at, mean);
                v.put(at, variance);
            }
        }

        private boolean isZero(FloatBuffer gradients, int at) {
            for (int i = at; i < at + columns; i++) if (gradients.get(i) != 0) return false;
            return true;
        }

        /** Updates one row: replaces its gradient by the step to subtract from its weights. */
        private static void update(
                float[] row, float[] mean, float[] variance, float beta1, float beta2, float rate, float epsilon) {
            for (int i = 0; i < row.length; i++) {
                float g = row[i];
                float m = beta1 * mean[i] + (1 - beta1) * g;
                float v = beta2 * variance[i] + (1 - beta2) * g * g;
                mean[i] = m;
                variance[i] = v;
                row[i] = rate * m / ((float) Math.sqrt(v) + epsilon);
            }
        }
    }
}
