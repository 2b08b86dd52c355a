// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import io.deeptweet.model.score.ClassHistograms;
import io.deeptweet.model.score.ScoreHistogram;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.schemas.published.ModelLog;
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
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The format of aggregates in the topology's own stores and internal topics, big-endian:
 *
 * <pre>
 * 4 bytes   a mark, which records of other programs lack
 * 1 byte    format
 * 3 * 8     numbers of negative, neutral and positive tweets
 * 3 * 8     sums of their probabilities, doubles
 * 4         number of versions; for each its name (2 bytes length, modified UTF-8) and its count (8)
 * 8 + 8     tokens, unknown tokens
 * 4 * 80    bins of the histograms: negative, neutral, positive, margin
 * 8         number of explained tweets (since format 5); if there are any:
 * 2 times   negative and positive: 4 bytes number of words; for each the word (as above), its contribution (8, a
 *           double) and its number of tweets (8)
 * 3 times   negative, neutral, positive: 4 bytes number of examples; for each its id (as above)
 * </pre>
 *
 * No other program reads it, so it needs no registry. The format byte lets a later release read older state.
 */
public final class SentimentAggregateSerde implements Serde<SentimentAggregate> {
    private static final byte FORMAT = 5;
    private static final byte FORMAT_WITHOUT_EXPLAINED = 4;
    /** Tells our records from those of others on the same internal topic. */
    private static final int MARK = 0xD7A66E60;

    @Override
    public Serializer<SentimentAggregate> serializer() {
        return (topic, aggregate) -> aggregate == null ? null : write(aggregate);
    }

    @Override
    public Deserializer<SentimentAggregate> deserializer() {
        return (topic, bytes) -> bytes == null ? null : read(bytes);
    }

    private static byte[] write(SentimentAggregate aggregate) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MARK);
            out.writeByte(FORMAT);
            for (long count : aggregate.counts()) out.writeLong(count);
            for (double sum : aggregate.sums()) out.writeDouble(sum);
            out.writeInt(aggregate.versions().size());
            for (Map.Entry<String, Long> version : aggregate.versions().entrySet()) {
                out.writeUTF(version.getKey());
                out.writeLong(version.getValue());
            }
            out.writeLong(aggregate.tokens());
            out.writeLong(aggregate.unknown());
            for (ScoreHistogram histogram : aggregate.histograms().byClass()) write(histogram, out);
            write(aggregate.margins(), out);
            write(aggregate.explained(), out);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new SerializationException("an aggregate cannot be written: " + e.getMessage(), e);
        }
    }

    private static void write(ScoreHistogram histogram, DataOutputStream out) throws IOException {
        for (long bin : histogram.counts()) out.writeLong(bin);
    }

    private static void write(ExplainedSample explained, DataOutputStream out) throws IOException {
        out.writeLong(explained.tweets());
        if (explained.tweets() == 0) return; // as for each tweet that is added to a sum
        write(explained.negative(), out);
        write(explained.positive(), out);
        for (List<String> ids : explained.examples()) {
            out.writeInt(ids.size());
            for (String id : ids) out.writeUTF(id);
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

    private static SentimentAggregate read(byte[] bytes) {
        SentimentAggregate aggregate = decoded(bytes);
        if (!aggregate.isPossible())
            throw new SerializationException("not an aggregate: its numbers do not fit together");
        return aggregate;
    }

    private static String text(DataInputStream in, String what, int longest) throws IOException {
        String text = in.readUTF();
        if (text.length() > longest)
            throw new SerializationException("not an aggregate: " + what + " has " + text.length() + " characters");
        return text;
    }

    private static SentimentAggregate decoded(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != MARK)
                throw new SerializationException("not an aggregate: it does not start with the mark of one");
            byte format = in.readByte();
            if (format < FORMAT_WITHOUT_EXPLAINED)
                throw new SerializationException("an aggregate has format " + format + ", which was never released");
            if (format > FORMAT)
                throw new NewerFormatException("an aggregate has format " + format + ", but this release reads up to "
                        + FORMAT + ": use the release that wrote the state");
            List<Long> counts = new ArrayList<>();
            for (int i = 0; i < SentimentClass.values().length; i++) counts.add(in.readLong());
            List<Double> sums = new ArrayList<>();
            for (int i = 0; i < SentimentClass.values().length; i++) sums.add(in.readDouble());
            int count = in.readInt();
            Map<String, Long> versions = new HashMap<>();
            for (int i = 0; i < count; i++)
                versions.put(text(in, "a version", ModelLog.LONGEST_VERSION), in.readLong());
            long tokens = in.readLong();
            long unknown = in.readLong();
            List<ScoreHistogram> histograms = new ArrayList<>();
            for (int i = 0; i < SentimentClass.values().length; i++) histograms.add(histogram(in));
            ScoreHistogram margins = histogram(in);
            ExplainedSample explained = format == FORMAT_WITHOUT_EXPLAINED ? ExplainedSample.NONE : explained(in);
            return new SentimentAggregate(
                    counts, sums, versions, tokens, unknown, new ClassHistograms(histograms), margins, explained);
        } catch (IllegalArgumentException e) {
            throw new SerializationException("not an aggregate: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new SerializationException("an aggregate ends after " + bytes.length + " bytes", e);
        }
    }

    private static ScoreHistogram histogram(DataInputStream in) throws IOException {
        List<Long> counts = new ArrayList<>();
        for (int bin = 0; bin < ScoreHistogram.BINS; bin++) counts.add(in.readLong());
        return new ScoreHistogram(counts);
    }

    private static ExplainedSample explained(DataInputStream in) throws IOException {
        long tweets = in.readLong();
        if (tweets == 0) return ExplainedSample.NONE;
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
    }

    private static WordSums words(DataInputStream in) throws IOException {
        int count = in.readInt();
        Map<String, WordSums.Sum> words = new HashMap<>();
        for (int i = 0; i < count; i++)
            words.put(
                    text(in, "a word", ExplainedSample.LONGEST_WORD), new WordSums.Sum(in.readDouble(), in.readLong()));
        return new WordSums(words);
    }
}
