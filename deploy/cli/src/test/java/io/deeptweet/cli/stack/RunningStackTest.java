// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.local.StartFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningStackTest {
    @TempDir
    Path folder;

    private RunningStack stack;

    @BeforeEach
    void create() {
        stack = new RunningStack(folder.resolve("state/running.properties"));
    }

    @Test
    void theAddressesOfARunningStackAreFoundUntilItWithdrawsThem() {
        assertThat(stack.addresses()).isEmpty();
        stack.requireNone();
        stack.announce(Map.of("bootstrap.servers", "localhost:1"));
        assertThat(stack.addresses())
                .hasValueSatisfying(
                        addresses -> assertThat(addresses).containsEntry("bootstrap.servers", "localhost:1"));
        assertThatThrownBy(stack::requireNone)
                .isInstanceOf(StartFailedException.class)
                .hasMessage("deeptweet up runs here already, as process "
                        + ProcessHandle.current().pid() + ": stop it first");
        stack.withdraw();
        assertThat(stack.addresses()).isEmpty();
    }

    @Test
    void theFileHoldsNoPasswordAndIsForItsOwnerAlone() throws Exception {
        Files.createDirectories(stack.file().getParent());
        Files.writeString(stack.file(), "pid=none"); // of a stack that was killed, for everybody to read
        stack.announce(
                Map.of("schema.registry.url", "http://ada:p%40ss@a:8081,https://eve:secret@b:8081/apis/ccompat/v7"));
        assertThat(stack.addresses())
                .hasValueSatisfying(addresses -> assertThat(addresses)
                        .containsEntry("schema.registry.url", "http://a:8081,https://b:8081/apis/ccompat/v7"));
        assertThat(Files.readString(stack.file())).doesNotContain("ada", "eve", "secret");
        if (Files.getFileStore(folder).supportsFileAttributeView("posix"))
            assertThat(Files.getPosixFilePermissions(stack.file()))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void aStackThatWasKilledDoesNotRun() throws Exception {
        stack.announce(Map.of());
        Process ended = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
                .redirectErrorStream(true)
                .start();
        ended.waitFor();
        replace("pid=.*", "pid=" + ended.pid());
        assertThat(stack.addresses()).isEmpty();
    }

    /** Such as after a restart of the machine. */
    @Test
    void anotherProcessWithTheSameIdIsNotTheStack() throws Exception {
        stack.announce(Map.of());
        assertThat(stack.addresses()).isPresent();
        Files.setLastModifiedTime(
                stack.file(),
                FileTime.from(ProcessHandle.current()
                        .info()
                        .startInstant()
                        .orElseThrow()
                        .minus(Duration.ofHours(1))));
        assertThat(stack.addresses()).isEmpty();
    }

    @Test
    void theFileOfAnotherStackIsNotDeleted() throws Exception {
        stack.announce(Map.of());
        replace(
                "pid=.*",
                "pid=" + ProcessHandle.current().parent().orElseThrow().pid());
        stack.withdraw();
        assertThat(stack.file()).exists();
    }

    @Test
    void aBrokenFileIsNoStack() throws Exception {
        stack.announce(Map.of());
        replace("pid=.*", "pid=none");
        assertThat(stack.addresses()).isEmpty();
        replace("pid=.*", "pid=\\\\u12");
        assertThat(stack.addresses()).isEmpty();
    }

    private void replace(String pattern, String by) throws Exception {
        Files.writeString(stack.file(), Files.readString(stack.file()).replaceAll(pattern, by));
    }
}
