// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.Ngrams;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The definition of a score, for comparison with other scorers: the logit of DL4J's own layers plus the logit of the
 * n-grams. Slow.
 */
public final class ReferenceScorer implements Scorer {
    private final String version;
    private final TextPipeline pipeline;
    private final int maximumLength;
    private final Vocabulary vocabulary;
    private final List<Head> heads;

    /** One output of DL4J's own layers, and the weights that it takes beside them. */
    private record Head(BiLstm network, float bias, float[] ngrams, boolean negation) {}

    private ReferenceScorer(ModelArtefact model) {
        this.version = model.version();
        this.pipeline = model.pipeline();
        this.maximumLength = model.maximumLength();
        this.vocabulary = model.vocabulary();
        this.heads = model.weights().heads().stream()
                .map(head -> new Head(
                        BiLstm.of(model.weights().withHeads(List.of(head)), BiLstm.Encoder.STOCK),
                        head.bias(),
                        head.ngrams(),
                        model.weights().negation()))
                .toList();
    }

    /** A scorer of a model. */
    public static ReferenceScorer of(ModelArtefact model) {
        return new ReferenceScorer(model);
    }

    @Override
    public Score score(String text) {
        return score(List.of(text)).get(0);
    }

    /** Scores texts of the same length together, which takes a small part of the time. */
    @Override
    public List<Score> score(List<String> texts) {
        List<List<String>> tokens = texts.stream().map(this::tokens).toList();
        int[][] rows = tokens.stream()
                .map(read -> vocabulary.rows(read, maximumLength))
                .toArray(int[][]::new);
        List<float[]> ofHeads =
                heads.stream().map(head -> probabilities(head, rows, tokens)).toList();
        return IntStream.range(0, rows.length)
                .mapToObj(text -> score(ofHeads, text, rows[text]))
                .toList();
    }

    /** The score that the network alone gives, without n-grams. */
    public Score networkScore(int[] rows) {
        List<float[]> ofHeads = heads.stream()
                .map(head -> networkProbabilities(head, new int[][] {rows}))
                .toList();
        return score(ofHeads, 0, rows);
    }

    private List<String> tokens(String text) {
        List<String> tokens = pipeline.tokens(text);
        return tokens.subList(0, Math.min(tokens.size(), maximumLength));
    }

    private Score score(List<float[]> ofHeads, int text, int[] rows) {
        int unknown = (int)
                Arrays.stream(rows).filter(row -> row == Vocabulary.UNKNOWN).count();
        return new Score(
                ofHeads.get(0)[text], heads.size() == 1 ? 1 : ofHeads.get(1)[text], version, rows.length, unknown);
    }

    private static float[] probabilities(Head head, int[][] rows, List<List<String>> tokens) {
        float[] probabilities = networkProbabilities(head, rows);
        for (int i = 0; i < probabilities.length; i++) {
            double p = probabilities[i];
            double logit = Math.log(p / (1 - p))
                    + Ngrams.of(tokens.get(i), head.ngrams.length, head.negation)
                            .logit(head.ngrams);
            probabilities[i] = sigmoid(logit);
        }
        return probabilities;
    }

    /** What the network alone gives. Synchronized, since a network serves one thread at a time. */
    private static float[] networkProbabilities(Head head, int[][] rows) {
        int[][] read = Arrays.stream(rows).filter(text -> text.length > 0).toArray(int[][]::new);
        float[] probabilities = new float[rows.length];
        synchronized (head.network) {
            float[][] ofRead = read.length == 0 ? new float[0][] : head.network.probabilities(read);
            int next = 0;
            for (int i = 0; i < rows.length; i++)
                probabilities[i] = rows[i].length == 0 ? sigmoid(head.bias) : ofRead[next++][0];
        }
        return probabilities;
    }

    private static float sigmoid(double logit) {
        return (float) (1 / (1 + Math.exp(-logit)));
    }

    @Override
    public String version() {
        return version;
    }
}
