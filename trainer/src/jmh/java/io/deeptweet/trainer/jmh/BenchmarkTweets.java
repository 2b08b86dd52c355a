// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.jmh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.text.TokenBuffer;
import io.deeptweet.model.text.Vocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The tweets and the model of the benchmarks. */
public final class BenchmarkTweets {
    /** Tokens of the longest random tweets. */
    static final int LONGEST = 24;
    /** Number of random tweets of each length; the size of the largest batch. */
    static final int OF_EACH_LENGTH = 256;
    /** Number of random tweets. */
    static final int COUNT = LONGEST * OF_EACH_LENGTH;

    private static final Path SAMPLE =
            Path.of(System.getProperty("deeptweet.benchmark.tweets", "../deploy/sample/tweets.jsonl"));

    /** Random tweets, one after the other. */
    @State(Scope.Thread)
    public static class Rows {
        final ModelArtefact model = model();
        final int[][] all = rows(model.vocabulary());
        private int next;

        int[] next() {
            next = next + 1 == all.length ? 0 : next + 1;
            return all[next];
        }
    }

    /** The tweets of the sample feed, one after the other. */
    @State(Scope.Thread)
    public static class Texts {
        final ModelArtefact model = model();
        final List<String> all = texts();
        final TokenBuffer tokens = new TokenBuffer();
        final int[] rows = new int[model.maximumLength()];
        private int next;

        String next() {
            next = next + 1 == all.size() ? 0 : next + 1;
            return all.get(next);
        }
    }

    private BenchmarkTweets() {}

    /** The default model, unless the system property {@code deeptweet.benchmark.model} names another file. */
    static ModelArtefact model() {
        String file = System.getProperty("deeptweet.benchmark.model");
        try (InputStream in = file != null
                ? Files.newInputStream(Path.of(file))
                : BenchmarkTweets.class.getResourceAsStream("/default-model.safetensors")) {
            return ModelArtefact.read(in.readAllBytes());
        } catch (IOException | InvalidArtefactException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Random tweets of 1 to {@value #LONGEST} tokens, 12.5 on average, in random order. The words of a vocabulary are
     * ordered by frequency, so a word of rank r is drawn with a probability proportional to 1 / (r + 2.7), by the law
     * of Zipf and Mandelbrot.
     */
    static int[][] rows(Vocabulary vocabulary) {
        Random random = new Random(1);
        double[] upTo = new double[vocabulary.size()]; // cumulative, up to and including each row
        for (int row = 1; row < upTo.length; row++) upTo[row] = upTo[row - 1] + 1 / (row + 2.7);
        int[][] texts = new int[COUNT][];
        for (int i = 0; i < COUNT; i++) {
            int[] text = new int[1 + i % LONGEST];
            for (int token = 0; token < text.length; token++) {
                int at = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
                text[token] = Math.max(1, at < 0 ? -at - 1 : at);
            }
            texts[i] = text;
        }
        Collections.shuffle(Arrays.asList(texts), random);
        return texts;
    }

    /** Random tweets in batches of one length. */
    static int[][][] batches(int[][] rows, int size) {
        int[][] sorted = rows.clone();
        Arrays.sort(sorted, Comparator.comparingInt(text -> text.length));
        int[][][] batches = new int[COUNT / size][][];
        for (int i = 0; i < batches.length; i++) batches[i] = Arrays.copyOfRange(sorted, i * size, (i + 1) * size);
        return batches;
    }

    /** The texts of the sample feed. */
    static List<String> texts() {
        ObjectMapper json = new ObjectMapper();
        List<String> texts = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(SAMPLE)) {
                try {
                    texts.add(json.readTree(line).at("/data/text").asText());
                } catch (JsonProcessingException e) {
                    // the sample also has an invalid line
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return texts;
    }
}
