// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies a process' output to its log file until the output ends. Starts a new file at the limit, always between two
 * lines. A file is open only while something is written to it.
 */
final class RotatingLog implements Runnable {
    private static final int BUFFER = 8 * 1024;

    private final InputStream output;
    private final Path file;
    private final LogLimit limit;
    private boolean atLineStart = true;

    /** @param file the newest log file; it and the earlier ones of another run are deleted */
    RotatingLog(InputStream output, Path file, LogLimit limit) throws IOException {
        this.output = output;
        this.file = file;
        this.limit = limit;
        for (Path old : files(file)) Files.delete(old);
        Files.createFile(file);
    }

    /** The log files that exist, the earliest first. */
    static List<Path> files(Path newest) {
        List<Path> files = new ArrayList<>();
        for (int i = 0; Files.exists(numbered(newest, i)); i++) files.add(0, numbered(newest, i));
        return files;
    }

    private static Path numbered(Path newest, int number) {
        return number == 0 ? newest : newest.resolveSibling(newest.getFileName() + "." + number);
    }

    @Override
    public void run() {
        byte[] buffer = new byte[BUFFER];
        try (output) {
            for (int length = output.read(buffer); length >= 0; length = output.read(buffer))
                tryToWrite(buffer, length);
        } catch (IOException e) {
            // The pipe broke: the process has ended.
        }
    }

    /** A process must not wait because its log cannot be written, such as on a full disk: that output is lost. */
    private void tryToWrite(byte[] bytes, int length) {
        try {
            write(bytes, length);
        } catch (IOException e) {
            atLineStart = bytes[length - 1] == '\n';
        }
    }

    private void write(byte[] bytes, int length) throws IOException {
        int from = 0;
        while (from < length) {
            long written = Files.exists(file) ? Files.size(file) : 0;
            int to = end(bytes, from, length, written);
            if (to > from) append(bytes, from, to);
            if (to < length) rotate();
            from = to;
        }
    }

    /** Where the part ends that still belongs to this file: behind the last line that fits. */
    private int end(byte[] bytes, int from, int length, long written) {
        long room = limit.bytes() - written;
        if (length - from <= room) return length;
        for (int i = from + (int) Math.max(0, room) - 1; i >= from; i--) if (bytes[i] == '\n') return i + 1;
        if (written > 0 && atLineStart) return from;
        for (int i = from; i < length; i++) if (bytes[i] == '\n') return i + 1; // a line that is larger than a file
        return length;
    }

    private void append(byte[] bytes, int from, int to) throws IOException {
        try (OutputStream log = Files.newOutputStream(file, CREATE, APPEND)) {
            log.write(bytes, from, to - from);
        }
        atLineStart = bytes[to - 1] == '\n';
    }

    private void rotate() throws IOException {
        for (int i = limit.files() - 1; i > 0; i--)
            if (Files.exists(numbered(file, i - 1)))
                Files.move(numbered(file, i - 1), numbered(file, i), REPLACE_EXISTING);
    }
}
