package io.deeptweet.model.score;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;

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
  private final float[] dense; // (2 * units)
  private final float bias;

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
  }

  /** Compiles a scorer from this model, which takes a fraction of a second. */
  public static KernelScorer of(ModelArtefact model) {
    return new KernelScorer(model);
  }

  @Override
  public Score score(String text) {
    return new Score(probability(vocabulary.rows(pipeline.tokens(text), maximumLength)), version);
  }

  /** The probability of these rows of the vocabulary. */
  float probability(int[] rows) {
    double logit = bias;
    if (rows.length > 0) {
      int units = dense.length / 2;
      float[] first = forward.pooled(rows, false);
      float[] second = backward.pooled(rows, true);
      for (int j = 0; j < units; j++) logit += dense[j] * first[j] + dense[units + j] * second[j];
    }
    return (float) (1 / (1 + Math.exp(-logit)));
  }

  @Override
  public String version() {
    return version;
  }
}
