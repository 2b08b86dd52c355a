package io.deeptweet.classifier.reject;

import io.deeptweet.schemas.Tweet;

/** What the bytes of {@code tweets.raw} turned out to be. */
public sealed interface Decoded {
  /**
   * A tweet.
   *
   * @param appendedAtMs when it was appended to {@code tweets.raw}
   */
  record Readable(Tweet tweet, long appendedAtMs) implements Decoded {}

  /**
   * No tweet: what is wrong stands in the record's headers.
   *
   * @param bytes the value as it came; null if it came without one
   */
  record Unreadable(byte[] bytes) implements Decoded {}
}
