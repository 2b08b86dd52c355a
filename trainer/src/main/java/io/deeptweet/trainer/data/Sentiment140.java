package io.deeptweet.trainer.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads Sentiment140's format: no header, one row a line, {@code target,id,date,flag,user,text}, every field quoted, target 0 for
 * negative and 4 for positive (2, neutral, is left out).
 *
 * @see <a href="https://www-cs.stanford.edu/people/alecmgo/papers/TwitterDistantSupervision09.pdf">Go, Bhayani and Huang: Twitter
 *     Sentiment Classification using Distant Supervision, 2009</a>
 */
public final class Sentiment140 {
  private static final int COLUMNS = 6;
  private static final int TARGET = 0;
  private static final int TEXT = 5;

  private Sentiment140() {}

  /**
   * The texts of a file, plain or gzip.
   *
   * @throws IOException if it can't be read
   * @throws DataException if no row of it is of this format
   */
  public static DataSet read(Path file) throws IOException {
    List<LabeledText> texts = new ArrayList<>();
    Map<String, Integer> dropped = new LinkedHashMap<>();
    int rows = 0;
    try (Lines lines = Lines.of(file)) {
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        rows++;
        Optional<CSVRecord> row = row(line.get());
        if (row.isEmpty()) {
          dropped.merge("not of the format", 1, Integer::sum);
          continue;
        }
        String target = row.get().get(TARGET);
        String text = row.get().get(TEXT);
        if (target.equals("2")) dropped.merge("neutral", 1, Integer::sum);
        else if (!target.equals("0") && !target.equals("4")) dropped.merge("target other than 0, 2 and 4", 1, Integer::sum);
        else if (text.isBlank()) dropped.merge("no text", 1, Integer::sum);
        else texts.add(new LabeledText(text, target.equals("4")));
      }
    }
    if (texts.isEmpty())
      throw new DataException(file + " holds no labelled text of Sentiment140's format (\"target\",\"id\",\"date\",\"flag\",\"user\",\"text\")");
    return new DataSet(file.getFileName().toString(), rows, texts, new Dropped(dropped));
  }

  /** A line by itself, so that a quotation mark too many costs one row and not the rest of the file. */
  private static Optional<CSVRecord> row(String line) {
    try (CSVParser parser = CSVParser.parse(line, CSVFormat.DEFAULT)) {
      List<CSVRecord> records = parser.getRecords();
      return records.size() == 1 && records.get(0).size() == COLUMNS ? Optional.of(records.get(0)) : Optional.empty();
    } catch (IOException | IllegalStateException | UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
