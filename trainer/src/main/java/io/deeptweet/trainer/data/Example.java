package io.deeptweet.trainer.data;

import java.util.List;

/**
 * A labelled text as the network learns from it.
 *
 * @param tokens of the text, those that the network reads, at least one
 */
public record Example(LabeledText source, List<String> tokens) {
  public boolean positive() {
    return source.positive();
  }
}
