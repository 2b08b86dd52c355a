// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.service.file.Delimiter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetReaderTest {
    @TempDir
    Path folder;

    private Path file(byte[]... lines) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] line : lines) {
            all.writeBytes(line);
            all.write('\n');
        }
        return Files.write(folder.resolve("some.csv"), all.toByteArray());
    }

    private Path file(String... lines) throws IOException {
        return Files.write(folder.resolve("some.csv"), String.join("\n", lines).getBytes(UTF_8));
    }

    private static byte[] row(String target, String text) {
        return ("\"" + target + "\",\"1\",\"\",\"NO_QUERY\",\"bob\",\"" + text + "\"").getBytes(UTF_8);
    }

    @Test
    void sentiment140IsRecognisedByItsFirstLine() throws Exception {
        DataSet set = DataSetReader.read(
                file(row("0", "so sad, really"), row("4", "she said \"\"yes\"\" "), row("4", "back\\")));
        assertThat(set.texts())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("dataSet")
                .containsExactly(
                        new LabeledText("so sad, really", false),
                        new LabeledText("she said \"yes\" ", true),
                        new LabeledText("back\\", true));
        assertThat(set.rows()).isEqualTo(3);
        assertThat(set.dropped().byReason()).isEmpty();
        assertThat(set.name()).isEqualTo("some.csv");
    }

    @Test
    void textsWithoutLabelsAreReadFromTablesJsonLinesAndPlainLines() throws Exception {
        assertThat(DataSetReader.unlabeled(file(row("0", "sad"), row("2", "neither"), row("4", "glad"))))
                .containsExactlyInAnyOrder("sad", "neither", "glad");
        assertThat(DataSetReader.unlabeled(file(
                        "{\"data\": {\"text\": \"one\", \"lang\": \"en\"}}",
                        "",
                        "{\"text\": \"two\"}",
                        "{\"data\": {\"text\": \"drei\", \"lang\": \"de\"}}",
                        "{\"data\": {}}")))
                .containsExactly("one", "two");
        assertThat(DataSetReader.unlabeled(file("a line", "another, with a comma")))
                .containsExactly("a line", "another, with a comma");
        assertThat(DataSetReader.unlabeled(file("7\t-\tfirst post", "8\t-\tsecond", "9\tnone\tthird")))
                .containsExactly("first post", "second", "third");
        assertThatThrownBy(() -> DataSetReader.unlabeled(file("{\"text\": \"one\"}", "two")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("some.csv, line 2, is not JSON");
    }

    @Test
    void eachRecordIsDecodedOnItsOwn() throws Exception {
        byte[] latin = new String(row("4", "café"), UTF_8).getBytes(ISO_8859_1);
        assertThat(DataSetReader.read(file(latin, row("0", "naïve ♥"))).texts())
                .extracting(LabeledText::text)
                .containsExactly("café", "naïve ♥");
    }

    @Test
    void aByteOrderMarkIsSkipped() throws Exception {
        assertThat(DataSetReader.read(file("\uFEFFtext;sentiment", "yes, it is;positive", "no;negative"))
                        .texts())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("dataSet")
                .containsExactly(new LabeledText("yes, it is", true), new LabeledText("no", false));
    }

    @Test
    void incompleteGzipIsReportedWithTheFilesName() throws Exception {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(whole)) {
            for (int i = 0; i < 1000; i++)
                out.write(
                        "%d\t%d\ttext %x\n".formatted(i, 2 * (i % 2), i * 7919).getBytes(UTF_8));
        }
        for (int length : new int[] {5, 400}) {
            Path file = Files.write(folder.resolve("cut.tsv.gz"), Arrays.copyOf(whole.toByteArray(), length));
            assertThatThrownBy(() -> DataSetReader.read(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file + " is incomplete");
        }
    }

    @Test
    void gzipAndWindowsLineEndsAreRead() throws Exception {
        Path file = folder.resolve("some.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(
                    (new String(row("4", "yes"), UTF_8) + "\r\n" + new String(row("0", "no"), UTF_8)).getBytes(UTF_8));
        }
        assertThat(DataSetReader.read(file).texts())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("dataSet")
                .containsExactly(new LabeledText("yes", true), new LabeledText("no", false));
    }

    /** A stray quote costs its row. */
    @Test
    void droppedRowsAreCountedByReason() throws Exception {
        DataSet set = DataSetReader.read(file(
                row("4", "kept"),
                row("2", "neutral"),
                row("7", "x"),
                row("0", "  "),
                "a,b".getBytes(UTF_8),
                "\"0\",\"open".getBytes(UTF_8),
                row("0", "kept too")));
        assertThat(set.texts()).extracting(LabeledText::text).containsExactly("kept", "neutral", "kept too");
        assertThat(set.dropped().byReason())
                .isEqualTo(Map.of("with another label", 1, "without text", 1, "not of the layout", 2));
        assertThat(set.dropped()).hasToString("4 (1 with another label, 1 without text, 2 not of the layout)");
        assertThat(set.withoutNeutral().dropped())
                .hasToString("5 (1 with another label, 1 without text, 2 not of the layout, 1 neutral)");
    }

    @Test
    void tweetEvalIsRecognisedByItsFirstLineAndItsEscapesAreReplaced() throws Exception {
        DataSet set = DataSetReader.read(file("1\t2\tdon\\u2019t stop, \"ever", "2\t1\tneither", "3\t0\tbad"));
        assertThat(set.texts())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("dataSet")
                .containsExactly(
                        new LabeledText("don\u2019t stop, \"ever", SentimentClass.POSITIVE),
                        new LabeledText("neither", SentimentClass.NEUTRAL),
                        new LabeledText("bad", SentimentClass.NEGATIVE));
        assertThat(set.dropped()).isEqualTo(DroppedRows.NONE);
    }

    @Test
    void labelsInWordsAreRecognisedByTheFirstLine() throws Exception {
        DataSet set = DataSetReader.read(file("a/1\tPositive\ta \\u0041 text", "b\tneutral\tso so", "c\tnegative\tno"));
        assertThat(set.texts())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("dataSet")
                .containsExactly(
                        new LabeledText("a \\u0041 text", SentimentClass.POSITIVE),
                        new LabeledText("so so", SentimentClass.NEUTRAL),
                        new LabeledText("no", SentimentClass.NEGATIVE));
    }

    /** A positive label says that a text has an opinion only where neutral was a choice. */
    @Test
    void aSetWithoutNeutralTextsSaysNothingAboutOpinions() throws Exception {
        DataSet set = DataSetReader.read(file("1\t2\tgood", "2\t1\tneither", "3\t0\tbad"));
        assertThat(set.texts()).allMatch(LabeledText::opinionLabelled);
        DataSet two = set.withoutNeutral();
        assertThat(two.texts())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("dataSet")
                .containsExactly(new LabeledText("good", true), new LabeledText("bad", false));
        assertThat(two.unlabeled()).containsExactly("neither");
        assertThat(two.dropped().byReason()).isEqualTo(Map.of("neutral", 1));
    }

    @Test
    void tweetEvalsTextsNeedTheirLabelsInAFileBesideThem() throws Exception {
        Path texts = Files.writeString(folder.resolve("val_text.txt"), "good\nneither\nbad\n");
        assertThatThrownBy(() -> DataSetReader.read(texts))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("val_labels.txt");
        Files.writeString(folder.resolve("val_labels.txt"), "2\n1\n0\n");
        assertThat(DataSetReader.read(texts).texts())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("dataSet")
                .containsExactly(
                        new LabeledText("good", SentimentClass.POSITIVE),
                        new LabeledText("neither", SentimentClass.NEUTRAL),
                        new LabeledText("bad", SentimentClass.NEGATIVE));
        Files.writeString(folder.resolve("val_labels.txt"), "2\n1\n");
        assertThatThrownBy(() -> DataSetReader.read(texts))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("must have the same number of lines, but one of them has no line 3");
    }

    /** As in Kaggle's sets. */
    @Test
    void aHeaderNamesTheColumnsAndAQuotedFieldMayContainLineEnds() throws Exception {
        DataSet set = DataSetReader.read(file(
                "textID,text,selected_text,Sentiment",
                "a,\"two",
                "lines, \"\"quoted\"\"\",x,Positive",
                "b,plain,x,negative",
                "c,so so,x,neutral",
                "d,,x,negative"));
        assertThat(set.texts())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("dataSet")
                .containsExactly(
                        new LabeledText("two\nlines, \"quoted\"", SentimentClass.POSITIVE),
                        new LabeledText("plain", SentimentClass.NEGATIVE),
                        new LabeledText("so so", SentimentClass.NEUTRAL));
        assertThat(set.dropped().byReason()).isEqualTo(Map.of("without text", 1));
        assertThat(set.rows()).isEqualTo(4);
    }

    @Test
    void aQuoteThatIsNeverClosedCostsOnlyItsRow() throws Exception {
        DataSet set = DataSetReader.read(file("text,label", "\"open,positive", "kept,negative", "too,positive"));
        assertThat(set.texts()).extracting(LabeledText::text).containsExactly("kept", "too");
        assertThat(set.dropped().byReason()).isEqualTo(Map.of("not of the layout", 1));
    }

    /** Counting all quotes would take the rows from the first inch mark to the second for one record. */
    @Test
    void rowsBetweenTwoRowsWithAnInchMarkAreKept() throws Exception {
        DataSet set = DataSetReader.read(file(
                "text,label",
                "6\" tall,positive",
                "between,negative",
                "between too,positive",
                "7\" tall,negative",
                "after,positive"));
        assertThat(set.texts())
                .extracting(LabeledText::text)
                .containsExactly("6\" tall", "between", "between too", "7\" tall", "after");
        assertThat(set.dropped()).isEqualTo(DroppedRows.NONE);
    }

    @Test
    void columnsAndLabelsCanBeNamed() throws Exception {
        TableLayout layout = TableLayout.named(Delimiter.SEMICOLON, "was", "wie")
                .withLabels(Set.of("Schlecht", "neutral"), Set.of("gut"), Set.of());
        DataSet set = DataSetReader.read(file("wie;was", "gut;ja", "schlecht;nein", "neutral;naja", "egal;?"), layout);
        assertThat(set.texts())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("dataSet")
                .containsExactly(
                        new LabeledText("ja", true), new LabeledText("nein", false), new LabeledText("naja", false));
        assertThat(set.dropped().byReason()).isEqualTo(Map.of("with another label", 1));
        assertThatThrownBy(() ->
                        TableLayout.named(Delimiter.COMMA, "a", "b").withLabels(Set.of("x"), Set.of("x"), Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label x");
    }

    @Test
    void anUnreadableFileIsReportedInASentence() throws Exception {
        Path file = file("id\tname", "1\tbob");
        assertThatThrownBy(() -> DataSetReader.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + " has an unknown layout");
        assertThatThrownBy(() -> DataSetReader.read(file, TableLayout.named(Delimiter.TAB, "text", "name")))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " has no column text: its columns are id, name");
        assertThatThrownBy(() -> DataSetReader.read(file, TableLayout.named(Delimiter.TAB, "id", "name")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("its labels are [bob]; name them with --negative, --neutral and --positive");
    }
}
