// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.score.SentimentClass;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train} and {@code fine-tune}; their failures are in {@link CommandFailuresTest}. */
class TrainCommandTest {
    private static final String[] GOOD = {"love", "great", "happy", "thanks", "wonderful"};
    private static final String[] BAD = {"hate", "awful", "sad", "can't", "terrible"};
    private static final String[] OTHER = {
        "the", "train", "today", "my", "coffee", "phone", "again", "@bob", "http://t.co/x", "at", "home", "work", "so"
    };

    @TempDir
    Path folder;

    /** Runs a command line whose words have no spaces. */
    private static CommandRun run(String line) {
        return CommandRun.of(CommandWords.of(line).toArray(String[]::new));
    }

    private static CommandRun succeed(String line) {
        CommandRun run = run(line);
        assertThat(run.code()).as(run.error()).isZero();
        return run;
    }

    /** Tweets in Sentiment140's layout, each with one word that has a sentiment. */
    private Path tweets(int count) throws Exception {
        Random random = new Random(1);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            boolean positive = i % 2 == 0;
            StringBuilder text = new StringBuilder();
            for (int word = 0; word < 3 + random.nextInt(4); word++)
                text.append(OTHER[random.nextInt(OTHER.length)]).append(' ');
            text.append(positive ? GOOD[random.nextInt(GOOD.length)] : BAD[random.nextInt(BAD.length)])
                    .append(" w")
                    .append(i % 40);
            rows.append("\"%d\",\"%d\",\"\",\"NO_QUERY\",\"\",\"%s\"\n".formatted(positive ? 4 : 0, i, text));
        }
        rows.append("\"2\",\"x\",\"\",\"NO_QUERY\",\"\",\"neither\"\n");
        Path file = folder.resolve("made.csv.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(file))) {
            gzip.write(rows.toString().getBytes(UTF_8));
        }
        return file;
    }

    @Test
    void aModelIsTrainedWrittenAndScores() throws Exception {
        Path data = tweets(600);
        Path file = folder.resolve("models/small.safetensors");
        CommandRun run = succeed("train --data " + data + " --out " + file
                + " --name small --embedding 16 --units 8 --epochs 12 --patience 3 --batch 32 --learning-rate 0.02"
                + " --two-classes --vocabulary 100 --embedding-dropout 0.1 --word-dropout 0.02 --ngrams 4096"
                + " --teacher-share 0");
        assertThat(run.output())
                .contains("made.csv.gz: 601 rows, dropped", "1 neutral", "epoch 1 ", "best so far, kept", "accuracy");

        ModelArtefact model = ModelArtefact.read(file);
        assertThat(model.version()).startsWith("small-");
        assertThat(model.trainingData()).isEqualTo("made.csv.gz");
        KernelScorer scorer = KernelScorer.of(model);
        assertThat(scorer.score("I love my phone").polarity()).isGreaterThan(0.8f);
        assertThat(scorer.score("RT @eve: I CAN'T my phone today").polarity()).isLessThan(0.2f);

        JsonNode report = new ObjectMapper().readTree(model.report());
        assertThat(new ObjectMapper()
                        .readTree(file.resolveSibling("report.json").toFile()))
                .isEqualTo(report);
        assertThat(report.at("/test/accuracy").asDouble()).isGreaterThan(0.9);
        assertThat(report.at("/test/macro_f1").asDouble()).isGreaterThan(0.9);
        assertThat(report.at("/data/dropped/neutral").asInt()).isEqualTo(1);
        assertEveryRowIsUsedOrDropped(report, 601);
        assertTheBestEpochIsKept(report);
        assertThat(file.resolveSibling("report.md"))
                .content()
                .contains("# Evaluation of small", "| true \\ predicted |");
        assertThat(file.getParent())
                .isDirectoryContaining("glob:**learning.png")
                .isDirectoryContaining("glob:**confusion.png")
                .isDirectoryContaining("glob:**precision-recall.png");
        assertThat(file.resolveSibling("small.safetensors.checkpoint")).doesNotExist();

        assertThat(succeed("evaluate --model " + file + " --data " + data).output())
                .contains(model.version() + " on made.csv.gz");
    }

    /** Neutral tweets come from one file; the other has two classes and says nothing about opinions. */
    @Test
    void aModelOfThreeClassesIsTrainedFineTunedAndEvaluated() throws Exception {
        Random random = new Random(2);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 600; i++) {
            String label = List.of("negative", "neutral", "positive").get(i % 3);
            String[] words = i % 3 == 0 ? BAD : i % 3 == 1 ? new String[] {"opens", "monday", "bus"} : GOOD;
            rows.append(i).append('\t').append(label).append('\t');
            for (int word = 0; word < 3 + random.nextInt(4); word++)
                rows.append(OTHER[random.nextInt(OTHER.length)]).append(' ');
            rows.append(words[random.nextInt(words.length)])
                    .append(" w")
                    .append(i % 40)
                    .append('\n');
        }
        Path three = Files.writeString(folder.resolve("three.tsv"), rows);
        Path sources = Files.writeString(folder.resolve("sources.yaml"), """
                sources:
                  - {name: three, title: Three, licence: CC0, reference: a test, use: allowed}
                  - {name: made, title: Made, licence: none stated, reference: a test, use: unclear}
                """);
        Path file = folder.resolve("three.safetensors");
        String line = "train --data " + three + " " + tweets(300) + " --out " + file
                + " --name three --embedding 16 --units 8 --epochs 12 --patience 3 --batch 32 --learning-rate 0.02"
                + " --embedding-dropout 0.1 --word-dropout 0.02 --ngrams 4096 --teacher-share 0 --generated 300"
                + " --sources " + sources;
        assertThat(run(line).error()).contains("made.csv.gz is unclear: Made, licence none stated");
        succeed(line + " --licences unclear");

        ModelArtefact model = ModelArtefact.read(file);
        KernelScorer scorer = KernelScorer.of(model);
        assertThat(scorer.score("I love my phone").sentiment()).isEqualTo(SentimentClass.POSITIVE);
        assertThat(scorer.score("my coffee opens monday").sentiment()).isEqualTo(SentimentClass.NEUTRAL);
        assertThat(scorer.score("awful train today").sentiment()).isEqualTo(SentimentClass.NEGATIVE);
        JsonNode report = new ObjectMapper().readTree(model.report());
        assertThat(report.at("/training/heads")).hasSize(2);
        assertThat(report.at("/test/classes/neutral/recall").asDouble()).isGreaterThan(0.8);
        assertThat(file.resolveSibling("report.md"))
                .content()
                .contains(
                        "| true \\ predicted | negative | neutral | positive |\n|---|---:|---:|---:|\n| negative |",
                        "| Three (a test) | CC0 | allowed |");
        assertThat(succeed("evaluate --model " + file + " --data " + three).output())
                .contains("neutral: ", "recall, neutral");

        Path tuned = folder.resolve("tuned.safetensors");
        succeed("fine-tune --model " + file + " --data " + three + " --no-rehearsal --epochs 1 --out " + tuned
                + " --teacher-share 0");
        assertThat(ModelArtefact.read(tuned).weights().heads()).hasSize(2);
    }

    private static void assertEveryRowIsUsedOrDropped(JsonNode report, int rows) {
        int used = report.at("/data/train").asInt()
                + report.at("/data/validation").asInt()
                + report.at("/data/test").asInt();
        int dropped = 0;
        for (JsonNode count : report.at("/data/dropped")) dropped += count.asInt();
        assertThat(used + dropped).isEqualTo(rows);
    }

    private static void assertTheBestEpochIsKept(JsonNode report) {
        double best = Double.MAX_VALUE;
        int bestEpoch = 0;
        for (JsonNode epoch : report.at("/training/epochs")) {
            if (epoch.at("/validation_loss").asDouble() < best) {
                best = epoch.at("/validation_loss").asDouble();
                bestEpoch = epoch.at("/number").asInt();
            }
        }
        assertThat(report.at("/training/best_epoch").asInt()).isEqualTo(bestEpoch);
        assertThat(report.at("/validation/log_loss").asDouble())
                .as("it is no worse than the network alone, or than 60 texts allow to claim")
                .isLessThan(Math.max(best + 0.01, 0.05));
    }

    @Test
    void aModelIsFineTunedFromAnotherAndForgetsLittle() throws Exception {
        Path base = folder.resolve("base.safetensors");
        Path data = tweets(600);
        succeed("train --data " + data + " --out " + base
                + " --two-classes --embedding 8 --units 4 --epochs 4 --batch 32 --learning-rate 0.02 --ngrams 4096"
                + " --teacher-share 0");
        StringBuilder newer = new StringBuilder("text,sentiment\n");
        for (int i = 0; i < 200; i++)
            newer.append(i % 2 == 0 ? "my train was lit " : "my phone was mid ")
                    .append(i % 10)
                    .append(" n")
                    .append(i)
                    .append(i % 2 == 0 ? ",positive\n" : ",negative\n");
        Path fresh = Files.writeString(folder.resolve("newer.csv"), newer);
        Path tuned = folder.resolve("tuned/tuned.safetensors");
        succeed("fine-tune --model " + base + " --data " + fresh + " --rehearse " + data + " --out " + tuned
                + " --name tuned --batch 32 --learning-rate 0.01 --rehearsal 4 --freeze embedding --teacher-share 0");
        ModelArtefact parent = ModelArtefact.read(base);
        ModelArtefact model = ModelArtefact.read(tuned);
        assertThat(model.parent()).contains(parent.version());
        assertThat(model.vocabulary().words()).isEqualTo(parent.vocabulary().words());
        assertThat(model.weights().embedding()).isEqualTo(parent.weights().embedding());
        JsonNode report = new ObjectMapper().readTree(model.report());
        assertThat(report.at("/test/accuracy").asDouble())
                .isGreaterThan(report.at("/besides/parent on test/accuracy").asDouble())
                .isGreaterThan(0.9);
        assertThat(report.at("/besides/earlier test/accuracy").asDouble())
                .isGreaterThan(
                        report.at("/besides/parent on earlier test/accuracy").asDouble() - 0.05);
        assertThat(tuned.resolveSibling("report.md")).content().contains("parent on earlier test");
    }

    /** With the teacher and the n-grams that are the default. */
    @Test
    void theLimitDrawsRowsAndTheTeacherHelps() throws Exception {
        Path file = folder.resolve("m.safetensors");
        CommandRun run = succeed(
                "train --data " + tweets(400) + " --out " + file + " --limit 60 --embedding 4 --units 2 --epochs 1");
        assertThat(run.output()).contains("over the limit");
        JsonNode report = new ObjectMapper().readTree(ModelArtefact.read(file).report());
        assertThat(report.at("/training/settings/--teacher-share").asDouble()).isEqualTo(0.5);
        assertThat(file.resolveSibling("m.safetensors.teacher")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--pipeline bert | there is no text pipeline bert: use deeptweet, deeptweet-2, paper-v1, paper-v3",
                "--name a/b | a model's name is",
                "--epochs 0 | epochs is 0: use 1 or more",
                "--learning-rate -1 | learning rate is -1.0: use a number above 0",
                "--dropout 1 | dropout is 1.0: use 0 or more and less than 1",
                "--max-length 0 | --max-length is 0",
                "--vocabulary 2 | --vocabulary is 2",
                "--units 0 | --units is 0",
                "--generated 1000000000 | --generated is 1000000000: use 0 to 1000000",
                "--limit -1 | --limit is -1",
                "--embedding 0 | --embedding is 0",
                "--ngrams 1000 | ngrams is 1000: use a power of two",
                "--teacher-share 2 | teacher share is 2.0: use 0 to 1",
                "--schedule wavy | expected one of [linear, constant]",
                "--batch many | Invalid value for option '--batch'",
                "--unknown 1 | Unknown options: '--unknown', '1'",
            })
    void wrongUsageIsOneSentenceAndNothingIsRead(String options, String reason) {
        CommandRun run = run("train --data nowhere.csv --out " + folder.resolve("m.safetensors") + " " + options);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.error()).startsWith("deeptweet train: ").contains(reason).doesNotContain("\tat ");
    }
}
