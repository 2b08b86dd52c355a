// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * A label that is not valid, or a file of training texts that holds none.
 *
 * @param name what tells it from the others; of a file, it begins with the file's name
 * @param verdict of a label, the reason of its rejection and its detail; of a file, what the refusal says
 */
record HostileTrainingInput(String name, byte[] bytes, String verdict) {
    private static final Pattern REPEATED = Pattern.compile("\\{\\{(.+?)\\*(\\d+)\\}\\}");

    @Override
    public String toString() {
        return name;
    }

    static Stream<HostileTrainingInput> labels() throws IOException {
        List<HostileTrainingInput> all = new ArrayList<>();
        try (InputStream in = HostileTrainingInput.class.getResourceAsStream("/hostile-labels.txt")) {
            for (String line : new String(in.readAllBytes(), UTF_8).split("\n", -1)) {
                if (line.isBlank() || line.startsWith("#")) continue;
                int bar = line.lastIndexOf(" | ");
                String record = line.substring(0, bar).replace("\\n", "\n").replace("\\0", "\0");
                record = REPEATED.matcher(record)
                        .replaceAll(recipe ->
                                Matcher.quoteReplacement(recipe.group(1).repeat(Integer.parseInt(recipe.group(2)))));
                all.add(new HostileTrainingInput(line, record.getBytes(UTF_8), line.substring(bar + 3)));
            }
        }
        String valid = "{\"id\": \"1\", \"text\": \"a\", \"label\": \"positive\"}";
        all.add(new HostileTrainingInput("no bytes", new byte[0], "malformed: not a JSON object"));
        all.add(new HostileTrainingInput("zero bytes", new byte[100], "malformed: not JSON"));
        all.add(new HostileTrainingInput("UTF-16", valid.getBytes(UTF_16LE), "malformed"));
        all.add(new HostileTrainingInput(
                "Latin-1", valid.replace('a', 'é').getBytes(ISO_8859_1), "malformed: not UTF-8"));
        all.add(new HostileTrainingInput(
                "half a character", new byte[] {'"', (byte) 0xc3, '"'}, "malformed: not UTF-8"));
        all.add(new HostileTrainingInput(
                "a byte order mark", ("\uFEFF" + valid).getBytes(UTF_8), "malformed: not JSON"));
        return all.stream();
    }

    static Stream<HostileTrainingInput> files() throws IOException {
        List<HostileTrainingInput> all = new ArrayList<>();
        String unknown = "has an unknown layout";
        String nothing = "has no text with a label of";
        all.add(file("a.csv: no bytes", "", unknown));
        all.add(file("a.csv: blank lines", "\n\n  \n", unknown));
        all.add(file("a.csv: only a header", "text,label\n", nothing));
        all.add(file("a.csv: texts without labels", "text\nhello\n", unknown));
        all.add(file("a.csv: labels without texts", "label\npositive\n", unknown));
        all.add(file("a.csv: neither header nor a known layout", "hello,positive\n", unknown));
        all.add(file("a.csv: JSON Lines", "{\"text\":\"a\",\"label\":\"positive\"}\n", unknown));
        all.add(file("a.csv: an HTML page", "<!DOCTYPE html>\n<html>404</html>\n", unknown));
        all.add(file(
                "a.csv: a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", unknown));
        all.add(file("a.csv: labels of another set", "text,label\na,happy\nb,sad\n", "its labels are [happy, sad]"));
        all.add(file("a.csv: stars", "text,label\na,5\nb,1\n", "its labels are [1, 5]"));
        all.add(file("a.csv: only blank texts", "text,label\n ,positive\n\"\",negative\n", nothing));
        all.add(file("a.csv: rows too short", "id,text,label\n1\n2,a\n", nothing));
        all.add(file(
                "a.csv: text and label swapped", "text,label\npositive,a day\nnegative,a night\n", "its labels are"));
        all.add(file("a.csv: an open quote in each row", "text,label\n\"a,positive\n\"b,negative\n", nothing));
        all.add(file("a.csv: text after a quote", "text,label\n\"a\"b,positive\n", nothing));
        all.add(file("a.csv: carriage returns only", "text,label\ra,positive\r", unknown));
        all.add(file(
                "a.csv: a header beyond a megabyte",
                "text," + "x".repeat(2_000_000) + ",label\na,b,positive\n",
                unknown));
        all.add(file(
                "a.csv: a text beyond a megabyte", "text,label\n" + "x".repeat(2_000_000) + ",positive\n", nothing));
        all.add(file(
                "a.csv: a quoted text beyond a megabyte",
                "text,label\n\"" + "x".repeat(2_000_000) + "\",positive\n",
                nothing));
        all.add(file("a.tsv: commas", "text,label\na,positive\n", unknown));
        all.add(file("a.csv: Sentiment140 with one column less", "\"0\",\"1\",\"d\",\"q\",\"u\"\n", unknown));
        all.add(file(
                "a.csv: Sentiment140 with labels of its own",
                "\"2\",\"1\",\"d\",\"q\",\"u\",\"\"\n\"9\",\"1\",\"d\",\"q\",\"u\",\"a\"\n",
                "its labels are [9]"));
        all.add(file("a.tsv: TweetEval without texts", "1\t1\t\n", nothing));
        all.add(file("val_text.txt: without its labels", "a\nb\n", "has no labels: put val_labels.txt beside it"));
        all.add(new HostileTrainingInput("a.csv: zero bytes", new byte[5000], unknown));
        all.add(new HostileTrainingInput("a.csv: UTF-16", "text,label\na,positive\n".getBytes(UTF_16LE), unknown));
        all.add(new HostileTrainingInput(
                "a.csv: a zip file", HexFormat.of().parseHex("504b030414000000"), "incomplete"));
        all.add(new HostileTrainingInput("a.csv: Parquet", "PAR1\0\0PAR1".getBytes(ISO_8859_1), unknown));

        byte[] zipped = gzip("text,label\n" + "a,positive\n".repeat(10_000));
        all.add(new HostileTrainingInput("a.csv.gz: only the magic bytes", Arrays.copyOf(zipped, 2), "incomplete"));
        all.add(new HostileTrainingInput("a.csv.gz: only the header", Arrays.copyOf(zipped, 10), "incomplete"));
        all.add(new HostileTrainingInput(
                "a.csv.gz: cut in its data", Arrays.copyOf(zipped, zipped.length / 2), "incomplete"));
        all.add(new HostileTrainingInput(
                "a.csv.gz: cut in its checksum", Arrays.copyOf(zipped, zipped.length - 3), "incomplete"));
        all.add(changed(
                "a.csv.gz: another checksum", zipped, zipped.length - 8, "the checksum of the data is another"));
        all.add(changed("a.csv.gz: another length", zipped, zipped.length - 4, "the length is another"));
        all.add(changed("a.csv.gz: another method", zipped, 2, "there is no gzip member"));
        all.add(new HostileTrainingInput(
                "a.csv.gz: garbage behind it", joined(zipped, "garbage".getBytes(UTF_8)), "damaged gzip data"));
        all.add(new HostileTrainingInput(
                "a.csv.gz: a second member that is cut", joined(zipped, Arrays.copyOf(zipped, 20)), "incomplete"));
        all.add(new HostileTrainingInput(
                "a.csv.gz: a bomb of 20 MB in one line", gzip("x".repeat(20_000_000)), unknown));
        return all.stream();
    }

    private static HostileTrainingInput file(String name, String content, String verdict) {
        return new HostileTrainingInput(name, content.getBytes(UTF_8), verdict);
    }

    private static HostileTrainingInput changed(String name, byte[] file, int index, String verdict) {
        byte[] changed = file.clone();
        changed[index] ^= 1;
        return new HostileTrainingInput(name, changed, verdict);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }

    private static byte[] gzip(String content) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(file)) {
            out.write(content.getBytes(UTF_8));
        }
        return file.toByteArray();
    }
}
