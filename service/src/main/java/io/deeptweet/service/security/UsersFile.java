// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import io.deeptweet.service.settings.InvalidSettingException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Reads the users from their file, and again when it has changed. */
@Singleton
class UsersFile {
    private static final Logger LOG = Logger.getLogger(UsersFile.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Duration interval;
    private Optional<Path> file = Optional.empty();
    private Users users = Users.NONE;
    private Optional<FileTime> modified = Optional.empty();
    private long checked;

    @Inject
    UsersFile() {
        this(INTERVAL);
    }

    /** @param interval how often the file is looked at */
    UsersFile(Duration interval) {
        this.interval = interval;
    }

    /**
     * Reads the file for the first time.
     *
     * @throws InvalidSettingException if it cannot be used
     */
    synchronized void load(Path named) {
        modified = modified(named); // before its content, so that no change is missed
        users = Users.read(named);
        checked = System.nanoTime();
        file = Optional.of(named);
    }

    /** The users. A file that has become unusable changes nothing; the log says what is wrong. */
    synchronized Users users() {
        if (file.isEmpty() || System.nanoTime() - checked < interval.toNanos()) return users;
        checked = System.nanoTime();
        Optional<FileTime> now = modified(file.get());
        if (now.equals(modified)) return users;
        modified = now;
        try {
            users = Users.read(file.get());
            LOG.infof(
                    "read the users again from %s: %d",
                    file.get(), users.byName().size());
        } catch (InvalidSettingException e) {
            LOG.errorf("the users stay as they were: %s", e.getMessage());
        }
        return users;
    }

    private static Optional<FileTime> modified(Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file));
        } catch (IOException e) { // a file that is being replaced, or is gone: reading it says so
            return Optional.empty();
        }
    }
}
