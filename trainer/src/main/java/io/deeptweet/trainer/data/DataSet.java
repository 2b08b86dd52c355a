package io.deeptweet.trainer.data;

import java.util.List;

/**
 * What was read from a file.
 *
 * @param name of the data, for reports
 * @param rows how many rows the file holds, used or not
 */
public record DataSet(String name, int rows, List<LabeledText> texts, Dropped dropped) {}
