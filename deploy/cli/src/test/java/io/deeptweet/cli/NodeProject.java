// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Scripts for Node.js under {@code src/test}, with the packages that they need. */
final class NodeProject {
    private NodeProject() {}

    /**
     * Copies a project to {@code target} and installs its packages. Skips the test where Node.js or npm is missing.
     *
     * @param name of its folder under {@code src/test}
     * @param folder to run commands in
     * @return the folder of the copy
     */
    static Path installed(String name, Path folder) throws IOException {
        assumeTrue(
                ScriptProcess.succeeds(folder, List.of("node", "--version"))
                        && ScriptProcess.succeeds(folder, List.of("npm", "--version")),
                "skipped: needs Node.js and npm");
        Path copy = Files.createDirectories(Path.of("target").resolve(name));
        try (Stream<Path> files = Files.list(Path.of("src/test").resolve(name))) {
            for (Path file : files.filter(Files::isRegularFile).toList())
                Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(copy.resolve("node_modules/.package-lock.json")))
            assertThat(ScriptProcess.succeeds(copy, List.of("npm", "ci", "--ignore-scripts")))
                    .as("npm ci")
                    .isTrue();
        return copy;
    }
}
