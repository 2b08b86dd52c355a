// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import io.deeptweet.model.score.ClassHistograms;
import io.deeptweet.model.score.ScoreHistogram;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.schemas.published.ModelLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
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
 * 4         number of bytes of the explained tweets (since format 5), and these bytes: see {@link LazySample}
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
            byte[] explained = aggregate.explained().bytes();
            out.writeInt(explained.length);
            out.write(explained);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new SerializationException("an aggregate cannot be written: " + e.getMessage(), e);
        }
    }

    private static void write(ScoreHistogram histogram, DataOutputStream out) throws IOException {
        for (long bin : histogram.counts()) out.writeLong(bin);
    }

    private static SentimentAggregate read(byte[] bytes) {
        SentimentAggregate aggregate = decoded(bytes);
        if (!aggregate.isPossible())
            throw new SerializationException("not an aggregate: its numbers do not fit together");
        return aggregate;
    }

    private static String version(DataInputStream in) throws IOException {
        String version = in.readUTF();
        if (version.length() > ModelLog.LONGEST_VERSION)
            throw new SerializationException("not an aggregate: a version has " + version.length() + " characters");
        return version;
    }

    private static LazySample explained(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) throw new EOFException();
        return new LazySample(in.readNBytes(length));
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
            for (int i = 0; i < count; i++) versions.put(version(in), in.readLong());
            long tokens = in.readLong();
            long unknown = in.readLong();
            List<ScoreHistogram> histograms = new ArrayList<>();
            for (int i = 0; i < SentimentClass.values().length; i++) histograms.add(histogram(in));
            ScoreHistogram margins = histogram(in);
            LazySample explained = format == FORMAT_WITHOUT_EXPLAINED ? LazySample.NONE : explained(in);
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
}
