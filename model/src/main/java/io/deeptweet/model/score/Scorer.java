package io.deeptweet.model.score;

/**
 * Says how positive texts are. An implementation is immutable to its callers and safe for use by many threads.
 *
 * <p>Every text has a score. One in which no token is found (an empty one, or nothing but spaces and a retweet's prefix) has no unit to
 * pool, so its logit is the dense layer's bias alone, the constant part of every other logit.
 */
public interface Scorer {
  /** How positive that text is. */
  Score score(String text);

  /** The version of the model that scores. */
  String version();
}
