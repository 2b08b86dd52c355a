package io.deeptweet.trainer.train;

import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.Example;
import java.util.List;

/**
 * Examples by the rows of their tokens.
 *
 * @param rows (texts, each text's length) of the vocabulary
 * @param positive (texts)
 */
public record Encoded(int[][] rows, boolean[] positive) {
  public static Encoded of(List<Example> examples, Vocabulary vocabulary) {
    int[][] rows = new int[examples.size()][];
    boolean[] positive = new boolean[examples.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = vocabulary.rows(examples.get(i).tokens(), Integer.MAX_VALUE);
      positive[i] = examples.get(i).positive();
    }
    return new Encoded(rows, positive);
  }

  public int size() {
    return rows.length;
  }
}
