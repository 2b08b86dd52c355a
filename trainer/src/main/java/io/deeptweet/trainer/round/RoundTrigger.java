package io.deeptweet.trainer.round;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a round starts: after so many new labels, or so long after the first of fewer.
 *
 * @param labels at least one
 * @param patience positive
 */
public record RoundTrigger(int labels, Duration patience) {
  public RoundTrigger {
    if (labels < 1 || patience.isNegative() || patience.isZero()) throw new IllegalArgumentException("a round can't start after " + labels + " labels or " + patience);
  }

  /**
   * Why a round is to start now, in a sentence; empty if none is.
   *
   * @param fresh how many labels no round has consumed
   * @param since when the first of these came
   */
  public Optional<String> because(int fresh, Optional<Instant> since, Instant now) {
    if (fresh >= labels) return Optional.of(fresh + " new labels, of " + labels + " that start a round");
    if (fresh > 0 && since.filter(first -> !now.isBefore(first.plus(patience))).isPresent())
      return Optional.of(fresh + " new label" + (fresh == 1 ? "" : "s") + ", the first " + patience + " ago or longer");
    return Optional.empty();
  }
}
