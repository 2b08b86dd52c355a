// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.score.ShareCorrection;
import io.deeptweet.trainer.data.DataSource;
import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.evaluate.EvaluationTable;
import io.deeptweet.trainer.evaluate.McNemarTest;
import io.deeptweet.trainer.evaluate.ReportJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a model was trained, and how good it is. The model's file holds it as JSON.
 *
 * @param validation on the texts that chose the epoch
 * @param test on texts that were used for nothing else
 * @param besides other evaluations, by what was evaluated on which texts, such as {@code parent on test}
 * @param correction what corrects the shares of windows, see {@link ShareCorrection}, from the validation texts; empty
 *     in older reports
 * @param decision of the gate; empty if the model was not a round's candidate
 */
public record ModelReport(
        String name,
        Data data,
        Training training,
        Evaluation validation,
        Evaluation test,
        Map<String, Evaluation> besides,
        Optional<Map<String, ShareCorrection.HeldOut>> correction,
        Optional<Decision> decision) {

    /**
     * The data sets.
     *
     * @param rows in the files
     * @param dropped rows that were not used, by reason
     * @param unlabeled texts without a label, which have only the teacher's targets; unused without a teacher
     * @param vocabulary rows, padding and unknown included
     * @param unknownTokens share of the test texts' tokens that are not in the vocabulary, in [0, 1]
     * @param sources of the data sets, with their licences; empty if nobody asked for them
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
            double unknownTokens,
            Optional<List<DataSource>> sources) {}

    /**
     * The training.
     *
     * @param maximumLength tokens that are read of a text, the first ones
     * @param settings by their options' names
     * @param epochs of the network; none if its encoder was frozen
     * @param bestEpoch number of the epoch with the lowest validation loss; 0 if there is none
     * @param averagedEpochs epochs whose weights were averaged, the best one and those before it; 1 if its own weights
     *     were kept
     * @param heads the polarity, and of three classes the opinion
     * @param seconds of the network's training, without validation
     * @param samplesPerSecond in that time
     */
    public record Training(
            String pipeline,
            int maximumLength,
            Map<String, Object> settings,
            List<Epoch> epochs,
            int bestEpoch,
            int averagedEpochs,
            List<Head> heads,
            double seconds,
            double samplesPerSecond,
            Platform platform) {
        /** Whether an epoch's weights are in the model, alone or in the mean. */
        public boolean kept(Epoch epoch) {
            return epoch.number() == bestEpoch
                    || (epoch.number() < bestEpoch && epoch.number() > bestEpoch - averagedEpochs);
        }
    }

    /**
     * How the logit of a head is summed up.
     *
     * @param networkScale factor of the network's logit
     * @param ngramScale factor of the n-grams' logit; 0 without n-grams
     */
    public record Head(double networkScale, double ngramScale) {}

    /**
     * The gate's decision on a candidate.
     *
     * @param because the reason, in a sentence
     * @param tests of candidate and active model on the same texts, by the texts' name
     */
    public record Decision(boolean published, String because, Map<String, McNemarTest> tests) {}

    /**
     * The machine of the training.
     *
     * @param peakMemory most memory of the process so far in MB, native memory included; 0 where the system does not
     *     tell
     */
    public record Platform(String java, String os, String architecture, int processors, long peakMemory) {
        private static final Path PROCESS_STATUS = Path.of("/proc/self/status");

        public static Platform here() {
            return new Platform(
                    System.getProperty("java.runtime.version"),
                    System.getProperty("os.name"),
                    System.getProperty("os.arch"),
                    Runtime.getRuntime().availableProcessors(),
                    peakMemoryHere());
        }

        private static long peakMemoryHere() {
            try (Stream<String> lines = Files.lines(PROCESS_STATUS)) {
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
     * @throws IOException if it is not a report
     */
    public static ModelReport of(String json) throws IOException {
        return ReportJson.read(json, ModelReport.class);
    }

    /** The same report with that decision. */
    public ModelReport with(Decision gate) {
        return new ModelReport(name, data, training, validation, test, besides, correction, Optional.of(gate));
    }

    /** One line of JSON. */
    public String toJson() {
        return ReportJson.line(this);
    }

    /** All evaluations side by side, in Markdown. */
    public String table() {
        Map<String, Evaluation> all = new LinkedHashMap<>();
        all.put("validation", validation);
        all.put("test", test);
        all.putAll(besides);
        return EvaluationTable.of(all);
    }
}
