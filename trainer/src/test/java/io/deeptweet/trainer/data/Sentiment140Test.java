package io.deeptweet.trainer.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sentiment140Test {
  @TempDir Path folder;

  private Path file(byte[]... lines) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] line : lines) {
      all.writeBytes(line);
      all.write('\n');
    }
    return Files.write(folder.resolve("some.csv"), all.toByteArray());
  }

  private static byte[] row(String target, String text) {
    return ("\"" + target + "\",\"1\",\"\",\"NO_QUERY\",\"bob\",\"" + text + "\"").getBytes(UTF_8);
  }

  @Test
  void rowsBecomeLabelledTexts() throws Exception {
    DataSet set = Sentiment140.read(file(row("0", "so sad, really"), row("4", "she said \"\"yes\"\" "), row("4", "back\\")));
    assertThat(set.texts()).containsExactly(
        new LabeledText("so sad, really", false), new LabeledText("she said \"yes\" ", true), new LabeledText("back\\", true));
    assertThat(set.rows()).isEqualTo(3);
    assertThat(set.dropped().byReason()).isEmpty();
    assertThat(set.name()).isEqualTo("some.csv");
  }

  @Test
  void eachLineHasItsOwnEncoding() throws Exception {
    byte[] latin = new String(row("4", "café"), UTF_8).getBytes(ISO_8859_1);
    assertThat(Sentiment140.read(file(latin, row("0", "naïve ♥"))).texts()).extracting(LabeledText::text).containsExactly("café", "naïve ♥");
  }

  @Test
  void gzipAndWindowsLineEndsAreRead() throws Exception {
    Path file = folder.resolve("some.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write((new String(row("4", "yes"), UTF_8) + "\r\n" + new String(row("0", "no"), UTF_8)).getBytes(UTF_8));
    }
    assertThat(Sentiment140.read(file).texts()).containsExactly(new LabeledText("yes", true), new LabeledText("no", false));
  }

  @Test
  void whatIsLeftOutIsCountedByItsReason() throws Exception {
    DataSet set =
        Sentiment140.read(
            file(row("4", "kept"), row("2", "neutral"), row("7", "x"), row("0", "  "), "a,b".getBytes(UTF_8), "\"0\",\"open".getBytes(UTF_8), row("0", "kept too")));
    assertThat(set.texts()).extracting(LabeledText::text).containsExactly("kept", "kept too");
    assertThat(set.dropped().byReason())
        .isEqualTo(Map.of("neutral", 1, "target other than 0, 2 and 4", 1, "no text", 1, "not of the format", 2));
    assertThat(set.dropped()).hasToString("5 (1 neutral, 1 target other than 0, 2 and 4, 1 no text, 2 not of the format)");
  }

  @Test
  void aFileOfAnotherFormatIsRefused() throws Exception {
    Path file = file("id\tlabel\ttext".getBytes(UTF_8));
    assertThatThrownBy(() -> Sentiment140.read(file)).isInstanceOf(DataException.class).hasMessageStartingWith(file + " holds no labelled text");
  }
}
