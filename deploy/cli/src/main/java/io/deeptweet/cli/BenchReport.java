// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.cli.BenchRun.Delays;
import io.deeptweet.cli.BenchRun.Drain;
import io.deeptweet.cli.BenchRun.Memory;
import io.deeptweet.cli.BenchRun.Result;
import io.deeptweet.local.StartFailedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A benchmark's tables.
 *
 * @param seconds how long each rate was held
 * @param loadBefore what ran on the machine before it, as the system's load average; below 0 where it has none
 * @param passed the same as {@code scored}, with tweets passed through
 * @param lost what any run lost, doubled or did not count, those that are in no table included
 */
record BenchReport(
        BenchTweets tweets,
        boolean quick,
        int seconds,
        double loadBefore,
        Result scored,
        Result passed,
        List<Result> scaling,
        List<String> lost) {
    /** The most tweets a second that Twitter ever told of: 2013-08-03, in Japan. */
    private static final int RECORD_PEAK = 143_199;
    /** A thread that is not to fall behind is not planned for more. */
    private static final double PLANNED_LOAD = 0.7;

    private static final long CONTAINER = 768L << 20;

    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    static String plural(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    void print(PrintWriter out) {
        out.println(machine() + ".");
        out.printf(
                Locale.ROOT,
                "%,d tweets, %s, of %.0f characters and %.1f words on average; %s, one classifier of %s, exactly once, the broker on the same machine.%s%n%n",
                scored.drain().tweets(),
                tweets.source(),
                tweets.meanCharacters(),
                tweets.meanWords(),
                plural(scored.shape().partitions(), "partition"),
                plural(scored.shape().threads(), "thread"),
                quick ? " **Quick: these are figures of JVMs that have just started.**" : "");

        out.println("| | scored | passed through unscored | ratio |\n|---|--:|--:|--:|");
        row(
                out,
                "sustained, tweets/s",
                scored.drain().perSecond(),
                passed.drain().perSecond(),
                "%,.0f");
        row(
                out,
                "CPU of the classifier, µs a tweet",
                scored.drain().classifierMicros(),
                passed.drain().classifierMicros(),
                "%,.0f");
        row(
                out,
                "CPU of the broker, µs a tweet",
                scored.drain().brokerMicros(),
                passed.drain().brokerMicros(),
                "%,.0f");
        for (int i = 0; i < scored.delays().size(); i++) {
            Delays one = scored.delays().get(i);
            Delays other = passed.delays().get(i);
            String at = String.format(
                    Locale.ROOT,
                    "delay at %,d tweets/s%s, ms: ",
                    one.rate(),
                    held(one) && held(other)
                            ? ""
                            : String.format(Locale.ROOT, " (held: %,.0f and %,.0f)", one.sent(), other.sent()));
            row(out, at + "p50", one.p50(), other.p50(), "%,.0f");
            row(out, at + "p99", one.p99(), other.p99(), "%,.0f");
            row(out, at + "p99.9", one.p999(), other.p999(), "%,.0f");
        }
        out.printf(
                "%nSustained: by the broker's clock, of what a committed reader sees, after as many tweets to warm up. Delay: from the append to `tweets.raw` until a committed reader has the scored tweet, each rate held for %d s, without the first half. ",
                seconds);
        out.printf(
                "Lost, doubled, or missing in a window: %s.%n", lost().isEmpty() ? "none" : String.join("; ", lost()));

        if (!scaling.isEmpty()) {
            out.println(
                    "\n| partitions | instances | threads each | tweets/s | CPU of the classifiers, µs a tweet | of the broker | cores busy |\n|--:|--:|--:|--:|--:|--:|--:|");
            for (Result result : scaling) {
                Drain drain = result.drain();
                out.printf(
                        Locale.ROOT,
                        "| %d | %d | %d | %,.0f | %,.0f | %,.0f | %.1f |%n",
                        result.shape().partitions(),
                        result.shape().instances(),
                        result.shape().threads(),
                        drain.perSecond(),
                        drain.classifierMicros(),
                        drain.brokerMicros(),
                        drain.perSecond() * (drain.classifierMicros() + drain.brokerMicros()) / 1e6);
            }
            out.printf(
                    "%nThe cores of this machine, %d with the broker on them, end the growth of the rate; the cost of a tweet says what more of them would give.%n",
                    Runtime.getRuntime().availableProcessors());
        }

        Memory memory = scored.memory();
        out.println("\n| memory of the classifier | MB |\n|---|--:|");
        out.printf(
                Locale.ROOT,
                "| heap, used | %,d |%n| heap, committed | %,d |%n| classes and code, committed | %,d |%n| resident in all, at most | %s |%n",
                mega(memory.heap()),
                mega(memory.committedHeap()),
                mega(memory.other()),
                memory.resident() == 0
                        ? "not known here"
                        : mega(memory.resident())
                                + (memory.resident() <= CONTAINER
                                        ? " (fits into 768)"
                                        : " (**does not fit into 768**)"));
        out.printf("%n`java %s`%n", String.join(" ", Service.CLASSIFIER));
        out.println("\n" + estimate());
    }

    private static boolean held(Delays delays) {
        return delays.sent() > 0.97 * delays.rate();
    }

    private static void row(PrintWriter out, String name, double one, double other, String format) {
        out.printf(
                Locale.ROOT,
                "| %s | " + format + " | " + format + " | %s |%n",
                name,
                one,
                other,
                other == 0 ? "–" : String.format(Locale.ROOT, "%.2f", one / other));
    }

    private static long mega(long bytes) {
        return bytes >> 20;
    }

    /** What the whole of X would need at its peak, at the costs that were measured, if they grow as they do here. */
    private String estimate() {
        Drain drain = scored.drain();
        double classifierCores = RECORD_PEAK * drain.classifierMicros() / 1e6;
        double brokerCores = RECORD_PEAK * drain.brokerMicros() / 1e6;
        int threads = (int) Math.ceil(classifierCores / PLANNED_LOAD);
        int instances = (threads + 3) / 4;
        return String.format(
                Locale.ROOT,
                "On paper: the most tweets a second that Twitter ever told of were %,d. At %.0f µs a tweet that is %.1f cores of classifiers; planned for %.0f %% load, %d partitions and threads, such as %s of 4 threads. "
                        + "The brokers are busy with %.1f cores at one replica, and write %.0f MB/s of `tweets.raw` and %.0f MB/s of `tweets.scored` for each replica. "
                        + "Linear growth is assumed beyond what was measured here; nobody has run it.",
                RECORD_PEAK,
                drain.classifierMicros(),
                classifierCores,
                100 * PLANNED_LOAD,
                threads,
                plural(instances, "instance"),
                brokerCores,
                RECORD_PEAK * drain.rawBytes() / 1e6,
                RECORD_PEAK * drain.scoredBytes() / 1e6);
    }

    private String machine() {
        String processor = "";
        try {
            Path info = Path.of("/proc/cpuinfo");
            if (Files.exists(info))
                processor = Files.readAllLines(info).stream()
                        .filter(line -> line.startsWith("model name"))
                        .findFirst()
                        .map(line -> " of " + line.replaceFirst(".*:\\s*", ""))
                        .orElse("");
        } catch (IOException e) {
            // then it stays unnamed
        }
        long memory = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize();
        return String.format(
                Locale.ROOT,
                "%s%s, %d GB, %s %s, Java %s%s",
                plural(Runtime.getRuntime().availableProcessors(), "core"),
                processor,
                Math.round(memory / (double) (1 << 30)),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.version"),
                loadBefore < 0 ? "" : String.format(Locale.ROOT, ", load average before %.1f", loadBefore));
    }

    void writeJson(Path file) {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode root = mapper.createObjectNode()
                .put("machine", machine())
                .put("quick", quick)
                .put("tweets", tweets.source())
                .put("meanCharacters", tweets.meanCharacters())
                .put("meanWords", tweets.meanWords())
                .put("secondsARate", seconds);
        root.set("scored", mapper.valueToTree(scored));
        root.set("passedThrough", mapper.valueToTree(passed));
        root.set("scaling", mapper.valueToTree(new ArrayList<>(scaling)));
        root.put("jvm", String.join(" ", Service.CLASSIFIER));
        try {
            mapper.writeValue(file.toFile(), root);
        } catch (IOException e) {
            throw new StartFailedException("--json " + file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
