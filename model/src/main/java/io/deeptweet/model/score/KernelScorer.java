// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.TokenBuffer;
import io.deeptweet.model.text.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores with the weights of a model compiled into tables. The probabilities are within 1e-5 of those of DL4J's own
 * layers, with which the trainer's tests compare them.
 *
 * <p>The tables are immutable and shared by all threads; each thread has its own working memory.
 */
public final class KernelScorer implements Scorer {
    private final String version;
    private final TextPipeline pipeline;
    private final int maximumLength;
    private final Vocabulary vocabulary;
    private final Kernel forward;
    private final Kernel backward;
    private final float bias;
    private final NgramTable ngrams;

    private KernelScorer(ModelArtefact model, KernelKind kind) {
        Weights weights = model.weights();
        this.version = model.version();
        this.pipeline = model.pipeline();
        this.maximumLength = model.maximumLength();
        this.vocabulary = model.vocabulary();
        this.forward = Kernel.compile(kind, weights, false);
        this.backward = Kernel.compile(kind, weights, true);
        this.bias = weights.denseBias();
        this.ngrams = new NgramTable(weights.ngrams(), vocabulary);
    }

    /**
     * Compiles a scorer from a model, with the fastest kernel that this JVM runs. It takes a fraction of a second.
     *
     * @throws IllegalArgumentException if the weights are so large that the tables overflow
     */
    public static KernelScorer of(ModelArtefact model) {
        return of(model, KernelKind.fastest());
    }

    /**
     * Compiles a scorer with a kernel of one kind, for comparisons.
     *
     * @throws IllegalArgumentException if the weights are so large that the tables overflow
     */
    public static KernelScorer of(ModelArtefact model, KernelKind kind) {
        return new KernelScorer(model, kind);
    }

    @Override
    public Score score(String text) {
        Scratch scratch = Scratch.ofThread();
        int length = read(text, scratch);
        double logit = bias + ngrams.logit(scratch.tokens, scratch.rows, scratch);
        if (length > 0)
            logit += forward.logit(scratch.rows, length, scratch) + backward.logit(scratch.rows, length, scratch);
        return score(logit, scratch.rows, length);
    }

    @Override
    public List<Score> score(List<String> texts) {
        Scratch scratch = Scratch.ofThread();
        int[][] rows = new int[texts.size()][];
        double[] logits = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int length = read(texts.get(i), scratch);
            rows[i] = Arrays.copyOf(scratch.rows, length);
            logits[i] = ngrams.logit(scratch.tokens, scratch.rows, scratch);
        }
        addLogits(rows, logits, scratch);
        return IntStream.range(0, rows.length)
                .mapToObj(i -> score(logits[i], rows[i], rows[i].length))
                .toList();
    }

    private Score score(double logit, int[] rows, int length) {
        int unknown = 0;
        for (int i = 0; i < length; i++) if (rows[i] == Vocabulary.UNKNOWN) unknown++;
        return new Score(probability(logit), version, length, unknown);
    }

    /** Reads the tokens of a text and their rows into the working memory; returns the number of tokens. */
    private int read(String text, Scratch scratch) {
        TokenBuffer tokens = scratch.tokens;
        pipeline.read(text, maximumLength, tokens);
        if (scratch.rows.length < tokens.count()) scratch.rows = new int[2 * tokens.count()];
        for (int i = 0; i < tokens.count(); i++) scratch.rows[i] = vocabulary.row(tokens, i);
        return tokens.count();
    }

    /**
     * The probabilities that the network alone gives, without n-grams.
     *
     * @param texts rows of the vocabulary, in [1, size) each
     */
    public float[] probabilities(int[][] texts) {
        double[] logits = new double[texts.length];
        addLogits(texts, logits, Scratch.ofThread());
        float[] probabilities = new float[texts.length];
        for (int i = 0; i < texts.length; i++) probabilities[i] = probability(logits[i]);
        return probabilities;
    }

    private void addLogits(int[][] texts, double[] logits, Scratch scratch) {
        for (int i = 0; i < logits.length; i++) logits[i] += bias;
        forward.addLogits(texts, logits, scratch);
        backward.addLogits(texts, logits, scratch);
    }

    /**
     * The probability that the network alone gives, without n-grams.
     *
     * @param rows of the vocabulary, in [1, size) each
     */
    public float probability(int[] rows) {
        if (rows.length == 0) return probability(bias);
        Scratch scratch = Scratch.ofThread();
        return probability(
                bias + forward.logit(rows, rows.length, scratch) + backward.logit(rows, rows.length, scratch));
    }

    private static float probability(double logit) {
        return (float) (1 / (1 + Math.exp(-logit)));
    }

    /**
     * Scores a text and explains the score exactly. With max pooling, logit = bias + Σⱼ wⱼ · maxₜ hⱼₜ, so the term of
     * each unit belongs to the token at which its output is largest. The weight of an n-gram belongs to the token at
     * which the n-gram ends.
     */
    @Override
    public Explanation explain(String text) {
        Scratch scratch = Scratch.ofThread();
        int length = read(text, scratch);
        TokenBuffer tokens = scratch.tokens;
        double[] terms = new double[length];
        double logit = bias + ngrams.logit(tokens, scratch.rows, scratch);
        if (length > 0) {
            logit += forward.logit(scratch.rows, length, scratch);
            forward.addTerms(terms, length, scratch);
            logit += backward.logit(scratch.rows, length, scratch);
            backward.addTerms(terms, length, scratch);
            Ngrams.addTerms(tokens, terms, ngrams.weights());
        }
        List<Explanation.Term> explained = IntStream.range(0, length)
                .mapToObj(i -> new Explanation.Term(tokens.text(i), scratch.rows[i] != Vocabulary.UNKNOWN, terms[i]))
                .toList();
        return new Explanation(score(logit, scratch.rows, length), bias, explained);
    }

    @Override
    public String version() {
        return version;
    }
}
