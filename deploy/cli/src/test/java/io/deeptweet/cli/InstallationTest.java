// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
    @TempDir
    Path folder;

    private Installation installation;

    @BeforeEach
    void install() {
        installation = new Installation(folder, folder.resolve("state/running.properties"));
    }

    @Test
    void aRunningStacksAddressesAreFoundUntilItTakesThemBack() {
        assertThat(installation.running()).isEmpty();
        installation.announce(Map.of("bootstrap.servers", "localhost:1"));
        assertThat(installation.running())
                .hasValueSatisfying(running -> assertThat(running).containsEntry("bootstrap.servers", "localhost:1"));
        installation.withdraw();
        assertThat(installation.running()).isEmpty();
    }

    @Test
    void aStackThatWasKilledDoesNotRun() throws Exception {
        installation.announce(Map.of());
        Process ended = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
                .redirectErrorStream(true)
                .start();
        ended.waitFor();
        replace("pid=.*", "pid=" + ended.pid());
        assertThat(installation.running()).isEmpty();
    }

    /** After a restart of the machine, say. */
    @Test
    void anotherProcessOfTheSameNumberIsNotTheStack() throws Exception {
        installation.announce(Map.of());
        assertThat(installation.running()).isPresent();
        Files.setLastModifiedTime(
                installation.runningFile(),
                FileTime.from(ProcessHandle.current()
                        .info()
                        .startInstant()
                        .orElseThrow()
                        .minus(Duration.ofHours(1))));
        assertThat(installation.running()).isEmpty();
    }

    @Test
    void aBrokenFileIsNoStack() throws Exception {
        installation.announce(Map.of());
        replace("pid=.*", "pid=none");
        assertThat(installation.running()).isEmpty();
        replace("pid=.*", "pid=\\\\u12");
        assertThat(installation.running()).isEmpty();
    }

    private void replace(String pattern, String by) throws Exception {
        Files.writeString(
                installation.runningFile(),
                Files.readString(installation.runningFile()).replaceAll(pattern, by));
    }
}
