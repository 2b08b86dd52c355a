// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.tweet.TweetLimits;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Keys and values of the internal topic that brings each feed's sums to its windows. Reading fails with a
 * {@link SerializationException} for what no classifier writes there: a missing key or value, or a key that is not the
 * name of a feed. The windows rely on both, and their records would become too large for Kafka with a longer name.
 */
public final class FeedSumSerdes {
    private FeedSumSerdes() {}

    /** Keys: names of feeds, in UTF-8. */
    public static Serde<String> feed() {
        Deserializer<String> text = Serdes.String().deserializer();
        return Serdes.serdeFrom(Serdes.String().serializer(), (topic, bytes) -> {
            String feed = text.deserialize(topic, required("key", bytes));
            if (TweetLimits.isFeedName(feed)) return feed;
            throw new SerializationException("the key is not the name of a feed: " + UntrustedText.quoted(feed));
        });
    }

    /** Values: sums of a feed's tweets. */
    public static Serde<SentimentAggregate> sum() {
        SentimentAggregateSerde serde = new SentimentAggregateSerde();
        return Serdes.serdeFrom(serde.serializer(), (topic, bytes) -> {
            SentimentAggregate sum = serde.deserializer().deserialize(topic, required("value", bytes));
            if (sum.explained().get().isPossible(sum.count())) return sum;
            throw new SerializationException("not a sum: its explained tweets do not fit together");
        });
    }

    private static byte[] required(String what, byte[] bytes) {
        if (bytes == null) throw new SerializationException("the record has no " + what);
        return bytes;
    }
}
