// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.cli.stack.ServiceType;
import io.deeptweet.local.StartFailedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The results of a benchmark, as tables in Markdown and as JSON.
 *
 * @param seconds how long each rate was held
 * @param loadBefore the system's load average before the benchmark; below 0 where it has none
 * @param passed the same as {@code scored}, with tweets passed through
 * @param lost what any measurement lost, doubled or did not count, those in no table included
 */
record BenchReport(
        BenchTweets tweets,
        boolean quick,
        int seconds,
        double loadBefore,
        RunResult scored,
        RunResult passed,
        List<RunResult> scaling,
        List<String> lost) {
    /** The most tweets per second that Twitter has reported: 2013-08-03, in Japan. */
    private static final int RECORD_PEAK = 143_199;
    /** The share of a thread's time that is planned, so that it does not fall behind. */
    private static final double PLANNED_LOAD = 0.7;

    private static final long CONTAINER = 768L << 20;

    void print(PrintWriter out) {
        out.println(machine() + ".");
        out.printf(
                Locale.ROOT,
                "%,d tweets, %s, of %.0f characters and %.1f words on average; %s, one classifier of %s, exactly once,"
                        + " the broker on the same machine.%s%n%n",
                scored.drain().tweets(),
                tweets.source(),
                tweets.meanCharacters(),
                tweets.meanWords(),
                Shape.plural(scored.shape().partitions(), "partition"),
                Shape.plural(scored.shape().threads(), "thread"),
                quick ? " **Quick: these are figures of JVMs that have just started.**" : "");
        printStream(out);
        if (!scaling.isEmpty()) printScaling(out);
        printMemory(out);
        out.println("\n" + estimate());
    }

    private void printStream(PrintWriter out) {
        Drain one = scored.drain();
        Drain other = passed.drain();
        out.println("| | scored | passed through unscored | ratio |\n|---|--:|--:|--:|");
        row(out, "sustained, tweets/s", one.perSecond(), other.perSecond());
        row(out, "CPU of the classifier, µs a tweet", one.classifierMicros(), other.classifierMicros());
        row(out, "CPU of the broker, µs a tweet", one.brokerMicros(), other.brokerMicros());
        for (int i = 0; i < scored.delays().size(); i++)
            printDelays(out, scored.delays().get(i), passed.delays().get(i));
        out.printf(
                "%nSustained: tweets that a committed reader sees, by the broker's clock, after as many tweets to warm"
                        + " up. Delay: from the append to `tweets.raw` until a committed reader has the scored tweet;"
                        + " each rate is held for %d s, the first half is left out. Lost, duplicated or missing in a"
                        + " window: %s.%n",
                seconds, lost().isEmpty() ? "none" : String.join("; ", lost()));
    }

    private static void printDelays(PrintWriter out, Delays one, Delays other) {
        String at = String.format(
                Locale.ROOT,
                "delay at %,d tweets/s%s, ms: ",
                one.rate(),
                isHeld(one) && isHeld(other)
                        ? ""
                        : String.format(Locale.ROOT, " (held: %,.0f and %,.0f)", one.sent(), other.sent()));
        row(out, at + "p50", (double) one.p50(), (double) other.p50());
        row(out, at + "p99", (double) one.p99(), (double) other.p99());
        row(out, at + "p99.9", (double) one.p999(), (double) other.p999());
    }

    private static boolean isHeld(Delays delays) {
        return delays.sent() > 0.97 * delays.rate();
    }

    private static void row(PrintWriter out, String name, double one, double other) {
        out.printf(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %s |%n",
                name,
                one,
                other,
                other == 0 ? "–" : String.format(Locale.ROOT, "%.2f", one / other));
    }

    private void printScaling(PrintWriter out) {
        out.println("\n| partitions | instances | threads each | tweets/s | CPU of the classifiers, µs a tweet"
                + " | of the broker | cores busy |\n|--:|--:|--:|--:|--:|--:|--:|");
        for (RunResult result : scaling) {
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
                "%nThe rate stops growing because the machine has %s, with the broker on them. CPU per tweet shows"
                        + " what more cores would give.%n",
                Shape.plural(Runtime.getRuntime().availableProcessors(), "core"));
    }

    private void printMemory(PrintWriter out) {
        Memory memory = scored.memory();
        out.println("\n| memory of the classifier | MB |\n|---|--:|");
        out.printf(
                Locale.ROOT,
                "| heap, used | %,d |%n| heap, committed | %,d |%n| classes and code, committed | %,d |%n"
                        + "| resident in all, at most | %s |%n",
                mega(memory.heap()),
                mega(memory.committedHeap()),
                mega(memory.other()),
                memory.resident() == 0 ? "unknown here" : resident(memory.resident()));
        out.printf("%n`java %s`%n", jvmOptions());
    }

    private static String resident(long bytes) {
        return mega(bytes) + (bytes <= CONTAINER ? " (fits into 768)" : " (**does not fit into 768**)");
    }

    private static long mega(long bytes) {
        return bytes >> 20;
    }

    /** What all of X would need at its peak, if the costs that were measured grow linearly. */
    private String estimate() {
        Drain drain = scored.drain();
        double classifierCores = RECORD_PEAK * drain.classifierMicros() / 1e6;
        return String.format(
                Locale.ROOT,
                "Extrapolated: the highest rate that Twitter ever reported was %,d tweets/s. At %.0f µs per tweet this"
                        + " takes %.1f cores of classifiers, or, planned for %.0f %% load, %d partitions and threads."
                        + " The brokers need %.1f cores at one replica and write %.0f MB/s of `tweets.raw` and %.0f"
                        + " MB/s of `tweets.scored` per replica. This assumes linear growth beyond what was measured.",
                RECORD_PEAK,
                drain.classifierMicros(),
                classifierCores,
                100 * PLANNED_LOAD,
                (int) Math.ceil(classifierCores / PLANNED_LOAD),
                RECORD_PEAK * drain.brokerMicros() / 1e6,
                RECORD_PEAK * drain.rawBytes() / 1e6,
                RECORD_PEAK * drain.scoredBytes() / 1e6);
    }

    private String machine() {
        return Machine.description()
                + (loadBefore < 0 ? "" : String.format(Locale.ROOT, ", load average before %.1f", loadBefore));
    }

    private static String jvmOptions() {
        return String.join(" ", ServiceType.CLASSIFIER.jvmOptions());
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
        root.put("jvm", jvmOptions());
        try {
            mapper.writeValue(file.toFile(), root);
        } catch (IOException e) {
            throw new StartFailedException("--json " + file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
