// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.stack;

import io.deeptweet.local.StartFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder for records, schemas, state and logs.
 *
 * @param temporary whether it is deleted at the end; one that the user named is not
 */
public record WorkFolder(Path path, boolean temporary) {
    /**
     * The folder that the user named, created if missing, or a temporary one.
     *
     * @throws StartFailedException if it cannot be created
     */
    public static WorkFolder of(Optional<Path> named) {
        try {
            return named.isPresent()
                    ? new WorkFolder(Files.createDirectories(named.get().toAbsolutePath()), false)
                    : new WorkFolder(Files.createTempDirectory("deeptweet"), true);
        } catch (IOException e) {
            String folder = named.map(path -> "--data " + path)
                    .orElse("the folder for temporary files, " + System.getProperty("java.io.tmpdir") + ",");
            throw new StartFailedException(folder + " cannot be used: " + e + ": choose another by --data DIR", e);
        }
    }

    /** Whether nothing is in it. */
    public boolean isEmpty() {
        try (Stream<Path> files = Files.list(path)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new StartFailedException(path + " cannot be read: " + e + ": choose another by --data DIR", e);
        }
    }

    /** Deletes it if it is temporary. */
    public void delete() throws IOException {
        if (!temporary || !Files.exists(path)) return;
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
