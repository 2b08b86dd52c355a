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
    private final int heads;
    private final float[] biases; // (heads)
    private final NgramTable ngrams;

    private KernelScorer(ModelArtefact model, KernelKind kind) {
        Weights weights = model.weights();
        this.version = model.version();
        this.pipeline = model.pipeline();
        this.maximumLength = model.maximumLength();
        this.vocabulary = model.vocabulary();
        this.forward = Kernel.compile(kind, weights, false);
        this.backward = Kernel.compile(kind, weights, true);
        List<Weights.Head> all = weights.heads();
        this.heads = all.size();
        this.biases = new float[heads];
        for (int head = 0; head < heads; head++) biases[head] = all.get(head).bias();
        this.ngrams = new NgramTable(all.stream().map(Weights.Head::ngrams).toList(), weights.negation(), vocabulary);
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
        double[] logits = scratch.logits;
        setBiases(logits, 0);
        ngrams.addLogits(scratch.tokens, scratch.rows, logits, 0, scratch);
        addNetwork(scratch.rows, length, logits, scratch);
        return score(logits, 0, scratch.rows, length);
    }

    @Override
    public List<Score> score(List<String> texts) {
        Scratch scratch = Scratch.ofThread();
        int[][] rows = new int[texts.size()][];
        double[] logits = new double[rows.length * heads];
        for (int i = 0; i < rows.length; i++) {
            int length = read(texts.get(i), scratch);
            rows[i] = Arrays.copyOf(scratch.rows, length);
            setBiases(logits, i * heads);
            ngrams.addLogits(scratch.tokens, scratch.rows, logits, i * heads, scratch);
        }
        return scores(rows, logits, scratch);
    }

    private void setBiases(double[] logits, int to) {
        for (int head = 0; head < heads; head++) logits[to + head] = biases[head];
    }

    private void addNetwork(int[] rows, int length, double[] logits, Scratch scratch) {
        if (length == 0) return;
        forward.addLogits(rows, length, logits, 0, scratch);
        backward.addLogits(rows, length, logits, 0, scratch);
    }

    /** The scores of texts of which the network's logits are still to be added. */
    private List<Score> scores(int[][] rows, double[] logits, Scratch scratch) {
        forward.addLogits(rows, logits, scratch);
        backward.addLogits(rows, logits, scratch);
        return IntStream.range(0, rows.length)
                .mapToObj(i -> score(logits, i * heads, rows[i], rows[i].length))
                .toList();
    }

    /**
     * Makes a score.
     *
     * @param logits (heads) at {@code at}
     */
    private Score score(double[] logits, int at, int[] rows, int length) {
        int unknown = 0;
        for (int i = 0; i < length; i++) if (rows[i] == Vocabulary.UNKNOWN) unknown++;
        float opinion = heads == 1 ? 1 : probability(logits[at + 1]);
        return new Score(probability(logits[at]), opinion, version, length, unknown);
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
     * The scores that the network alone gives, without n-grams.
     *
     * @param texts rows of the vocabulary, in [1, size) each
     */
    public List<Score> networkScores(int[][] texts) {
        double[] logits = new double[texts.length * heads];
        for (int i = 0; i < texts.length; i++) setBiases(logits, i * heads);
        return scores(texts, logits, Scratch.ofThread());
    }

    /**
     * The score that the network alone gives, without n-grams.
     *
     * @param rows of the vocabulary, in [1, size) each
     */
    public Score networkScore(int[] rows) {
        Scratch scratch = Scratch.ofThread();
        double[] logits = scratch.logits;
        setBiases(logits, 0);
        addNetwork(rows, rows.length, logits, scratch);
        return score(logits, 0, rows, rows.length);
    }

    private static float probability(double logit) {
        return (float) (1 / (1 + Math.exp(-logit)));
    }

    /**
     * Scores a text and explains the score exactly. With max pooling, logit = bias + Σⱼ wⱼ · maxₜ hⱼₜ, so the term of
     * each unit belongs to the token at which its output is largest. The weight of an n-gram belongs to the token at
     * which the n-gram ends. That holds for each head.
     */
    @Override
    public Explanation explain(String text) {
        Scratch scratch = Scratch.ofThread();
        int length = read(text, scratch);
        TokenBuffer tokens = scratch.tokens;
        double[][] terms = new double[heads][length];
        double[] logits = scratch.logits;
        setBiases(logits, 0);
        ngrams.addLogits(tokens, scratch.rows, logits, 0, scratch);
        if (length > 0) {
            forward.addLogits(scratch.rows, length, logits, 0, scratch);
            forward.addTerms(terms, length, scratch);
            backward.addLogits(scratch.rows, length, logits, 0, scratch);
            backward.addTerms(terms, length, scratch);
            ngrams.addTerms(tokens, terms);
        }
        List<Explanation.Term> explained = IntStream.range(0, length)
                .mapToObj(i -> new Explanation.Term(
                        tokens.text(i),
                        scratch.rows[i] != Vocabulary.UNKNOWN,
                        terms[0][i],
                        heads == 1 ? 0 : terms[1][i]))
                .toList();
        return new Explanation(
                score(logits, 0, scratch.rows, length),
                biases[0],
                heads == 1 ? Double.POSITIVE_INFINITY : biases[1],
                explained);
    }

    @Override
    public String version() {
        return version;
    }
}
