// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.trainer.round.RoundTrigger;
import io.deeptweet.trainer.train.FrozenLayers;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @Test
    void theDefaultsAreRight() {
        Settings settings = settings(Map.of());
        assertThat(settings.rounds().trigger())
                .isEqualTo(new RoundTrigger(1000, Duration.ofHours(1), Duration.ofMinutes(5)));
        assertThat(settings.rounds().fineTuning().frozen()).isEqualTo(FrozenLayers.EMBEDDING);
        assertThat(settings.rounds().fineTuning().guard()).isEmpty();
        assertThat(settings.rounds().threads()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deeptweet.round.labels | 0 | use 1 to 1000000",
                "deeptweet.round.labels | 20000 | deeptweet.round.largest is 10000: use at least deeptweet.round.labels, which is 20000",
                "deeptweet.round.patience | soon | use a time such as 30s",
                "deeptweet.round.patience | 0s | use a time such as 30s",
                "deeptweet.round.patience | -1h | use a time such as 30s",
                "deeptweet.round.patience-in-drift | off | use a time such as 30s",
                "deeptweet.round.epochs | many | use 1 to 100",
                "deeptweet.round.learning-rate | 0 | use a number above 0",
                "deeptweet.round.learning-rate | NaN | use a number above 0",
                "deeptweet.round.freeze | all | use none, embedding or encoder",
                "deeptweet.round.threads | 0 | use 1 to 1024",
                "deeptweet.rehearsal.ratio | -1 | use 0 to 100",
                "deeptweet.rehearsal.file | nowhere.csv | it can't be read",
                "deeptweet.guard.file | nowhere.csv | it can't be read",
                "deeptweet.gate.level | 1 | use a probability above 0 and below 1",
                "deeptweet.gate.margin | -0.1 | use a share from 0",
                "deeptweet.labels.largest-batch | x | use 1 to 100000",
            })
    void aWrongValueIsNamedWithWhatWouldBeRight(String key, String value, String right) {
        assertThatThrownBy(() -> settings(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(right)
                .hasMessageContaining(value);
    }

    @Test
    void filesOfLabelledTextsAreRead(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("texts.csv"), "text,sentiment\nwhat a day,positive\nno no no,negative\n");
        Settings settings = settings(Map.of(
                "deeptweet.rehearsal.file",
                file.toString(),
                "deeptweet.guard.file",
                file.toString(),
                "deeptweet.round.patience",
                "PT15M"));
        assertThat(settings.rounds().rehearsal())
                .hasSize(2)
                .allSatisfy(label -> assertThat(label.id()).startsWith("text-"));
        assertThat(settings.rounds().fineTuning().guard()).hasSize(2);
        assertThat(settings.rounds().trigger().patience()).isEqualTo(Duration.ofMinutes(15));
        Path strange = Files.writeString(folder.resolve("strange.csv"), "a,b\n1,2\n");
        assertThatThrownBy(() -> settings(Map.of("deeptweet.guard.file", strange.toString())))
                .hasMessageStartingWith("deeptweet.guard.file is " + strange)
                .hasMessageContaining("has an unknown layout");
    }

    private static Settings settings(Map<String, String> values) {
        return Settings.of(new SmallRyeConfigBuilder()
                .withMapping(TrainerConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build()
                .getConfigMapping(TrainerConfig.class));
    }
}
