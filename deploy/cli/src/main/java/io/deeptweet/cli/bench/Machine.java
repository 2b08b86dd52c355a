// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The machine that is measured on. */
final class Machine {
    private Machine() {}

    /** The system's load average; below 0 where it has none. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** {@code 2 cores of Intel…, 24 GB, Linux amd64, Java 17.0.15}. */
    static String description() {
        long memory = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize();
        return String.format(
                Locale.ROOT,
                "%s%s, %d GB, %s %s, Java %s",
                Shape.plural(Runtime.getRuntime().availableProcessors(), "core"),
                processor(),
                Math.round(memory / (double) (1 << 30)),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.version"));
    }

    /** Its name, after " of "; empty if unknown. */
    private static String processor() {
        try {
            Path info = Path.of("/proc/cpuinfo");
            if (!Files.exists(info)) return "";
            return Files.readAllLines(info).stream()
                    .filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> " of " + line.replaceFirst(".*:\\s*", ""))
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
