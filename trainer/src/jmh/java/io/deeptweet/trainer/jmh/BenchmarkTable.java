// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.jmh;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelKind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs all benchmarks, which takes about ten minutes, and prints tables in Markdown. Takes JMH's options, such as
 * {@code -wi 1 -i 1 -r 1} for a first look.
 */
public final class BenchmarkTable {
    private BenchmarkTable() {}

    public static void main(String[] arguments) throws CommandLineOptionException, RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(arguments))
                        .include(BenchmarkTable.class.getPackageName() + "\\..*")
                        .jvmArgsAppend("--add-modules", "jdk.incubator.vector", "-Xmx2g")
                        .build())
                .run();
        Map<String, Double> measured = new LinkedHashMap<>();
        for (RunResult result : results)
            measured.put(name(result), result.getPrimaryResult().getScore());
        print(measured, System.out);
    }

    private static String name(RunResult result) {
        String method = result.getParams().getBenchmark();
        String parameters = result.getParams().getParamsKeys().stream()
                .map(result.getParams()::getParam)
                .collect(Collectors.joining(" "));
        return (method.substring(method.lastIndexOf('.') + 1) + " " + parameters).strip();
    }

    private static void print(Map<String, Double> measured, PrintStream out) {
        ModelArtefact model = BenchmarkTweets.model();
        int[][] rows = BenchmarkTweets.rows(model.vocabulary());
        out.printf(
                Locale.ROOT,
                "%nOne thread of %s, Java %s (%s), %s; model %s; random tweets of %.1f tokens.%n%n",
                processor(),
                System.getProperty("java.version"),
                System.getProperty("java.vm.name"),
                KernelKind.VECTOR.description(),
                model.version(),
                Arrays.stream(rows).mapToInt(text -> text.length).average().orElseThrow());
        printNetworks(measured, multiplyAdds(rows, model.weights().units()), out);
        printTraining(measured, out);
        printTexts(measured, out);
        measured.forEach((name, milliseconds) -> {
            if (name.startsWith("build")) out.printf(Locale.ROOT, "%s: %.0f ms%n", title(name), milliseconds);
        });
    }

    /**
     * The mean number of multiply-adds of a text's recurrent products. The first token has none, since the output
     * before it is 0.
     */
    private static double multiplyAdds(int[][] rows, int units) {
        double products =
                Arrays.stream(rows).mapToInt(text -> text.length - 1).average().orElseThrow();
        return products * 2 * 4 * units * units;
    }

    private static void printNetworks(Map<String, Double> measured, double multiplyAdds, PrintStream out) {
        double peak = measured.getOrDefault("peak", Double.NaN);
        double dl4j = measured.getOrDefault("dl4j", Double.NaN);
        double dl4jTogether = best(measured, "dl4jTogether").orElse(Double.NaN);
        double onnx = measured.getOrDefault("onnx", Double.NaN);
        double onnxTogether = best(measured, "onnxTogether").orElse(Double.NaN);
        out.println("| network | tweets/s | × DL4J one by one | × DL4J's best batch | × ONNX Runtime one by one "
                + "| × ONNX Runtime's best batch | of the core's peak |");
        out.println("|---|---:|---:|---:|---:|---:|---:|");
        for (String name : List.of("kernel", "kernelTogether", "onnx", "onnxTogether", "dl4j", "dl4jTogether")) {
            measured.entrySet().stream()
                    .filter(entry -> benchmark(entry.getKey()).equals(name))
                    .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                    .forEach(entry -> {
                        double perSecond = entry.getValue();
                        String share = name.startsWith("kernel")
                                ? String.format(Locale.ROOT, "%.0f %%", 100 * perSecond * multiplyAdds / peak)
                                : "";
                        out.printf(
                                Locale.ROOT,
                                "| %s | %,.0f | %.1f | %.2f | %.2f | %.2f | %s |%n",
                                title(entry.getKey()),
                                perSecond,
                                perSecond / dl4j,
                                perSecond / dl4jTogether,
                                perSecond / onnx,
                                perSecond / onnxTogether,
                                share);
                    });
        }
        out.printf(
                Locale.ROOT,
                "%nMeasured peak of the core: %.1f billion multiply-adds per second. "
                        + "The kernel's share counts only the recurrent products.%n%n",
                peak / 1e9);
    }

    private static void printTraining(Map<String, Double> measured, PrintStream out) {
        out.println("| training in batches of " + BenchmarkTweets.OF_EACH_LENGTH + " | tweets/s | × stock DL4J |");
        out.println("|---|---:|---:|");
        double stock = measured.getOrDefault("training STOCK", Double.NaN);
        for (String name : List.of("training FUSED", "training STOCK"))
            Optional.ofNullable(measured.get(name))
                    .ifPresent(perSecond -> out.printf(
                            Locale.ROOT, "| %s | %,.0f | %.1f |%n", title(name), perSecond, perSecond / stock));
        out.println();
    }

    private static void printTexts(Map<String, Double> measured, PrintStream out) {
        out.println("| the sample's tweets | µs per tweet |");
        out.println("|---|---:|");
        for (String name : List.of("score", "explanation", "scoreWithoutNgrams", "text", "textByItsDefinition"))
            Optional.ofNullable(measured.get(name))
                    .ifPresent(perSecond -> out.printf(Locale.ROOT, "| %s | %.2f |%n", title(name), 1e6 / perSecond));
        out.println();
    }

    private static String benchmark(String name) {
        int space = name.indexOf(' ');
        return space < 0 ? name : name.substring(0, space);
    }

    private static Optional<Double> best(Map<String, Double> measured, String name) {
        return measured.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(name + " "))
                .map(Map.Entry::getValue)
                .max(Comparator.naturalOrder());
    }

    private static String title(String name) {
        String parameter = name.substring(name.indexOf(' ') + 1);
        return switch (benchmark(name)) {
            case "kernel" -> "kernel, " + parameter.toLowerCase(Locale.ROOT) + ", one by one";
            case "kernelTogether" -> "kernel, vector, " + parameter + " at a time, as they come";
            case "onnx" -> "ONNX Runtime, one by one";
            case "onnxTogether" -> "ONNX Runtime, " + parameter + " of one length";
            case "dl4j" -> "DL4J, one by one";
            case "dl4jTogether" -> "DL4J, " + parameter + " of one length";
            case "training" ->
                parameter.equals("FUSED")
                        ? "DeepTweet's encoder and lazy Adam in DL4J's MultiLayerNetwork"
                        : "DL4J's layers and Adam";
            case "score" -> "text to score";
            case "explanation" -> "text to score with its explanation";
            case "scoreWithoutNgrams" -> "text to score without n-grams";
            case "text" -> "of that the text: folded, tokenized, looked up";
            case "textByItsDefinition" -> "the text by its readable definition";
            case "build" -> "building a scorer from its artefact, " + parameter.toLowerCase(Locale.ROOT);
            default -> name;
        };
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
