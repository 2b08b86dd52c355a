package io.deeptweet.trainer.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Examples to learn from, to choose by, and to measure on. */
public record Split(List<Example> train, List<Example> validation, List<Example> test) {
  /**
   * Splits at random with both classes in the same proportion on all sides. The same examples and seed give the same split.
   *
   * @param validation the validation's share, in (0, 1)
   * @param test the test's share, in (0, 1)
   * @throws DataException if one of the sides would lack one of the classes
   */
  public static Split stratified(List<Example> examples, double validation, double test, long seed) {
    if (!(validation > 0 && test > 0 && validation + test < 1))
      throw new IllegalArgumentException("validation and test must be shares that leave some to train on, were " + validation + " and " + test);
    Random random = new Random(seed);
    Split split = new Split(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (boolean positive : new boolean[] {false, true}) {
      List<Example> alike = new ArrayList<>(examples.stream().filter(example -> example.positive() == positive).toList());
      Collections.shuffle(alike, random);
      int validationSize = (int) Math.round(alike.size() * validation);
      int testSize = (int) Math.round(alike.size() * test);
      if (validationSize == 0 || testSize == 0 || validationSize + testSize >= alike.size())
        throw new DataException("there are " + alike.size() + (positive ? " positive" : " negative") + " texts: too few to split for training, validation and test");
      split.validation.addAll(alike.subList(0, validationSize));
      split.test.addAll(alike.subList(validationSize, validationSize + testSize));
      split.train.addAll(alike.subList(validationSize + testSize, alike.size()));
    }
    return split;
  }
}
