package io.deeptweet.model.score;

/**
 * How positive a text is.
 *
 * @param probability that it is positive, in [0, 1]
 * @param version of the model that says so
 */
public record Score(float probability, String version) {
  public Score {
    if (!(probability >= 0 && probability <= 1)) // NaN too
      throw new IllegalArgumentException("probability must be in [0, 1], was " + probability);
  }

  /** Whether the text is positive rather than negative; at exactly one half it is. */
  public boolean positive() {
    return probability >= 0.5f;
  }
}
