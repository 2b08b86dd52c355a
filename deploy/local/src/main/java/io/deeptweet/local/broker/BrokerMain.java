// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local.broker;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** Runs a broker. Formats its folder first if that is new, in the same process: another JVM would take a second. */
public final class BrokerMain {
    private BrokerMain() {}

    /** @param arguments the broker's properties file, and the id of its cluster */
    public static void main(String... arguments) throws IOException {
        String config = arguments[0];
        if (!isFormatted(config)) {
            // With "=": one id in 64 begins with "-" and would be taken for an option.
            int exitCode = StorageTool.execute(
                    new String[] {"format", "--cluster-id=" + arguments[1], "--config=" + config}, System.out);
            if (exitCode != 0) System.exit(exitCode);
        }
        Kafka.main(new String[] {config});
    }

    private static boolean isFormatted(String config) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(config))) {
            properties.load(reader);
        }
        return Files.exists(Path.of(properties.getProperty("log.dirs"), "meta.properties"));
    }
}
