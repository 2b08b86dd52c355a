package io.deeptweet.model.score;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Scores with the model's weights compiled into tables, without DL4J. Gives {@link ReferenceScorer}'s probabilities within 1e-5.
 *
 * <p>The tables are immutable and shared by all threads; a score's working memory is its own.
 */
public final class KernelScorer implements Scorer {
  private final String version;
  private final TextPipeline pipeline;
  private final int maximumLength;
  private final Vocabulary vocabulary;
  private final LstmKernel forward;
  private final LstmKernel backward;
  private final float bias;
  private final float[] ngrams;

  private KernelScorer(ModelArtefact model, BiFunction<Weights, Boolean, LstmKernel> kernel) {
    Weights weights = model.weights();
    this.version = model.version();
    this.pipeline = model.pipeline();
    this.maximumLength = model.maximumLength();
    this.vocabulary = model.vocabulary();
    this.forward = kernel.apply(weights, false);
    this.backward = kernel.apply(weights, true);
    this.bias = weights.denseBias();
    this.ngrams = weights.ngrams();
  }

  /** Compiles a scorer from this model, which takes a fraction of a second. */
  public static KernelScorer of(ModelArtefact model) {
    return of(model, LstmKernel::compile);
  }

  /** The same with a kernel of one's choice. */
  static KernelScorer of(ModelArtefact model, BiFunction<Weights, Boolean, LstmKernel> kernel) {
    return new KernelScorer(model, kernel);
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
    return probability(logit(vocabulary.rows(tokens, maximumLength)) + Ngrams.of(tokens, ngrams.length).logit(ngrams));
  }

  /** The probability of these rows of the vocabulary, without n-grams. */
  float probability(int[] rows) {
    return probability(logit(rows));
  }

  /** The probabilities of many texts. */
  float[] probabilities(int[][] texts) {
    double[] logits = new double[texts.length];
    Arrays.fill(logits, bias);
    forward.addLogits(texts, logits, Scratch.ofThread());
    backward.addLogits(texts, logits, Scratch.ofThread());
    float[] probabilities = new float[texts.length];
    for (int i = 0; i < texts.length; i++) probabilities[i] = probability(logits[i]);
    return probabilities;
  }

  private double logit(int[] rows) {
    if (rows.length == 0) return bias;
    Scratch scratch = Scratch.ofThread();
    return bias + forward.logit(rows, rows.length, scratch) + backward.logit(rows, rows.length, scratch);
  }

  private static float probability(double logit) {
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
    Ngrams beside = Ngrams.of(tokens, ngrams.length);
    double logit = bias + beside.logit(ngrams);
    if (rows.length > 0) {
      Scratch scratch = Scratch.ofThread();
      for (LstmKernel direction : List.of(forward, backward)) {
        logit += direction.logit(rows, rows.length, scratch);
        direction.addTerms(terms, rows.length, scratch);
      }
      beside.addTerms(terms, ngrams);
    }
    List<Explanation.Term> explained = IntStream.range(0, rows.length)
        .mapToObj(i -> new Explanation.Term(tokens.get(i), rows[i] != Vocabulary.UNKNOWN, terms[i]))
        .toList();
    return new Explanation(new Score(probability(logit), version), bias, explained);
  }

  @Override
  public String version() {
    return version;
  }
}
