// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import io.deeptweet.local.StartFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Passes the standard input on to a service, through a named pipe. */
final class StandardInput implements AutoCloseable {
    private final Path pipe;

    private StandardInput(Path pipe) {
        this.pipe = pipe;
    }

    /**
     * Creates the pipe, and copies the standard input into it from when the service opens it.
     *
     * @param pipe replaced if it exists
     * @throws StartFailedException if it cannot be created
     */
    static StandardInput through(Path pipe) {
        try {
            Files.deleteIfExists(pipe);
            Process process = new ProcessBuilder("mkfifo", "-m", "600", pipe.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes()).strip();
            if (process.waitFor() != 0) throw new IOException(said);
        } catch (IOException e) {
            throw failed(pipe, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(pipe, e);
        }
        Thread thread = new Thread(() -> copy(System.in, pipe), "standard input");
        thread.setDaemon(true);
        thread.start();
        return new StandardInput(pipe);
    }

    private static StartFailedException failed(Path pipe, Exception cause) {
        return new StartFailedException(
                "--feed - needs a named pipe, but mkfifo cannot create " + pipe + ": " + cause.getMessage(), cause);
    }

    /** Ends with the input, or with the service, which says itself why it reads no more. */
    private static void copy(InputStream in, Path pipe) {
        try (OutputStream out = Files.newOutputStream(pipe)) {
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) out.write(buffer, 0, read);
        } catch (IOException e) {
            System.err.println("the standard input is not read any more: " + e.getMessage());
        }
    }

    Path pipe() {
        return pipe;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(pipe);
    }
}
