// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few cycles of the torture: killed and frozen processes lose and double nothing. */
class TortureIT {
    @TempDir
    private Path folder;

    /** This seed kills the broker, the trainer and a classifier, and freezes ingest and the other classifier. */
    @Test
    void everyRecordIsAccountedForAfterKillsAndFreezes() {
        CommandRun torture = CommandRun.of(
                ScriptProcess.installation(folder),
                "torture",
                "--cycles=5",
                "--seed=2995",
                "--data=" + folder.resolve("torture"));
        assertThat(torture.code()).as(torture.toString()).isZero();
        assertThat(torture.err()).contains("cycle 1/5", "cycle 5/5");
        assertThat(torture.out()).contains("Every record is accounted for.").doesNotContain("\n0 tweets");
    }
}
