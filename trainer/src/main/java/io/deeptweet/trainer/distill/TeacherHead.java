// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.distill;

import io.deeptweet.trainer.evaluate.Evaluation;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Classifies the vectors of a {@link Teacher}'s encoders: a dense layer of {@value #HIDDEN} units and a sigmoid unit,
 * with dropout and a learning rate that falls linearly to zero. It keeps the weights of the epoch with the lowest
 * validation loss.
 */
final class TeacherHead {
    private static final int HIDDEN = 256;
    private static final int EPOCHS = 8;
    private static final double LEARNING_RATE = 0.001;
    private static final double INPUT_DROPOUT = 0.25;
    private static final double HIDDEN_DROPOUT = 0.5;
    /** Steps that an epoch should have, within the batch sizes below: few texts are trained on in small batches. */
    private static final int STEPS = 256;

    private static final int SMALLEST_BATCH = 32;
    private static final int LARGEST_BATCH = 512;
    private static final int TEXTS_AT_ONCE = 1024;
    private static final long SEED = 1;

    private final MultiLayerNetwork network;

    /** Is notified of each epoch. */
    interface EpochListener {
        /** @param done number of epochs so far */
        void epoch(int done, int all, Duration left);
    }

    private TeacherHead(MultiLayerNetwork network) {
        this.network = network;
    }

    /**
     * Fits a head.
     *
     * @param vectors (texts, features), each value of about the size of 1
     * @param positive (texts) the labels of a head
     * @param validation (other texts, features) as {@code vectors}
     * @param validationPositive (other texts) their labels
     */
    static TeacherHead fit(
            float[][] vectors,
            boolean[] positive,
            float[][] validation,
            boolean[] validationPositive,
            EpochListener progress) {
        int batch = Math.max(SMALLEST_BATCH, Math.min(LARGEST_BATCH, vectors.length / STEPS));
        int steps = EPOCHS * ((vectors.length + batch - 1) / batch);
        Nd4j.getRandom().setSeed(SEED); // of dropout
        MultiLayerNetwork network = network(vectors[0].length, steps);
        TeacherHead head = new TeacherHead(network);
        INDArray best = null;
        double lowest = Double.POSITIVE_INFINITY;
        List<Integer> order = IntStream.range(0, vectors.length).boxed().collect(Collectors.toList());
        Random random = new Random(SEED);
        long start = System.nanoTime();
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            Collections.shuffle(order, random);
            for (int from = 0; from < order.size(); from += batch) {
                int[] texts = order.subList(from, Math.min(order.size(), from + batch)).stream()
                        .mapToInt(i -> i)
                        .toArray();
                float[] targets = new float[texts.length];
                for (int i = 0; i < texts.length; i++) targets[i] = positive[texts[i]] ? 1 : 0;
                network.fit(matrix(vectors, texts), Nd4j.create(targets, new int[] {texts.length, 1}, 'c'));
            }
            double loss = Evaluation.of(head.probabilities(validation), validationPositive)
                    .logLoss();
            if (best == null || loss < lowest) {
                best = network.params().dup();
                lowest = loss;
            }
            progress.epoch(epoch, EPOCHS, Duration.ofNanos((System.nanoTime() - start) / epoch * (EPOCHS - epoch)));
        }
        network.setParams(best);
        return head;
    }

    private static MultiLayerNetwork network(int features, int steps) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .weightInit(WeightInit.XAVIER)
                .updater(new Adam(new PolySchedule(ScheduleType.ITERATION, LEARNING_RATE, 1, steps)))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(features)
                        .nOut(HIDDEN)
                        .activation(Activation.RELU)
                        .dropOut(1 - INPUT_DROPOUT)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.XENT)
                        .nIn(HIDDEN)
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .dropOut(1 - HIDDEN_DROPOUT)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** (texts) the probabilities of a positive label, in [0, 1], from vectors as for {@link #fit}. */
    float[] probabilities(float[][] vectors) {
        float[] probabilities = new float[vectors.length];
        for (int from = 0; from < vectors.length; from += TEXTS_AT_ONCE) {
            int[] texts = IntStream.range(from, Math.min(vectors.length, from + TEXTS_AT_ONCE))
                    .toArray();
            System.arraycopy(
                    network.output(matrix(vectors, texts)).toFloatVector(), 0, probabilities, from, texts.length);
        }
        return probabilities;
    }

    private static INDArray matrix(float[][] vectors, int[] texts) {
        return Nd4j.create(Arrays.stream(texts).mapToObj(text -> vectors[text]).toArray(float[][]::new));
    }
}
