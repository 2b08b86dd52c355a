// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Looks at the files and folders that a command is to write, before it does anything else: after an hour of training it
 * would be too late.
 */
final class OutputPaths {
    /** Writes something to a path. */
    interface Writing {
        void write() throws IOException;
    }

    private OutputPaths() {}

    /**
     * The folder, which is created where it is missing.
     *
     * @throws CommandFailedException if it is a file, cannot be created, or may not be written to
     */
    static Path folder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw CommandFailedException.failed(e.getFile() + " is a file: name a folder to write to", e);
        } catch (IOException e) {
            throw CommandFailedException.failed(
                    "the folder " + folder + " cannot be created (" + Failures.reason(e) + "): name another", e);
        }
        if (!Files.isWritable(folder))
            throw CommandFailedException.failed(
                    "the folder " + folder + " may not be written to: change its permissions, or name another");
        return folder;
    }

    /**
     * The file, whose folder is created where it is missing.
     *
     * @throws CommandFailedException if it is a folder, or may not be written
     */
    static Path file(Path file) {
        if (Files.isDirectory(file)) throw CommandFailedException.failed(file + " is a folder: name a file to write");
        folder(file.toAbsolutePath().getParent());
        if (Files.exists(file) && !Files.isWritable(file))
            throw CommandFailedException.failed(
                    file + " may not be written: change its permissions, or name another file");
        return file;
    }

    /**
     * Writes, and names what could not be written: Java's exceptions of a full disk do not.
     *
     * @throws CommandFailedException if it fails
     */
    static void write(Path to, Writing writing) {
        try {
            writing.write();
        } catch (IOException e) {
            throw CommandFailedException.failed(
                    to + " cannot be written (" + Failures.reason(e) + "): make room, or name another place", e);
        }
    }
}
