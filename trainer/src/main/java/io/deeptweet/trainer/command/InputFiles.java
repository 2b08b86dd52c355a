// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/** Looks at the files that a command is to read, before it does anything else. */
final class InputFiles {
    private InputFiles() {}

    /**
     * The file, which can be opened and is not empty.
     *
     * @throws CommandFailedException if it does not exist, is a folder, may not be read, or is empty
     */
    static Path readable(Path file) {
        fault(file).ifPresent(fault -> {
            throw CommandFailedException.failed(fault);
        });
        if (isEmpty(file)) throw CommandFailedException.failed(file + " is empty: name another file");
        return file;
    }

    /** As {@link #readable(Path)}, all of them. */
    static void readable(Collection<Path> files) {
        files.forEach(InputFiles::readable);
    }

    /** The folder, which exists. */
    static Path folder(Path folder) {
        if (!Files.exists(folder)) throw CommandFailedException.failed(folder + " does not exist: check the path");
        if (!Files.isDirectory(folder)) throw CommandFailedException.failed(folder + " is a file: name a folder");
        return folder;
    }

    /** Why the file cannot be opened, in a sentence; empty if it can. */
    static Optional<String> fault(Path file) {
        if (!Files.exists(file)) return Optional.of(file + " does not exist: check the path");
        if (Files.isDirectory(file)) return Optional.of(file + " is a folder: name a file");
        return Files.isReadable(file)
                ? Optional.empty()
                : Optional.of(file + " may not be read: change its permissions, or name another file");
    }

    /** Pipes and devices have no size. */
    private static boolean isEmpty(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) == 0;
        } catch (IOException e) {
            return false; // whoever reads it will say why it cannot be read
        }
    }
}
