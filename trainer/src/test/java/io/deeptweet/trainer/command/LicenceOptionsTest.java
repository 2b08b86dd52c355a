// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.trainer.data.DataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class LicenceOptionsTest {
    private static final Path FREE = Path.of("free.csv");
    private static final Path UNCLEAR = Path.of("unclear.csv");
    private static final Path FORBIDDEN = Path.of("forbidden.csv");

    @TempDir
    Path folder;

    private Path sources;

    @Command
    private static final class Host {
        @Mixin
        private LicenceOptions licences;
    }

    @BeforeEach
    void write() throws IOException {
        sources = Files.writeString(folder.resolve("sources.yaml"), """
                sources:
                  - {name: free, title: Free, licence: CC0, reference: us, use: allowed}
                  - {name: unclear, title: Unclear, licence: none stated, reference: them, use: unclear}
                  - {name: forbidden, title: Forbidden, licence: CC BY-NC 4.0, reference: them, use: forbidden}
                """);
    }

    private static Optional<List<DataSource>> check(List<Path> files, Object... arguments) throws IOException {
        Host host = new Host();
        List<String> words = new ArrayList<>();
        for (Object argument : arguments) words.add(argument.toString());
        new CommandLine(host).parseArgs(words.toArray(String[]::new));
        return host.licences.check(files);
    }

    @Test
    void withoutSourcesNothingIsChecked() throws Exception {
        assertThat(check(List.of(FORBIDDEN))).isEmpty();
        assertThat(check(List.of(FORBIDDEN), "--licences", "any")).isEmpty();
        assertThat(check(List.of(FORBIDDEN), "--sources", sources, "--licences", "any"))
                .isEmpty();
    }

    @Test
    void withSourcesTheLicencesMustAllowTheUse() throws Exception {
        assertThat(check(List.of(FREE), "--sources", sources).orElseThrow())
                .extracting(DataSource::title)
                .containsExactly("Free");
        assertThatThrownBy(() -> check(List.of(FREE, UNCLEAR), "--sources", sources))
                .isInstanceOfSatisfying(
                        CommandFailedException.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(Failures.FAILED))
                .hasMessageStartingWith("1 of 2 files may not be used by the licences in " + sources + ": unclear.csv");
    }

    @Test
    void unclearLicencesCanBeAcceptedButNotForbiddenOnes() throws Exception {
        assertThat(check(List.of(FREE, UNCLEAR), "--sources", sources, "--licences", "unclear")
                        .orElseThrow())
                .hasSize(2);
        assertThatThrownBy(() -> check(List.of(FORBIDDEN), "--sources", sources, "--licences", "unclear"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("forbidden.csv is forbidden: Forbidden, licence CC BY-NC 4.0");
    }

    @Test
    void licencesNeedAListThatCanBeRead() throws Exception {
        assertThatThrownBy(() -> check(List.of(FREE), "--licences", "allowed"))
                .isInstanceOfSatisfying(
                        CommandFailedException.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(Failures.USAGE))
                .hasMessage("--licences is allowed: name a list of data sets by --sources");
        assertThatThrownBy(() -> check(List.of(FREE), "--sources", folder.resolve("none.yaml")))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageEndingWith("none.yaml does not exist: check the path");
        Files.writeString(sources, "sources: [");
        assertThatThrownBy(() -> check(List.of(FREE), "--sources", sources))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageStartingWith(sources + " is not YAML");
    }
}
