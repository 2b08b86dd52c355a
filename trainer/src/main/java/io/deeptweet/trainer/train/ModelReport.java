// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.evaluate.McNemarTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * How a model was made and how good it is: what stands in its artefact as JSON, and beside it for people.
 *
 * @param validation what the best epoch was chosen by
 * @param test what nothing was chosen by
 * @param besides other evaluations, by what was measured on what
 * @param decision whether it took over from its parent; empty if nobody asked
 */
public record ModelReport(
        String name,
        Data data,
        Training training,
        Evaluation validation,
        Evaluation test,
        Map<String, Evaluation> besides,
        Optional<Decision> decision) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .serializationInclusion(JsonInclude.Include.NON_ABSENT)
            .build();
    private static final ObjectWriter JSON = MAPPER.writer();

    /**
     * What was learned from.
     *
     * @param rows in the file
     * @param dropped rows that were not used, by the reason why
     * @param unlabeled texts without a label, which a teacher told if there was one
     * @param vocabulary rows, padding and unknown included
     * @param unknownTokens share of the test texts' tokens that are not in the vocabulary
     */
    public record Data(
            String name,
            int rows,
            Map<String, Integer> dropped,
            int train,
            int validation,
            int test,
            int unlabeled,
            int vocabulary,
            double unknownTokens) {}

    /**
     * How it was learned.
     *
     * @param settings by their options' names
     * @param epochs of the network; none if its encoder was frozen
     * @param bestEpoch the one with the lowest loss on validation; 0 if there is none
     * @param averagedEpochs how many epochs' weights were averaged, the best one's and those before it; 1 if its own
     *     were kept
     * @param networkScale what the network's logit is multiplied by in the sum
     * @param ngramScale what the n-grams' logit is multiplied by in the sum; 0 if there are none
     * @param seconds of the network's training, without validation
     * @param samplesPerSecond of it
     */
    public record Training(
            String pipeline,
            int maximumLength,
            Map<String, Object> settings,
            List<Epoch> epochs,
            int bestEpoch,
            int averagedEpochs,
            double networkScale,
            double ngramScale,
            double seconds,
            double samplesPerSecond,
            Platform platform) {}

    /**
     * Whether a model took over from its parent.
     *
     * @param because why, in a sentence
     * @param tests of both on the same texts, by what these are
     */
    public record Decision(boolean published, String because, Map<String, McNemarTest> tests) {}

    /**
     * Where it was learned.
     *
     * @param peakMemory MB that the process held at most so far, native memory included; 0 where the system does not
     *     say
     */
    public record Platform(String java, String os, String architecture, int processors, long peakMemory) {
        private static final Path PROCESS = Path.of("/proc/self/status");

        public static Platform here() {
            return new Platform(
                    System.getProperty("java.runtime.version"),
                    System.getProperty("os.name"),
                    System.getProperty("os.arch"),
                    Runtime.getRuntime().availableProcessors(),
                    peakMemoryHere());
        }

        private static long peakMemoryHere() {
            try (Stream<String> lines = Files.lines(PROCESS)) {
                return lines.filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                        .findFirst()
                        .orElse(0);
            } catch (IOException e) {
                return 0;
            }
        }
    }

    /**
     * The report that {@link #toJson} wrote.
     *
     * @throws IOException if it is none
     */
    public static ModelReport of(String json) throws IOException {
        return MAPPER.readValue(json, ModelReport.class);
    }

    /** The same with that decision. */
    public ModelReport with(Decision made) {
        return new ModelReport(name, data, training, validation, test, besides, Optional.of(made));
    }

    /** One line of JSON, its keys in snake case. */
    public String toJson() {
        return json(JSON, this);
    }

    /** JSON for people. */
    public String toPrettyJson() {
        return prettyJson(this);
    }

    /** Any value as a report's JSON is written. */
    public static String prettyJson(Object value) {
        return json(JSON.withDefaultPrettyPrinter(), value) + "\n";
    }

    private static String json(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is always JSON", e);
        }
    }

    /** A page of Markdown. */
    public String toMarkdown() {
        StringBuilder page = new StringBuilder();
        page.append("# Evaluation of ").append(name).append("\n\n");
        page.append("Trained on ")
                .append(data.name)
                .append(": ")
                .append(format("%,d", data.rows))
                .append(" rows, of which ")
                .append(format("%,d", data.train))
                .append(" to train, ")
                .append(format("%,d", data.validation))
                .append(" to validate and ")
                .append(format("%,d", data.test))
                .append(" to test");
        data.dropped.forEach(
                (reason, count) -> page.append(format(", %,d ", count)).append(reason));
        page.append(".\n\n");
        page.append(format(
                "Pipeline `%s`, the first %d tokens, %,d rows of vocabulary; %.2f %% of the test texts' tokens are unknown to it.%n%n",
                training.pipeline, training.maximumLength, data.vocabulary, 100 * data.unknownTokens));
        decision.ifPresent(made -> page.append(made.published ? "Published: " : "Not published: ")
                .append(made.because)
                .append(".\n\n"));
        page.append("## Figures\n\n").append(table()).append('\n');
        page.append("## Confusion on test\n\n");
        page.append("| is \\ called | negative | positive |\n|---|---:|---:|\n");
        page.append(format(
                "| negative | %,d | %,d |%n",
                test.confusion().negativeAsNegative(), test.confusion().negativeAsPositive()));
        page.append(format(
                "| positive | %,d | %,d |%n%n",
                test.confusion().positiveAsNegative(), test.confusion().positiveAsPositive()));
        page.append("![Confusion](confusion.png) ![Precision and recall](precision-recall.png)\n\n## Training\n\n");
        if (!training.epochs.isEmpty())
            page.append(
                    "![Learning](learning.png)\n\n| epoch | loss | validation loss | validation accuracy | seconds |\n|---:|---:|---:|---:|---:|\n");
        for (Epoch epoch : training.epochs)
            page.append(format(
                    "| %d%s | %.4f | %.4f | %.4f | %.0f |%n",
                    epoch.number(),
                    kept(epoch) ? " (kept)" : "",
                    epoch.loss(),
                    epoch.validationLoss(),
                    epoch.validationAccuracy(),
                    epoch.seconds()));
        if (!training.epochs.isEmpty()) page.append('\n');
        if (training.averagedEpochs > 1) page.append(format("The weights are the mean of those that were kept.%n%n"));
        page.append(format(
                "In the sum, the network's logit counts %.3f times and the n-grams' %.3f times.%n%n",
                training.networkScale, training.ngramScale));
        training.settings.forEach((option, value) ->
                page.append("- `").append(option).append("`: ").append(value).append('\n'));
        page.append(format(
                "%nThe network's epochs took %.0f s, %.0f samples/s, on Java %s, %s %s, %d processors; the process held %,d MB at most.%n",
                training.seconds,
                training.samplesPerSecond,
                training.platform.java,
                training.platform.os,
                training.platform.architecture,
                training.platform.processors,
                training.platform.peakMemory));
        return page.toString();
    }

    private boolean kept(Epoch epoch) {
        return epoch.number() == training.bestEpoch
                || epoch.number() < training.bestEpoch && epoch.number() > training.bestEpoch - training.averagedEpochs;
    }

    /** All of this report's evaluations side by side. */
    public String table() {
        Map<String, Evaluation> all = new LinkedHashMap<>();
        all.put("validation", validation);
        all.put("test", test);
        all.putAll(besides);
        return table(all, List.copyOf(all.keySet()));
    }

    /** A table of these evaluations side by side, in Markdown, which a terminal shows as well. */
    public static String table(Map<String, Evaluation> evaluations, List<String> order) {
        StringBuilder table =
                new StringBuilder("| ").append(format("%-24s", "")).append(" |");
        order.forEach(name -> table.append(format(" %10s |", name)));
        table.append("\n|").append("-".repeat(26)).append('|');
        order.forEach(name ->
                table.append("-".repeat(Math.max(10, name.length()) + 1)).append(":|"));
        table.append('\n');
        for (Row row : ROWS) {
            table.append(format("| %-24s |", row.name));
            order.forEach(name -> table.append(format(
                    " %" + Math.max(10, name.length()) + "s |",
                    format(row.format, row.of.applyAsDouble(evaluations.get(name))))));
            table.append('\n');
        }
        return table.toString();
    }

    /** A metric is a name and a function. */
    private record Row(String name, String format, ToDoubleFunction<Evaluation> of) {}

    private static final String SHARE = "%.4f";
    private static final List<Row> ROWS = List.of(
            new Row("texts", "%,.0f", Evaluation::texts),
            new Row("accuracy", SHARE, Evaluation::accuracy),
            new Row("macro F1", SHARE, Evaluation::macroF1),
            new Row("macro recall", SHARE, Evaluation::macroRecall),
            new Row(
                    "precision, negative",
                    SHARE,
                    evaluation -> evaluation.negative().precision()),
            new Row(
                    "recall, negative",
                    SHARE,
                    evaluation -> evaluation.negative().recall()),
            new Row("F1, negative", SHARE, evaluation -> evaluation.negative().f1()),
            new Row(
                    "precision, positive",
                    SHARE,
                    evaluation -> evaluation.positive().precision()),
            new Row(
                    "recall, positive",
                    SHARE,
                    evaluation -> evaluation.positive().recall()),
            new Row("F1, positive", SHARE, evaluation -> evaluation.positive().f1()),
            new Row("log loss", SHARE, Evaluation::logLoss),
            new Row("ROC AUC", SHARE, evaluation -> evaluation.rocAuc().orElse(Double.NaN)),
            new Row("calibration error", SHARE, Evaluation::calibrationError));

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
