package io.deeptweet.model.score;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.network.BiLstm;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;

/** The definition of a score: DL4J's own output. Slow, and what other scorers are compared with; needs DL4J at run time. */
public final class ReferenceScorer implements Scorer {
  private final String version;
  private final TextPipeline pipeline;
  private final int maximumLength;
  private final Vocabulary vocabulary;
  private final float bias;
  private final BiLstm network;

  private ReferenceScorer(ModelArtefact model) {
    this.version = model.version();
    this.pipeline = model.pipeline();
    this.maximumLength = model.maximumLength();
    this.vocabulary = model.vocabulary();
    this.bias = model.weights().denseBias();
    this.network = BiLstm.of(model.weights());
  }

  /** A scorer with this model. */
  public static ReferenceScorer of(ModelArtefact model) {
    return new ReferenceScorer(model);
  }

  @Override
  public Score score(String text) {
    return new Score(probability(vocabulary.rows(pipeline.tokens(text), maximumLength)), version);
  }

  /** The probability of these rows of the vocabulary; a network is one thread's at a time. */
  synchronized float probability(int[] rows) {
    return rows.length == 0 ? (float) (1 / (1 + Math.exp(-bias))) : network.probabilities(new int[][] {rows})[0];
  }

  @Override
  public String version() {
    return version;
  }
}
