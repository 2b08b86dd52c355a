// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.service.settings.InvalidSettingException;
import io.deeptweet.service.settings.Settings;
import io.deeptweet.service.settings.SettingsDocument;
import io.deeptweet.trainer.round.Gate;
import io.deeptweet.trainer.round.RoundPlan;
import io.deeptweet.trainer.round.RoundTrigger;
import io.deeptweet.trainer.train.FrozenLayers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainerSettingsTest {
    @Test
    void theDocumentedSettingsAreThoseOfTheCode() {
        SettingsDocument.requireCurrent(Path.of("../docs/settings.md"), "trainer", TrainerSettings.class);
    }

    @Test
    void theDefaultsGiveAPlan() {
        RoundPlan plan = plan(Map.of());
        assertThat(plan.trigger()).isEqualTo(new RoundTrigger(1000, Duration.ofHours(1), Duration.ofMinutes(5)));
        assertThat(plan.fineTuning().frozen()).isEqualTo(FrozenLayers.EMBEDDING);
        assertThat(plan.fineTuning().gate()).isEqualTo(new Gate(0.05, 0.005, 0.02, 0.15));
        assertThat(plan.fineTuning().guard().texts()).isEmpty();
        assertThat(plan.largest()).isEqualTo(10_000);
        assertThat(plan.rehearsal()).isEmpty();
        assertThat(plan.threads()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deeptweet.round.labels | 0 | use 1 to 1000000",
                "deeptweet.round.patience | soon | use longer than 0s, at most 36500d",
                "deeptweet.round.patience | 0s | use longer than 0s, at most 36500d",
                "deeptweet.round.patience | -1h | use longer than 0s, at most 36500d",
                "deeptweet.round.patience-in-drift | off | use longer than 0s, at most 36500d",
                "deeptweet.round.epochs | many | use 1 to 100",
                "deeptweet.round.learning-rate | 0 | use more than 0, at most 1, such as 0.0005",
                "deeptweet.round.learning-rate | NaN | use more than 0, at most 1, such as 0.0005",
                "deeptweet.round.freeze | all | use none, embedding or encoder",
                "deeptweet.round.threads | 0 | use 1 to 1024",
                "deeptweet.rehearsal.ratio | -1 | use 0 to 100",
                "deeptweet.rehearsal.file | nowhere.csv | use a file of labelled texts that can be read",
                "deeptweet.guard.file | nowhere.csv | use a file of labelled texts that can be read",
                "deeptweet.guard.checks | nowhere.yaml | use YAML files of behavioural tests that can be read",
                "deeptweet.gate.level | 1 | use more than 0, less than 1, such as 0.05",
                "deeptweet.gate.margin | -0.1 | use 0 or more, less than 1, such as 0.005",
                "deeptweet.labels.largest-batch | x | use 1 to 100000",
                "deeptweet.keep-models | 0 | use 1 to 1000000",
            })
    void aWrongValueIsNamedWithItsKeyAndWhatIsAllowed(String key, String value, String allowed) {
        assertThatThrownBy(() -> plan(Map.of(key, value)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith(key + " is " + value + ": ")
                .hasMessageContaining(allowed);
    }

    @Test
    void aRoundIsNotSmallerThanWhatStartsIt() {
        assertThatThrownBy(() -> plan(Map.of("deeptweet.round.labels", "20000")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("deeptweet.round.largest is 10000: use at least deeptweet.round.labels, which is 20000");
    }

    @Test
    void filesOfLabelledTextsAreRead(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("texts.csv"), "text,sentiment\nwhat a day,positive\nno no no,negative\n");
        RoundPlan plan = plan(Map.of(
                "deeptweet.rehearsal.file",
                file.toString(),
                "deeptweet.guard.file",
                file.toString(),
                "deeptweet.round.patience",
                "PT15M"));
        assertThat(plan.rehearsal())
                .hasSize(2)
                .allSatisfy(label -> assertThat(label.id()).startsWith("text-"));
        assertThat(plan.fineTuning().guard().texts()).hasSize(2);
        assertThat(plan.trigger().patience()).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void theOperatorsBehaviouralTestsUseTheWordsOfTheShippedOnes(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("brand.yaml"), """
                tests:
                  - {test: our brand, capability: brands, expect: positive, templates: ["Acme is {good adjective}"]}
                """);
        int shipped = plan(Map.of()).fineTuning().guard().behaviour().size();
        assertThat(shipped).isPositive();
        assertThat(plan(Map.of("deeptweet.guard.checks", file.toString()))
                        .fineTuning()
                        .guard()
                        .behaviour())
                .hasSize(shipped + 1);
        assertThatThrownBy(() ->
                        plan(Map.of("deeptweet.guard.checks", file.toString(), "deeptweet.guard.behaviour", "false")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("deeptweet.guard.checks is " + file)
                .hasMessageContaining("there are no words for {good adjective}");
    }

    @Test
    void aFileWithoutKnownColumnsIsNamed(@TempDir Path folder) throws Exception {
        Path strange = Files.writeString(folder.resolve("strange.csv"), "a,b\n1,2\n");
        assertThatThrownBy(() -> plan(Map.of("deeptweet.guard.file", strange.toString())))
                .hasMessageStartingWith("deeptweet.guard.file is " + strange)
                .hasMessageContaining("layout");
    }

    private static RoundPlan plan(Map<String, String> values) {
        return RoundPlanFactory.of(Settings.of(TrainerSettings.class, values));
    }
}
