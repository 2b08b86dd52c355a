// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import io.deeptweet.local.ChildProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What the operating system tells of a process. */
final class ProcessUsage {
    private ProcessUsage() {}

    /** User and system time so far. */
    static Duration cpu(ChildProcess process) {
        return ProcessHandle.of(process.pid())
                .flatMap(handle -> handle.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    /** Bytes in memory: the most so far on Linux, those of now elsewhere; 0 if unknown. */
    static long resident(ChildProcess process) {
        try {
            Path status = Path.of("/proc/" + process.pid() + "/status");
            if (Files.exists(status))
                return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0);
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(process.pid())).start();
            return 1024
                    * Long.parseLong(new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
