// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;

/**
 * An {@link ExplainedSample} as bytes or decoded, whichever it was made of: a window is read and written with each sum
 * that is added, but its words change with few of them. The bytes, big-endian:
 *
 * <pre>
 * 8         number of explained tweets
 * 2 times   negative and positive: 4 bytes number of words; for each the word (2 bytes length, modified UTF-8), its
 *           contribution (8, a double) and its number of tweets (8)
 * 3 times   negative, neutral, positive: 4 bytes number of examples; for each its id (2 bytes length, modified UTF-8)
 * </pre>
 *
 * Without explained tweets there are no bytes.
 */
final class LazySample {
    static final LazySample NONE = new LazySample(new byte[0]);

    private final byte[] bytes; // null if decoded
    private final ExplainedSample decoded; // null if it is bytes

    /** A sample that was written by {@link #bytes}. */
    LazySample(byte[] bytes) {
        this.bytes = bytes;
        this.decoded = null;
    }

    LazySample(ExplainedSample sample) {
        this.bytes = null;
        this.decoded = sample;
    }

    private boolean isEmpty() {
        return decoded == null ? bytes.length == 0 : decoded.tweets() == 0;
    }

    /**
     * The sample.
     *
     * @throws SerializationException if the bytes are none
     */
    ExplainedSample get() {
        if (decoded != null) return decoded;
        return isEmpty() ? ExplainedSample.NONE : read(bytes);
    }

    LazySample plus(LazySample other) {
        if (other.isEmpty()) return this;
        return isEmpty() ? other : new LazySample(get().plus(other.get()));
    }

    byte[] bytes() {
        if (decoded == null) return bytes;
        return isEmpty() ? NONE.bytes : write(decoded);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LazySample sample && get().equals(sample.get());
    }

    @Override
    public int hashCode() {
        return get().hashCode();
    }

    @Override
    public String toString() {
        return get().toString();
    }

    private static byte[] write(ExplainedSample sample) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(sample.tweets());
            write(sample.negative(), out);
            write(sample.positive(), out);
            for (List<String> ids : sample.examples()) {
                out.writeInt(ids.size());
                for (String id : ids) out.writeUTF(id);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new SerializationException("explained tweets cannot be written: " + e.getMessage(), e);
        }
    }

    private static void write(WordSums words, DataOutputStream out) throws IOException {
        out.writeInt(words.byWord().size());
        for (Map.Entry<String, WordSums.Sum> word : words.byWord().entrySet()) {
            out.writeUTF(word.getKey());
            out.writeDouble(word.getValue().contribution());
            out.writeLong(word.getValue().tweets());
        }
    }

    private static ExplainedSample read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            long tweets = in.readLong();
            WordSums negative = words(in);
            WordSums positive = words(in);
            List<List<String>> examples = new ArrayList<>();
            for (int i = 0; i < SentimentClass.values().length; i++) {
                int count = in.readInt();
                List<String> ids = new ArrayList<>();
                for (int j = 0; j < count; j++) ids.add(text(in, "an id", TweetLimits.LONGEST_NAME));
                examples.add(ids);
            }
            return new ExplainedSample(tweets, negative, positive, examples);
        } catch (IOException e) {
            throw new SerializationException("explained tweets end after " + bytes.length + " bytes", e);
        }
    }

    private static WordSums words(DataInputStream in) throws IOException {
        int count = in.readInt();
        Map<String, WordSums.Sum> words = new HashMap<>();
        for (int i = 0; i < count; i++)
            words.put(
                    text(in, "a word", ExplainedSample.LONGEST_WORD), new WordSums.Sum(in.readDouble(), in.readLong()));
        return new WordSums(words);
    }

    private static String text(DataInputStream in, String what, int longest) throws IOException {
        String text = in.readUTF();
        if (text.length() > longest)
            throw new SerializationException("no explained tweets: " + what + " has " + text.length() + " characters");
        return text;
    }
}
