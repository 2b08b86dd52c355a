package io.deeptweet.trainer.data;

import io.deeptweet.model.text.TextPipeline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a model is made from: data sets, read with a text pipeline, and split.
 *
 * @param name of the data sets
 * @param rows in their files
 * @param dropped rows that are on no side
 */
public record Material(String name, int rows, Dropped dropped, Split split) {
  /**
   * Draws, tokenizes, and splits.
   *
   * @param maximumLength how many tokens of a text are read, the first ones
   * @param limit use so many rows, drawn at random; 0 uses all
   * @param validation the validation's share, in (0, 1)
   * @param test the test's share, in (0, 1)
   * @param seed of the draw and the split
   * @param earlier sides of texts that were split before; those of this split are added
   * @throws DataException if there are too few to split
   */
  public static Material of(
      List<DataSet> sets, TextPipeline pipeline, int maximumLength, int limit, double validation, double test, long seed, Split.Sides earlier) {
    DataSet set = DataSet.joined(sets);
    List<LabeledText> drawn = drawn(set.texts(), limit, seed);
    Examples examples = Examples.of(drawn, pipeline, maximumLength);
    Dropped dropped = set.dropped().and(new Dropped(Map.of("over --limit", set.texts().size() - drawn.size()))).and(examples.dropped());
    return new Material(set.name(), set.rows(), dropped, Split.stratified(examples.examples(), validation, test, seed, earlier));
  }

  private static List<LabeledText> drawn(List<LabeledText> all, int limit, long seed) {
    if (limit <= 0 || limit >= all.size()) return all;
    List<LabeledText> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(seed));
    return shuffled.subList(0, limit);
  }

  /**
   * The same with earlier texts mixed into those to train and to validate with, so that what was learned from them is not forgotten; the
   * test stays as it is.
   *
   * @param share how many earlier texts come to each of these, if there are so many; positive
   */
  public Material rehearsing(Material before, double share, long seed) {
    Random random = new Random(seed);
    Split mixed = new Split(
        mixed(split.train(), before.split.train(), share, random), mixed(split.validation(), before.split.validation(), share, random), split.test());
    return new Material(name + ", rehearsing " + before.name, rows, dropped, mixed);
  }

  private static List<Example> mixed(List<Example> texts, List<Example> earlier, double share, Random random) {
    List<Example> shuffled = new ArrayList<>(earlier);
    Collections.shuffle(shuffled, random);
    List<Example> mixed = new ArrayList<>(texts);
    mixed.addAll(shuffled.subList(0, (int) Math.min(shuffled.size(), Math.round(share * texts.size()))));
    return mixed;
  }

  /** In words: rows, what was dropped, and the sides. */
  @Override
  public String toString() {
    return String.format("%s: %,d rows, dropped %s%n%,d texts to train, %,d to validate, %,d to test",
        name, rows, dropped, split.train().size(), split.validation().size(), split.test().size());
  }
}
