package io.deeptweet.model.score;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores with the model's weights compiled into tables, without DL4J. Gives {@link ReferenceScorer}'s probabilities within 1e-5.
 *
 * <p>The tables are immutable and shared by all threads; a score's working memory is its own.
 */
public final class KernelScorer implements Scorer {
  private static final int[] NOWHERE = {};

  private final String version;
  private final TextPipeline pipeline;
  private final int maximumLength;
  private final Vocabulary vocabulary;
  private final LstmKernel forward;
  private final LstmKernel backward;
  private final float[] dense; // (2 * units)
  private final float bias;
  private final float[] ngrams;

  private KernelScorer(ModelArtefact model) {
    Weights weights = model.weights();
    this.version = model.version();
    this.pipeline = model.pipeline();
    this.maximumLength = model.maximumLength();
    this.vocabulary = model.vocabulary();
    this.forward = LstmKernel.compile(weights, weights.forward());
    this.backward = LstmKernel.compile(weights, weights.backward());
    this.dense = weights.dense();
    this.bias = weights.denseBias();
    this.ngrams = weights.ngrams();
  }

  /** Compiles a scorer from this model, which takes a fraction of a second. */
  public static KernelScorer of(ModelArtefact model) {
    return new KernelScorer(model);
  }

  @Override
  public Score score(String text) {
    return new Score(probability(read(text)), version);
  }

  /** The tokens that are read of a text: the first ones. */
  private List<String> read(String text) {
    List<String> tokens = pipeline.tokens(text);
    return tokens.subList(0, Math.min(tokens.size(), maximumLength));
  }

  private float probability(List<String> tokens) {
    return probability(vocabulary.rows(tokens, maximumLength), Ngrams.of(tokens, ngrams.length));
  }

  /** The probability of these rows of the vocabulary, without n-grams. */
  float probability(int[] rows) {
    return probability(rows, Ngrams.of(List.of(), 0));
  }

  private float probability(int[] rows, Ngrams beside) {
    double logit = bias + beside.logit(ngrams);
    if (rows.length > 0) {
      int units = dense.length / 2;
      float[] first = forward.pooled(rows, false, NOWHERE);
      float[] second = backward.pooled(rows, true, NOWHERE);
      for (int j = 0; j < units; j++) logit += dense[j] * first[j] + dense[units + j] * second[j];
    }
    return (float) (1 / (1 + Math.exp(-logit)));
  }

  /**
   * Which tokens decided. Maximum pooling makes this exact: logit = bias + Σⱼ wⱼ · maxₜ hⱼₜ, so each unit's term belongs to the token at
   * which its output is largest; an n-gram's belongs to the token that it ends at.
   */
  public Explanation explain(String text) {
    List<String> tokens = read(text);
    int[] rows = vocabulary.rows(tokens, maximumLength);
    double[] terms = new double[rows.length];
    if (rows.length > 0) {
      int units = dense.length / 2;
      addTerms(terms, forward, rows, false, units, 0);
      addTerms(terms, backward, rows, true, units, units);
      Ngrams.of(tokens, ngrams.length).addTerms(terms, ngrams);
    }
    List<Explanation.Term> explained = IntStream.range(0, rows.length)
        .mapToObj(i -> new Explanation.Term(tokens.get(i), rows[i] != Vocabulary.UNKNOWN, terms[i]))
        .toList();
    return new Explanation(new Score(probability(tokens), version), bias, explained);
  }

  private void addTerms(double[] terms, LstmKernel direction, int[] rows, boolean backwards, int units, int from) {
    int[] where = new int[units];
    float[] pooled = direction.pooled(rows, backwards, where);
    for (int j = 0; j < units; j++) terms[where[j]] += (double) dense[from + j] * pooled[j];
  }

  @Override
  public String version() {
    return version;
  }
}
