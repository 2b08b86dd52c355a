// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import java.util.List;
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
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Describes the layers of a {@link BiLstm} to DL4J. */
final class BiLstmConfiguration {
    private BiLstmConfiguration() {}

    static MultiLayerConfiguration of(BiLstm.Shape shape, BiLstm.Training training, BiLstm.Encoder encoder) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(training.seed())
                .updater(updater(training))
                .weightInit(WeightInit.XAVIER)
                .list();
        for (Layer layer : encoder == BiLstm.Encoder.STOCK
                ? stock(shape, training)
                : List.of(new BiLstmEncoder(shape, training.embeddingDropout(), training.embeddingFrozen())))
            layers.layer(layer);
        return layers.layer(new OutputLayer.Builder(new LossBinaryXENT())
                        .nOut(shape.heads())
                        .activation(Activation.SIGMOID)
                        .dropOut(training.denseDropout() == 0 ? null : new Dropout(1 - training.denseDropout()))
                        .build())
                .setInputType(InputType.recurrent(shape.words()))
                .build();
    }

    private static IUpdater updater(BiLstm.Training training) {
        return training.steps() == 0
                ? new Adam(training.learningRate())
                : new Adam(new PolySchedule(ScheduleType.ITERATION, training.learningRate(), 1, training.steps()));
    }

    /** DL4J's layers below the output layer. */
    private static List<Layer> stock(BiLstm.Shape shape, BiLstm.Training training) {
        Layer embedding = new EmbeddingSequenceLayer.Builder()
                .nIn(shape.words())
                .nOut(shape.embeddingSize())
                .weightInit(BiLstmEncoder.INITIAL_EMBEDDING)
                .build();
        Layer lstm = new LSTM.Builder()
                .nOut(shape.units())
                .activation(Activation.TANH)
                // On the input of the LSTM, since DL4J's DropoutLayer can't take a mask over a sequence. So each
                // direction drops columns of its own.
                .dropOut(training.embeddingDropout() == 0 ? null : new SpatialDropout(1 - training.embeddingDropout()))
                .build();
        return List.of(
                training.embeddingFrozen() ? new FrozenLayer(embedding) : embedding,
                new Bidirectional(Bidirectional.Mode.CONCAT, lstm),
                new GlobalPoolingLayer(PoolingType.MAX));
    }
}
