// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.text.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A batch of texts of the same length, so that no text is padded.
 *
 * @param rows (texts, length) rows of the vocabulary
 * @param targets (texts, heads) target probabilities, in [0, 1]
 * @param weights (texts, heads) weights of the losses, 0 or more
 */
record Batch(int[][] rows, float[][] targets, float[][] weights) {
    /**
     * The batches of an epoch in random order. Every text is in one of them.
     *
     * @param size most texts in a batch
     * @param wordDropout share of the tokens that are replaced by the unknown token, in [0, 1)
     */
    static List<Batch> epoch(EncodedExamples texts, int size, double wordDropout, Random random) {
        List<Batch> batches = new ArrayList<>();
        for (List<Integer> sameLength : byLength(texts)) {
            Collections.shuffle(sameLength, random);
            for (int from = 0; from < sameLength.size(); from += size) {
                List<Integer> part = sameLength.subList(from, Math.min(from + size, sameLength.size()));
                batches.add(new Batch(
                        part.stream()
                                .map(i -> withDropout(wordDropout, texts.rows()[i], random))
                                .toArray(int[][]::new),
                        part.stream().map(i -> texts.targets()[i]).toArray(float[][]::new),
                        part.stream().map(i -> texts.weights()[i]).toArray(float[][]::new)));
            }
        }
        Collections.shuffle(batches, random);
        return batches;
    }

    private static int[] withDropout(double share, int[] rows, Random random) {
        return share == 0
                ? rows
                : Arrays.stream(rows)
                        .map(row -> random.nextDouble() < share ? Vocabulary.UNKNOWN : row)
                        .toArray();
    }

    private static Collection<List<Integer>> byLength(EncodedExamples texts) {
        TreeMap<Integer, List<Integer>> byLength = new TreeMap<>();
        for (int i = 0; i < texts.size(); i++)
            byLength.computeIfAbsent(texts.rows()[i].length, length -> new ArrayList<>())
                    .add(i);
        return byLength.values();
    }

    int size() {
        return rows.length;
    }

    @Override
    public String toString() {
        return size() + " texts of "
                + Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(0) + " tokens";
    }
}
