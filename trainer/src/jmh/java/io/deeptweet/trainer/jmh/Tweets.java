// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.jmh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
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

/** What the benchmarks score, and with what. */
final class Tweets {
    /** How many there are of {@link #rows}: of each length as many as the largest batch wants. */
    static final int COUNT = Tweets.LONGEST * Tweets.OF_EACH_LENGTH;

    static final int LONGEST = 24;
    static final int OF_EACH_LENGTH = 256;

    private static final Path SAMPLE =
            Path.of(System.getProperty("deeptweet.benchmark.tweets", "../deploy/sample/tweets.jsonl"));

    private Tweets() {}

    /** The default model, unless the system property {@code deeptweet.benchmark.model} names another file. */
    static ModelArtefact model() {
        String file = System.getProperty("deeptweet.benchmark.model");
        try (InputStream in = file != null
                ? Files.newInputStream(Path.of(file))
                : Tweets.class.getResourceAsStream("/default-model.safetensors")) {
            return ModelArtefact.read(in.readAllBytes());
        } catch (IOException | InvalidArtefactException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Made tweets of 1 to {@value #LONGEST} tokens, 12.5 on average, in random order. The vocabulary's words come in
     * the order of their frequency, so they are drawn by the law of Zipf and Mandelbrot: a word of rank r about 1 / (r
     * + 2.7) as often.
     */
    static int[][] rows(Vocabulary vocabulary) {
        Random random = new Random(1);
        double[] upTo = new double[vocabulary.size()]; // the share of the words before a row and of its own
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

    /** The same in batches of one length. */
    static int[][][] batches(int[][] rows, int size) {
        int[][] sorted = rows.clone();
        Arrays.sort(sorted, Comparator.comparingInt(text -> text.length));
        int[][][] batches = new int[COUNT / size][][];
        for (int i = 0; i < batches.length; i++) batches[i] = Arrays.copyOfRange(sorted, i * size, (i + 1) * size);
        return batches;
    }

    /** The tweets of the sample feed. */
    static List<String> texts() {
        ObjectMapper json = new ObjectMapper();
        List<String> texts = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(SAMPLE)) {
                try {
                    texts.add(json.readTree(line).at("/data/text").asText());
                } catch (JsonProcessingException e) {
                    // the sample also shows what becomes of a broken line
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return texts;
    }
}
