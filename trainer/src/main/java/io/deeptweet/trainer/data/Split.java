package io.deeptweet.trainer.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;

/** Examples to learn from, to choose by, and to measure on. */
public record Split(List<Example> train, List<Example> validation, List<Example> test) {
  /** Part of a split. */
  private enum Side {
    TRAIN,
    VALIDATION,
    TEST
  }

  /**
   * Where texts stand in the splits that were made so far, so that none changes sides in a later one: data sets share texts.
   */
  public static final class Sides {
    private final Map<List<String>, Side> sides = new HashMap<>();

    /** Keeps these texts for measuring, whatever set they come in again. */
    public void holdOut(List<Example> examples) {
      examples.forEach(example -> sides.put(example.tokens(), Side.TEST));
    }
  }

  /**
   * Splits at random with both classes in the same proportion on all sides. The same examples and seed give the same split.
   *
   * @param validation the validation's share, in (0, 1)
   * @param test the test's share, in (0, 1)
   * @throws DataException if one of the sides would lack one of the classes
   */
  public static Split stratified(List<Example> examples, double validation, double test, long seed) {
    return stratified(examples, validation, test, seed, new Sides());
  }

  /**
   * The same, but a text that stands in an earlier split keeps its side; the others fill up what is left of the shares.
   *
   * @param earlier the sides taken so far; those of this split are added
   */
  public static Split stratified(List<Example> examples, double validation, double test, long seed, Sides earlier) {
    if (!(validation > 0 && test > 0 && validation + test < 1))
      throw new IllegalArgumentException("validation and test must be shares that leave some to train on, were " + validation + " and " + test);
    Random random = new Random(seed);
    Split split = new Split(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (boolean positive : new boolean[] {false, true}) {
      List<Example> alike = new ArrayList<>(examples.stream().filter(example -> example.positive() == positive).toList());
      Collections.shuffle(alike, random);
      Map<Side, Long> known = alike.stream().map(example -> earlier.sides.get(example.tokens())).filter(Objects::nonNull).collect(Collectors.groupingBy(side -> side, Collectors.counting()));
      long validationLeft = Math.round(alike.size() * validation) - known.getOrDefault(Side.VALIDATION, 0L);
      long testLeft = Math.round(alike.size() * test) - known.getOrDefault(Side.TEST, 0L);
      for (Example example : alike) {
        Side side = earlier.sides.get(example.tokens());
        if (side == null) {
          side = validationLeft > 0 ? Side.VALIDATION : testLeft > 0 ? Side.TEST : Side.TRAIN;
          if (side == Side.VALIDATION) validationLeft--;
          else if (side == Side.TEST) testLeft--;
          earlier.sides.put(example.tokens(), side);
        }
        split.of(side).add(example);
      }
    }
    for (boolean positive : new boolean[] {false, true})
      for (Side side : Side.values())
        if (split.of(side).stream().noneMatch(example -> example.positive() == positive))
          throw new DataException("there are " + examples.stream().filter(example -> example.positive() == positive).count() + (positive ? " positive" : " negative") + " texts: too few to split for training, validation and test");
    return split;
  }

  private List<Example> of(Side side) {
    return switch (side) {
      case TRAIN -> train;
      case VALIDATION -> validation;
      case TEST -> test;
    };
  }
}
