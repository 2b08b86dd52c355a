// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Input that holds no valid tweet.
 *
 * @param name what tells it from the others; of a file, it begins with the file's name
 * @param verdict what becomes of it: {@code body} or {@code file} and a sentence for input that is refused as a whole,
 *     else the reason of the rejected record and its detail; the beginnings, where several are separated by {@code &}
 */
record HostileInput(String name, byte[] bytes, String verdict) {
    private static final Pattern REPEATED = Pattern.compile("\\{\\{(.+?)\\*(\\d+)\\}\\}");
    private static final byte[] TWEET = "{\"id\": \"1\", \"text\": \"a\"}".getBytes(UTF_8);

    @Override
    public String toString() {
        return name;
    }

    /** Bodies of requests: those of the resource, and bytes that are no text. */
    static Stream<HostileInput> requests() throws IOException {
        List<HostileInput> all = new ArrayList<>();
        try (InputStream in = HostileInput.class.getResourceAsStream("/hostile-requests.txt")) {
            for (String line : new String(in.readAllBytes(), UTF_8).split("\n", -1)) {
                if (line.isBlank() || line.startsWith("#")) continue;
                int bar = line.lastIndexOf(" | ");
                byte[] body = expanded(line.substring(0, bar)).getBytes(UTF_8);
                all.add(new HostileInput(line, body, line.substring(bar + 3)));
            }
        }
        all.add(new HostileInput("no body", new byte[0], "nothing"));
        all.add(new HostileInput("white space", " \r\n\t ".getBytes(UTF_8), "nothing"));
        all.add(new HostileInput("zero bytes", new byte[1000], "body: not JSON"));
        all.add(new HostileInput("UTF-16", new String(TWEET, UTF_8).getBytes(UTF_16LE), "body: not JSON"));
        all.add(new HostileInput(
                "Latin-1", "{\"id\": \"1\", \"text\": \"é\"}".getBytes(ISO_8859_1), "body: not UTF-8"));
        for (String hex : List.of("ff", "c0af", "eda080", "f5808080", "e282"))
            all.add(new HostileInput("a text with the bytes " + hex, withText(hex), "body: not UTF-8"));
        all.add(new HostileInput("gzip", gzip(TWEET), "body: not "));
        all.add(new HostileInput("random bytes", random(), "body: not "));
        return all.stream();
    }

    private static String expanded(String written) {
        String text = written.replace("\\n", "\n").replace("\\r", "\r").replace("\\0", "\0");
        return REPEATED.matcher(text)
                .replaceAll(
                        recipe -> Matcher.quoteReplacement(recipe.group(1).repeat(Integer.parseInt(recipe.group(2)))));
    }

    /** Files. */
    static Stream<HostileInput> files() throws IOException {
        List<HostileInput> all = new ArrayList<>();
        all.add(text(
                "a.jsonl: lines of other formats", "1,a\nid,text\n<a/>\n- b\n", repeated("malformed: not JSON", 4)));
        all.add(text("a.jsonl: an array whose object does not end", "[\n{\"id\":\"1\"\n]", "malformed: not JSON"));
        all.add(text(
                "a.json: an array of what is no tweet",
                "[{}, 1, \"a\", null, []]",
                "no-id & " + repeated("malformed: not a JSON object", 4)));
        all.add(text(
                "a.json: a text that does not end",
                "[\n{\"id\": \"1\",\n \"text\": \"a\n},\n{\"text\": 7}\n]",
                "malformed: not JSON & invalid-field"));
        all.add(text("a.jsonl: two objects in one line", "{}{}", "no-id & no-id"));
        all.add(text("a.jsonl: an object that does not end", "{\"id\":\"1\",\n\"text\":\"a\"", "malformed: not JSON"));
        all.add(text("a.jsonl: lines that end with a carriage return only", "{}\r{}\r", "malformed: not JSON"));
        all.add(text(
                "a.jsonl: a line of 20,000 bytes",
                "{\"id\":\"1\",\"text\":\"" + "a".repeat(20_000) + "\"}",
                "too-large: the record has"));
        all.add(text(
                "a.jsonl: a line of 5,000,000 x", "x".repeat(5_000_000), "too-large: the record has 5000000 bytes"));
        all.add(text("a.jsonl: a line that never ends, of brackets", "[".repeat(9_000), "malformed: not JSON"));
        all.add(new HostileInput("a.jsonl: zero bytes", new byte[5000], "malformed: not JSON"));
        all.add(new HostileInput("a.jsonl: UTF-16", "{}\n".getBytes(UTF_16LE), "malformed & malformed"));
        all.add(new HostileInput("a.jsonl: a stray byte", new byte[] {'{', (byte) 0xff, '}'}, "malformed: not UTF-8"));
        all.add(text(
                "a.jsonl: two byte order marks", "\uFEFF\uFEFF{\"id\":\"1\",\"text\":\"a\"}", "malformed: not JSON"));

        all.add(text("a.csv: a header without texts", "id,name\n1,bob\n", "file: the file has no column of texts"));
        all.add(text("a.csv: no header", "1,hello\n2,world\n", "file: the file has no column of texts"));
        all.add(text("a.csv: a header with an open quote", "\"id,text\n1,a\n", "file: the file's header is not"));
        all.add(text(
                "a.csv: a header of 20,000 bytes",
                "text," + "x".repeat(20_000) + "\n",
                "file: the file's header has 20005 bytes"));
        all.add(new HostileInput(
                "a.csv: a header that is not UTF-8",
                new byte[] {'t', (byte) 0xff, '\n'},
                "file: the file's header is not UTF-8"));
        all.add(new HostileInput("a.csv: zero bytes", new byte[5000], "file: the file has no column of texts"));
        all.add(text("a.csv: too few fields", "id,text\n1\n", "malformed: the record has 1 fields, not 2"));
        all.add(text("a.csv: too many fields", "id,text\n1,a,b\n", "malformed: the record has 3 fields, not 2"));
        all.add(text("a.csv: another delimiter", "id,text\n1;a\n", "malformed: the record has 1 fields, not 2"));
        all.add(text("a.csv: a stray quote", "id,text\n1,\"a\" b\n", "malformed: not a delimited record"));
        all.add(text("a.csv: a quote that nothing closes", "id,text\n1,\"a\n", "malformed: not a delimited record"));
        all.add(text(
                "a.csv: a quoted field of 20,000 bytes",
                "id,text\n1,\"" + "a".repeat(20_000) + "\"\n",
                "too-large: the record has"));
        all.add(text("a.csv: no id", "id,text\n,a\n", "no-id"));
        all.add(text("a.csv: a table without ids", "text\nhello\n", "no-id"));
        all.add(text("a.csv: a blank text", "id,text\n1,\"  \"\n", "no-text"));
        all.add(text("a.csv: a long id", "id,text\n" + "1".repeat(257) + ",a\n", "invalid-field: the id has 257"));
        all.add(text("a.csv: a date that is none", "id,text,date\n1,a,soon\n", "invalid-field: created_at"));
        all.add(text(
                "a.csv: a date in the future",
                "id,text,date\n1,a,2099-01-01T00:00:00Z\n",
                "invalid-field: created_at is in the future"));
        all.add(text("a.tsv: commas", "id,text\n1,a\n", "file: the file has no column of texts"));
        all.add(new HostileInput(
                "a.csv: a row that is not UTF-8", "id,text\n1,é\n".getBytes(ISO_8859_1), "malformed: not UTF-8"));

        all.add(new HostileInput(
                "a.txt: a line that is not UTF-8", new byte[] {(byte) 0xc3, '\n'}, "malformed: not UTF-8"));
        all.add(text("a.txt: a line of 20,000 bytes", "a".repeat(20_000), "too-large: the record has 20000 bytes"));
        all.add(text("a.txt: white space that is no blank", "\u2003\u2003\n", "no-text"));

        byte[] zipped = gzip(random());
        all.add(new HostileInput("a.jsonl.gz: only the magic bytes", Arrays.copyOf(zipped, 2), "file: "));
        all.add(new HostileInput("a.jsonl.gz: only the header", Arrays.copyOf(zipped, 10), "file: "));
        all.add(new HostileInput(
                "a.jsonl.gz: cut in its data", Arrays.copyOf(zipped, zipped.length / 2), "incomplete"));
        all.add(new HostileInput(
                "a.jsonl.gz: cut in its checksum", Arrays.copyOf(zipped, zipped.length - 6), "incomplete"));
        all.add(changed(
                "a.jsonl.gz: another checksum", zipped, zipped.length - 8, "the checksum of the data is another"));
        all.add(changed("a.jsonl.gz: another length", zipped, zipped.length - 1, "the length is another"));
        all.add(changed("a.jsonl.gz: another method", zipped, 2, "there is no gzip member"));
        all.add(set("a.jsonl.gz: reserved flags", zipped, 3, 0xe0, "the member's header has unknown flags"));
        all.add(set("a.jsonl.gz: a name that never ends", Arrays.copyOf(zipped, 10), 3, 8, "incomplete"));
        all.add(joined("a.jsonl.gz: garbage after the member", zipped, random(), "damaged gzip data"));
        all.add(joined("a.jsonl.gz: a second member that is cut", zipped, Arrays.copyOf(zipped, 30), "incomplete"));
        all.add(joined(
                "a.jsonl.gz: a second member of another method",
                zipped,
                new byte[] {31, (byte) 139, 9},
                "damaged gzip data"));
        all.add(joined(
                "a.jsonl.gz: zero bytes, then a member",
                zipped,
                joinedBytes(new byte[16], zipped),
                "damaged gzip data"));
        all.add(new HostileInput(
                "a.jsonl.gz: a bomb of 20 MB", gzip(new byte[20_000_000]), "too-large: the record has 20000000 bytes"));
        all.add(new HostileInput("a.jsonl.gz: gzip within gzip", gzip(gzip(TWEET)), "malformed"));
        all.add(new HostileInput("a.jsonl: zip", HexFormat.of().parseHex("504b030414000000"), "incomplete"));
        return all.stream();
    }

    private static HostileInput text(String name, String content, String verdict) {
        return new HostileInput(name, content.getBytes(UTF_8), verdict);
    }

    private static String repeated(String verdict, int times) {
        return String.join(" & ", Collections.nCopies(times, verdict));
    }

    private static HostileInput changed(String name, byte[] file, int index, String verdict) {
        return set(name, file, index, file[index] ^ 1, verdict);
    }

    private static HostileInput set(String name, byte[] file, int index, int value, String verdict) {
        byte[] changed = file.clone();
        changed[index] = (byte) value;
        return new HostileInput(name, changed, verdict);
    }

    private static HostileInput joined(String name, byte[] first, byte[] second, String verdict) {
        return new HostileInput(name, joinedBytes(first, second), verdict);
    }

    private static byte[] joinedBytes(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static byte[] withText(String hex) {
        return joinedBytes(
                joinedBytes(
                        "{\"id\": \"1\", \"text\": \"".getBytes(UTF_8),
                        HexFormat.of().parseHex(hex)),
                "\"}".getBytes(UTF_8));
    }

    private static byte[] random() {
        byte[] bytes = new byte[500];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(file)) {
            out.write(content);
        }
        return file.toByteArray();
    }
}
