// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.ClassHistograms;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.specific.SpecificRecord;

/**
 * A record on {@code tweets.raw} that is no valid tweet.
 *
 * @param value empty for a record without one
 * @param verdict the reason of its rejection, and how the detail begins or what it contains
 */
record HostileRecord(String name, Optional<byte[]> key, Optional<byte[]> value, String verdict) {
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");
    private static final Tweet TWEET =
            new Tweet("1", "what a day", "election", "en", "ann", NOON, NOON, TweetKind.POST);
    private static final byte[] KEY = {'1'};
    private static final String NOT_WIRE = "undecodable: not in Confluent's wire format";
    private static final String NO_RECORD = "undecodable: not a record of schema id";

    @Override
    public String toString() {
        return name;
    }

    static List<HostileRecord> all(SchemaIds ids) {
        List<HostileRecord> all = new ArrayList<>();
        wireFormat(ids, all);
        otherTypes(ids, all);
        damagedTweets(ids, all);
        wrongFields(ids, all);
        return all;
    }

    private static void wireFormat(SchemaIds ids, List<HostileRecord> all) {
        byte[] valid = bytes(ids, TWEET);
        all.add(new HostileRecord(
                "no value", Optional.of(KEY), Optional.empty(), "undecodable: a record without a value"));
        all.add(new HostileRecord("neither key nor value", Optional.empty(), Optional.empty(), "undecodable"));
        all.add(record("an empty value", new byte[0], NOT_WIRE));
        for (int length = 1; length < 5; length++)
            all.add(record("the first " + length + " bytes", Arrays.copyOf(valid, length), NOT_WIRE));
        all.add(record("JSON", "{\"id\": \"1\", \"text\": \"a\"}".getBytes(UTF_8), NOT_WIRE));
        all.add(record("plain text", "what a day".getBytes(UTF_8), NOT_WIRE));
        all.add(record("UTF-16, whose second byte is zero", "what a day".getBytes(UTF_16LE), NOT_WIRE));
        all.add(record("an Avro file", "Obj\u0001\u0004\u0014avro.codec".getBytes(ISO_8859_1), NOT_WIRE));
        all.add(record("Avro's single object encoding", HexFormat.of().parseHex("c301aabbccddeeff0011"), NOT_WIRE));
        all.add(record("gzip", HexFormat.of().parseHex("1f8b0800000000000003"), NOT_WIRE));
        all.add(record("Java serialization", HexFormat.of().parseHex("aced00057372"), NOT_WIRE));
        all.add(record("a registry's id in 8 bytes", HexFormat.of().parseHex("000000000000000102"), "undecodable: "));
        all.add(record("zero bytes", new byte[1000], "undecodable: no schema with id 0"));
        for (int id : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1000})
            all.add(record("the unknown schema id " + id, withId(valid, id), "undecodable: no schema with id " + id));
        byte[] random = new byte[300];
        new Random(1).nextBytes(random);
        random[0] = 7;
        all.add(record("random bytes", random, NOT_WIRE));
        all.add(record("a schema id and nothing else", Arrays.copyOf(valid, 5), NO_RECORD));
    }

    private static void otherTypes(SchemaIds ids, List<HostileRecord> all) {
        ScoredTweet scored = new ScoredTweet(
                "1",
                "a",
                "election",
                null,
                null,
                NOON,
                NOON,
                NOON,
                Sentiment.POSITIVE,
                new Probabilities(0f, 0f, 1f),
                "v1",
                List.of());
        LabeledTweet labeled = new LabeledTweet("1", "a", null, Sentiment.POSITIVE, Labeler.PERSON, "ann", NOON);
        for (SpecificRecord other : List.of(
                scored,
                labeled,
                new SentimentWindow(
                        "election",
                        NOON,
                        NOON,
                        0L,
                        0L,
                        0L,
                        0L,
                        new Probabilities(0f, 0f, 0f),
                        null,
                        Map.of(),
                        0L,
                        false,
                        null),
                new DriftWindow(
                        "election",
                        NOON,
                        NOON,
                        0L,
                        0.0,
                        0.0,
                        new ClassHistograms(List.of(), List.of(), List.of()),
                        null,
                        Map.of(),
                        List.of()),
                new ModelRecord(new Activation("v1", NOON, "a test", null))))
            all.add(record(
                    "a " + other.getSchema().getName(),
                    bytes(ids, other),
                    "undecodable: a record of type io.deeptweet.schemas."
                            + other.getSchema().getName()));
        for (Schema schema : List.of(
                SchemaBuilder.record("Tweet")
                        .namespace("com.example")
                        .fields()
                        .requiredString("id")
                        .endRecord(),
                SchemaBuilder.enumeration("Tweet").namespace("com.other").symbols("A"),
                SchemaBuilder.fixed("Tweet").namespace("com.third").size(1)))
            all.add(record(
                    "a record of the type " + schema.getFullName(),
                    withId(new byte[] {0, 0, 0, 0, 0, 0}, ids.idOf("tweets.raw-value", schema)),
                    "undecodable: a record of type " + schema.getFullName() + " instead of"));
    }

    private static void damagedTweets(SchemaIds ids, List<HostileRecord> all) {
        byte[] valid = bytes(ids, TWEET);
        for (int cut : new int[] {1, 6, 7, 12, 13, 17, 18, 26, 30})
            all.add(record("cut by " + cut + " bytes", Arrays.copyOf(valid, valid.length - cut), NO_RECORD));
        all.add(record("a byte too many", Arrays.copyOf(valid, valid.length + 1), "undecodable: bytes are left over"));
        all.add(record("twice in one value", joined(valid, valid), "undecodable: bytes are left over"));
        all.add(body(ids, "an id of -1 bytes", "01", NO_RECORD));
        all.add(body(ids, "an id of 2 GB", "feffffff0f", NO_RECORD));
        all.add(body(ids, "an id of 2^62 bytes", "feffffffffffffffff01", NO_RECORD));
        all.add(body(ids, "a length that never ends", "ff".repeat(20), NO_RECORD));
        all.add(body(ids, "a text of 2 GB", "0231feffffff0f", NO_RECORD));
        all.add(body(ids, "a union's third branch", "0231" + "0261" + "0262" + "04", NO_RECORD));
        all.add(body(ids, "a union's branch -1", "0231" + "0261" + "0262" + "01", NO_RECORD));
        all.add(body(ids, "a union's branch 2^40", "0231" + "0261" + "0262" + "808080808040", NO_RECORD));
        all.add(body(ids, "a date in 11 bytes", "0231" + "0261" + "0262" + "00" + "00" + "ff".repeat(11), NO_RECORD));
        all.add(body(
                ids,
                "an id that is not UTF-8",
                "02ff" + "0261" + "0262" + "00" + "00" + "02" + "02" + "00",
                "invalid-field"));
    }

    private static void wrongFields(SchemaIds ids, List<HostileRecord> all) {
        for (String blank : List.of("", " ", "\t\n", "\u2003"))
            all.add(record(
                    "the id " + HexFormat.of().formatHex(blank.getBytes(UTF_8)), ids, tweet(blank, NOON), "no-id"));
        for (String other : List.of("", "2", "1 ", "1\n", "01", "１"))
            all.add(new HostileRecord(
                    "the key " + HexFormat.of().formatHex(other.getBytes(UTF_8)),
                    Optional.of(other.getBytes(UTF_8)),
                    Optional.of(bytes(ids, TWEET)),
                    "invalid-field: the key is not the tweet's id, 1"));
        all.add(new HostileRecord(
                "no key",
                Optional.empty(),
                Optional.of(bytes(ids, TWEET)),
                "invalid-field: the key is not the tweet's id"));
        all.add(new HostileRecord(
                "a key in UTF-16",
                Optional.of("1".getBytes(UTF_16LE)),
                Optional.of(bytes(ids, TWEET)),
                "invalid-field: the key is not the tweet's id"));
        for (long millis : new long[] {-1, Integer.MIN_VALUE, Long.MIN_VALUE})
            all.add(record(
                    "written at " + millis + " ms",
                    ids,
                    tweet("1", Instant.ofEpochMilli(millis)),
                    "invalid-field: createdAt is"));
    }

    private static Tweet tweet(String id, Instant createdAt) {
        return new Tweet(id, "a", "election", null, null, createdAt, NOON, TweetKind.POST);
    }

    private static HostileRecord record(String name, SchemaIds ids, Tweet tweet, String verdict) {
        byte[] key = tweet.getId().getBytes(UTF_8);
        return new HostileRecord(name, Optional.of(key), Optional.of(bytes(ids, tweet)), verdict);
    }

    private static HostileRecord record(String name, byte[] value, String verdict) {
        return new HostileRecord(name, Optional.of(KEY), Optional.of(value), verdict);
    }

    /** A tweet's schema id with bytes of one's own after it. */
    private static HostileRecord body(SchemaIds ids, String name, String hex, String verdict) {
        return record(
                name, joined(Arrays.copyOf(bytes(ids, TWEET), 5), HexFormat.of().parseHex(hex)), verdict);
    }

    private static <T extends SpecificRecord> byte[] bytes(SchemaIds ids, T record) {
        return new AvroSerializer<T>(ids).serialize("tweets.raw", record);
    }

    private static byte[] withId(byte[] value, int id) {
        byte[] changed = value.clone();
        ByteBuffer.wrap(changed).putInt(1, id);
        return changed;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }
}
