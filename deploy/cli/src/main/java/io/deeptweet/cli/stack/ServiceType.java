// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.stack;

import java.util.List;

/** DeepTweet's services. */
public enum ServiceType {
    INGEST("ingest", "ingest", 8090, "/feeds", "-Xmx256m -XX:+UseSerialGC", ""),

    /**
     * Sized for a container of 768 MB: the heap holds the tables of three models while one is swapped beside a shadow,
     * and the kept models as they were published; beside it are classes and code, the stacks of some 40 threads, and 64
     * MB of RocksDB's.
     */
    CLASSIFIER(
            "classifier",
            "classifier-stream",
            8091,
            "/status",
            "--add-modules jdk.incubator.vector -Xmx448m -XX:+UseSerialGC -XX:MaxMetaspaceSize=128m"
                    + " -XX:ReservedCodeCacheSize=64m -XX:MaxDirectMemorySize=32m -Xss512k",
            ""),

    TRAINER(
            "trainer",
            "trainer",
            8092,
            "/status",
            "--add-modules jdk.incubator.vector -Xmx512m -XX:+UseSerialGC",
            "serve");

    private final String label;
    private final String module;
    private final int port;
    private final String statusPath;
    private final String jvmOptions;
    private final String arguments;

    ServiceType(String label, String module, int port, String statusPath, String jvmOptions, String arguments) {
        this.label = label;
        this.module = module;
        this.port = port;
        this.statusPath = statusPath;
        this.jvmOptions = jvmOptions;
        this.arguments = arguments;
    }

    /** What the commands call it, such as {@code classifier}. */
    public String label() {
        return label;
    }

    /** The folder of its module. */
    public String module() {
        return module;
    }

    /** The port that it listens on by default. */
    public int defaultPort() {
        return port;
    }

    /** Where it tells over HTTP what it does. */
    public String statusPath() {
        return statusPath;
    }

    /** The options of its JVM. */
    public List<String> jvmOptions() {
        return List.of(jvmOptions.split(" "));
    }

    /** The arguments of its program. */
    public List<String> arguments() {
        return arguments.isEmpty() ? List.of() : List.of(arguments.split(" "));
    }
}
