// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.stack;

import io.deeptweet.local.StartFailedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder for records, schemas, state and logs. One process at a time has it, until it ends. */
public final class WorkFolder {
    private static final String LOCK = ".lock";

    private final Path path;
    private final boolean temporary;
    private boolean kept;

    private WorkFolder(Path path, boolean temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    /**
     * The folder that the user named, created if missing, or a temporary one.
     *
     * @throws StartFailedException if it cannot be created, or another process has it
     */
    public static WorkFolder of(Optional<Path> named) {
        try {
            if (named.isEmpty()) return new WorkFolder(Files.createTempDirectory("deeptweet"), true);
            Path path = Files.createDirectories(named.get().toAbsolutePath());
            if (!isLocked(path))
                throw new StartFailedException(
                        "--data " + path + " is in use by another deeptweet: stop that one, or choose another folder");
            return new WorkFolder(path, false);
        } catch (IOException e) {
            String folder = named.map(path -> "--data " + path)
                    .orElse("the folder for temporary files, " + System.getProperty("java.io.tmpdir") + ",");
            throw new StartFailedException(folder + " cannot be used: " + e + ": choose another by --data DIR", e);
        }
    }

    /** Locks it until this process ends, however it ends. */
    @SuppressWarnings("resource") // closing it would release the lock
    private static boolean isLocked(Path path) throws IOException {
        try {
            return FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                            .tryLock()
                    != null;
        } catch (OverlappingFileLockException e) { // this process
            return false;
        }
    }

    public Path path() {
        return path;
    }

    /** Whether nothing is in it. */
    public boolean isEmpty() {
        try (Stream<Path> files = Files.list(path)) {
            return files.allMatch(file -> file.endsWith(LOCK));
        } catch (IOException e) {
            throw new StartFailedException(path + " cannot be read: " + e + ": choose another by --data DIR", e);
        }
    }

    /** Keeps it although it is temporary: a message names a log in it. */
    public void keep() {
        kept = true;
    }

    /** Deletes it if it is temporary and nobody keeps it. */
    public void delete() throws IOException {
        if (!temporary || kept || !Files.exists(path)) return;
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
