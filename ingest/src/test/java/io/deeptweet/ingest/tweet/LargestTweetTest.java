// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.ingest.shape.SinglePosts;
import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.StrongWord;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.InMemorySchemaIds;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What ingest accepts must fit into every record that is made of it: Kafka's default limit is 1 MiB. */
class LargestTweetTest {
    /** Three bytes of UTF-8 for one UTF-16 unit, the most there is. */
    private static final String WIDE = "\u0950";

    private static final int HALF_OF_KAFKAS_LIMIT = (1 << 20) / 2;

    @Test
    void theLargestTweetFitsTwiceIntoARecord() throws Exception {
        Tweet tweet = ((ParsedTweet.Valid) parse(TweetLimits.LONGEST_TEXT, TweetLimits.LONGEST_NAME)).tweet();
        InMemorySchemaIds ids = new InMemorySchemaIds();
        byte[] key = tweet.getId().getBytes(StandardCharsets.UTF_8);
        byte[] raw = new AvroSerializer<Tweet>(ids).serialize(Topics.RAW.name(), tweet);
        assertThat(key.length + raw.length).isBetween(300_000, HALF_OF_KAFKAS_LIMIT);
        ScoredTweet scored = new ScoredTweet(
                tweet.getId(),
                tweet.getText(),
                tweet.getFeed(),
                tweet.getLanguage().orElseThrow(),
                tweet.getAuthor().orElseThrow(),
                tweet.getCreatedAt(),
                tweet.getIngestedAt(),
                Instant.EPOCH,
                Sentiment.POSITIVE,
                new Probabilities(0f, 0f, 1f),
                "v".repeat(1000),
                Collections.nCopies(10, new StrongWord(WIDE.repeat(1000), 1f, 0f)));
        byte[] written = new AvroSerializer<ScoredTweet>(ids).serialize(Topics.SCORED.name(), scored);
        assertThat(key.length + written.length).isLessThan(HALF_OF_KAFKAS_LIMIT);
    }

    @Test
    void whatExceedsALimitByOneIsInvalid() throws Exception {
        assertThat(parse(TweetLimits.LONGEST_TEXT + 1, 1)).isInstanceOf(ParsedTweet.Invalid.class);
        assertThat(parse(1, TweetLimits.LONGEST_NAME + 1)).isInstanceOf(ParsedTweet.Invalid.class);
    }

    private static ParsedTweet parse(int text, int name) throws Exception {
        byte[] record = new ObjectMapper()
                .writeValueAsBytes(Map.of(
                        "id", WIDE.repeat(name),
                        "text", WIDE.repeat(text),
                        "author", WIDE.repeat(name),
                        "lang", WIDE.repeat(name)));
        String feed = "f".repeat(TweetLimits.LONGEST_FEED_NAME);
        return new SinglePosts(feed, Clock.systemUTC()).parse(record);
    }
}
