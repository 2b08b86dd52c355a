package io.deeptweet.classifier.service;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How long to wait after each fault of a stream thread: longer with each, and no more once there were too many of late. */
final class Faults {
  static final Duration FIRST = Duration.ofSeconds(1);
  static final Duration LONGEST = Duration.ofSeconds(30);
  static final Duration OF_LATE = Duration.ofMinutes(10);
  static final int TOO_MANY = 20;

  private final Deque<Long> times = new ArrayDeque<>();

  /**
   * Counts a fault.
   *
   * @param nanoTime when, as {@link System#nanoTime()} says
   * @return how long to wait before trying again; empty to give up
   */
  synchronized Optional<Duration> next(long nanoTime) {
    while (!times.isEmpty() && nanoTime - times.peekFirst() > OF_LATE.toNanos()) times.removeFirst();
    times.addLast(nanoTime);
    if (times.size() > TOO_MANY) return Optional.empty();
    long seconds = FIRST.toSeconds() << Math.min(times.size() - 1, 10);
    return Optional.of(Duration.ofSeconds(Math.min(seconds, LONGEST.toSeconds())));
  }
}
