// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.Ngrams;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.util.ArrayList;
import java.util.List;

/**
 * The definition of a score, for comparison with other scorers: the logit of DL4J's own layers plus the logit of the
 * n-grams. Slow.
 */
public final class ReferenceScorer implements Scorer {
    private final String version;
    private final TextPipeline pipeline;
    private final int maximumLength;
    private final Vocabulary vocabulary;
    private final float bias;
    private final float[] ngrams;
    private final BiLstm network;

    private ReferenceScorer(ModelArtefact model) {
        this.version = model.version();
        this.pipeline = model.pipeline();
        this.maximumLength = model.maximumLength();
        this.vocabulary = model.vocabulary();
        this.bias = model.weights().denseBias();
        this.ngrams = model.weights().ngrams();
        this.network = BiLstm.of(model.weights(), BiLstm.Encoder.STOCK);
    }

    /** A scorer of a model. */
    public static ReferenceScorer of(ModelArtefact model) {
        return new ReferenceScorer(model);
    }

    @Override
    public Score score(String text) {
        List<String> tokens = tokens(text);
        return score(tokens, probability(vocabulary.rows(tokens, maximumLength)));
    }

    /** Scores texts of the same length together, which takes a small part of the time. */
    @Override
    public synchronized List<Score> score(List<String> texts) {
        List<List<String>> tokens = texts.stream().map(this::tokens).toList();
        int[][] rows = tokens.stream()
                .filter(read -> !read.isEmpty())
                .map(read -> vocabulary.rows(read, maximumLength))
                .toArray(int[][]::new);
        float[] probabilities = network.probabilities(rows);
        List<Score> scores = new ArrayList<>(texts.size());
        int next = 0;
        for (List<String> read : tokens)
            scores.add(score(read, read.isEmpty() ? probability(new int[0]) : probabilities[next++]));
        return scores;
    }

    private List<String> tokens(String text) {
        List<String> tokens = pipeline.tokens(text);
        return tokens.subList(0, Math.min(tokens.size(), maximumLength));
    }

    private Score score(List<String> tokens, double network) {
        double logit = Math.log(network / (1 - network))
                + Ngrams.of(tokens, ngrams.length).logit(ngrams);
        return new Score((float) (1 / (1 + Math.exp(-logit))), version);
    }

    /**
     * The probability that the network alone gives, without n-grams. Synchronized, since a network serves one thread at
     * a time.
     *
     * @param rows of the vocabulary
     */
    public synchronized float probability(int[] rows) {
        return rows.length == 0 ? (float) (1 / (1 + Math.exp(-bias))) : network.probabilities(new int[][] {rows})[0];
    }

    @Override
    public String version() {
        return version;
    }
}
