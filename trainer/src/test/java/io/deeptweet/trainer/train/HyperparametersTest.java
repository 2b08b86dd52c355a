// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.trainer.evaluate.ReportJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HyperparametersTest {
    @Test
    void theDefaultsOfTrainAreThoseOfTheShippedBaseModel() throws Exception {
        Map<String, Object> defaults = Architecture.DEFAULT.settings();
        defaults.putAll(Hyperparameters.FROM_SCRATCH.settings());
        defaults.remove("--class-balance"); // of three classes
        defaults.put("--pipeline", "deeptweet"); // that model is from before deeptweet-2
        assertThat(ReportJson.pretty(defaults)).isEqualTo(ReportJson.pretty(settings("v1-base")));
    }

    /** A fine-tuned model keeps its parent's n-grams, whatever {@code --ngrams} says. */
    @Test
    void theDefaultsOfFineTuneAreThoseOfTheShippedModernModel() throws Exception {
        Map<String, Object> defaults = Hyperparameters.FINE_TUNING.settings();
        defaults.put("--rehearsal", Hyperparameters.REHEARSAL);
        Map<String, Object> shipped = settings("v2-modern");
        defaults.remove("--ngrams");
        defaults.remove("--class-balance");
        shipped.remove("--ngrams");
        assertThat(ReportJson.pretty(defaults)).isEqualTo(ReportJson.pretty(shipped));
    }

    private static Map<String, Object> settings(String model) throws Exception {
        return ModelReport.of(Files.readString(Path.of("reports", model, "report.json")))
                .training()
                .settings();
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Hyperparameters.Dropout(0, Double.NaN, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Hyperparameters.Dropout(0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        for (int[] counts : new int[][] {{0, 1, 1, 0}, {1, 0, 1, 0}, {1, 1, 0, 0}, {1, 1, 1, 1000}, {1, 1, 1, -1}})
            assertThatThrownBy(() -> hyperparameters(counts[0], counts[1], counts[2], 0.1, counts[3], 0))
                    .isInstanceOf(IllegalArgumentException.class);
        for (double rate : new double[] {0, -1, Double.NaN})
            assertThatThrownBy(() -> hyperparameters(1, 1, 1, rate, 0, 0))
                    .hasMessage("learning rate is " + rate + ": use a number above 0");
        for (double share : new double[] {-0.1, 1.1, Double.NaN})
            assertThatThrownBy(() -> hyperparameters(1, 1, 1, 0.1, 0, share))
                    .hasMessage("teacher share is " + share + ": use 0 to 1");
    }

    private static Hyperparameters hyperparameters(
            int epochs, int patience, int batch, double learningRate, int buckets, double teacherShare) {
        return new Hyperparameters(
                epochs,
                patience,
                batch,
                learningRate,
                true,
                new Hyperparameters.Dropout(0, 0, 0),
                FrozenLayers.NONE,
                buckets,
                teacherShare,
                0.5,
                1);
    }
}
