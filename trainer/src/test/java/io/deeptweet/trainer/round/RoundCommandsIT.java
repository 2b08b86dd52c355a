// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static io.deeptweet.trainer.round.RoundFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.trainer.command.CommandRun;
import io.deeptweet.trainer.label.LabelStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands {@code label} and {@code rounds}, on a real broker with a trainer. */
class RoundCommandsIT {
    @Test
    void aFileOfLabelsStartsARoundAndARepeatedFileDoesNot(@TempDir Path folder) throws Exception {
        RoundFixture fixture = RoundFixture.create();
        StringBuilder table = new StringBuilder("text,sentiment\n");
        for (int i = 0; i < 240; i++)
            table.append("my x%d is %s%n"
                    .formatted(
                            i,
                            i % 2 == 0
                                    ? RoundFixture.GOOD.get(i / 2 % 4) + ",positive"
                                    : RoundFixture.BAD.get(i / 2 % 4) + ",negative"));
        Path file = Files.writeString(folder.resolve("labels.csv"), table + "what a day,neutral\n");
        try (TestRunner runner = TestRunner.start(fixture, 200)) {
            runner.await(RoundStatus.State.WAITING);
            assertThat(run(fixture, "label", file.toString()))
                    .isEqualTo(new CommandRun(0, "labels.csv: 241 labels sent, of 241 rows; dropped none\n", ""));
            TrainingRound round = fixture.awaitRounds(1).get(0);
            assertThat(round.getPublished()).as(round.toString()).isTrue();

            assertThat(run(fixture, "label", file.toString()).code())
                    .as("the same file again")
                    .isZero();
            await().atMost(PATIENCE).until(() -> runner.observer.count(LabelStore.Outcome.REPEATED) == 241);

            assertThat(run(fixture, "rounds").output())
                    .contains(round.getCandidate().orElseThrow())
                    .containsPattern("new labels, of 200 that start a round: significant gain");
            assertThat(run(fixture, "rounds", "--json").output())
                    .contains("\"published\" : true")
                    .contains("\"candidate\" : \"" + round.getCandidate().orElseThrow());
            assertThat(run(fixture, "label", "missing.csv"))
                    .isEqualTo(new CommandRun(1, "", "deeptweet label: missing.csv does not exist: check the path\n"));
            assertThat(run(fixture, "label").code()).isEqualTo(2);
        }
    }

    private static CommandRun run(RoundFixture fixture, String... arguments) {
        return CommandRun.of(fixture.client, arguments);
    }
}
