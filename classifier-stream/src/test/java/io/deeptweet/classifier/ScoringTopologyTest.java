// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.StrongWord;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.junit.jupiter.api.Test;

class ScoringTopologyTest extends TopologyHarness {
    @Test
    void aScoredTweetHasTheFieldsOfItsTweetTheScoreAndTheVersion() {
        Tweet tweet =
                new Tweet("17", "what a day 🌞", "election", "en", "ann", NOON, NOON.plusSeconds(2), TweetKind.POST);
        pipe(tweet);

        assertThat(scored.readKeyValuesToList()).singleElement().satisfies(record -> {
            assertThat(record.key).isEqualTo("17");
            assertThat(record.value)
                    .isEqualTo(new ScoredTweet(
                            "17",
                            "what a day 🌞",
                            "election",
                            "en",
                            "ann",
                            NOON,
                            NOON.plusSeconds(2),
                            NOW,
                            Sentiment.POSITIVE,
                            new Probabilities(0.25f, 0f, 0.75f),
                            "v1",
                            List.of()));
        });
        assertThat(observer.delays.size()).isEqualTo(1);
    }

    /** Written a minute ago, appended by ingest a second ago. */
    @Test
    void delaysAreMeasuredFromTheTimeOfWritingAndOfAppending() {
        Tweet tweet = tweet("17", "election", NOW.minusSeconds(60));
        raw.pipeInput(tweet.getId().getBytes(UTF_8), bytes(tweet), NOW.minusSeconds(1));
        assertThat(observer.delays).containsExactly(List.of(60_000L, 1_000L));
    }

    @Test
    void onlyAConfiguredFeedShowsItsStrongestWords() {
        model.swap(new TestScorers.Explaining());
        pipe(tweet("1", "explained", NOON));
        pipe(tweet("2", "election", NOON));

        List<ScoredTweet> tweets = scored.readValuesToList();
        assertThat(tweets)
                .extracting(tweet -> tweet.getProbabilities().getPositive())
                .containsExactly(0.75f, 0.75f);
        assertThat(tweets.get(0).getStrongestWords())
                .as("at most two, the strongest first, none that speaks for the other sentiment")
                .containsExactly(new StrongWord("love", 1.5f, 0f), new StrongWord("nice", 0.5f, 0f));
        assertThat(tweets.get(1).getStrongestWords()).isEmpty();
    }

    @Test
    void aScorerWithoutExplanationsShowsNoWords() {
        pipe(tweet("1", "explained", NOON));
        assertThat(scored.readValue().getStrongestWords()).isEmpty();
    }

    @Test
    void languageAndAuthorAreOptional() {
        pipe(new Tweet("17", "hm", "election", null, null, NOON, NOON, TweetKind.POST));
        ScoredTweet tweet = scored.readValue();
        assertThat(tweet.getLanguage()).isEmpty();
        assertThat(tweet.getAuthor()).isEmpty();
    }

    /** A consumer can join tweets.scored with tweets.raw: equal key bytes are in the same partition of both. */
    @Test
    void theKeyOfAScoredTweetHasTheSameBytesAsThatOfItsTweet() {
        pipe(tweet("ß-🌞", "election", NOON));
        TestOutputTopic<byte[], byte[]> bytes =
                driver.createOutputTopic("tweets.scored", new ByteArrayDeserializer(), new ByteArrayDeserializer());
        assertThat(bytes.readKeyValue().key).isEqualTo("ß-🌞".getBytes(UTF_8));
    }

    @Test
    void eachTweetIsScoredByTheModelThatIsActiveWhenItIsProcessed() {
        pipe(tweet("1", "election", NOON));
        model.swap(new TestScorers.Constant("v2", 0.25f));
        pipe(tweet("2", "election", NOON));

        assertThat(scored.readValuesToList())
                .extracting(ScoredTweet::getId, ScoredTweet::getModelVersion, ScoredTweet::getSentiment)
                .containsExactly(tuple("1", "v1", Sentiment.POSITIVE), tuple("2", "v2", Sentiment.NEGATIVE));
    }

    @Test
    void aShadowWritesToItsOwnTopicAndChangesNothingElse() {
        pipe(tweet("1", "election", NOON));
        model.swapShadow(Optional.of(new TestScorers.Constant("v2", 0.25f)));
        pipe(tweet("2", "election", NOON));
        model.swapShadow(Optional.empty());
        pipe(tweet("3", "election", NOON));

        assertThat(scored.readValuesToList())
                .extracting(
                        ScoredTweet::getModelVersion,
                        tweet -> tweet.getProbabilities().getPositive())
                .containsOnly(tuple("v1", 0.75f))
                .hasSize(3);
        assertThat(shadow.readKeyValuesToList()).singleElement().satisfies(record -> {
            assertThat(record.key).isEqualTo("2");
            assertThat(record.value)
                    .isEqualTo(new ScoredTweet(
                            "2",
                            "a tweet",
                            "election",
                            "en",
                            null,
                            NOON,
                            NOW,
                            NOW,
                            Sentiment.NEGATIVE,
                            new Probabilities(0.75f, 0f, 0.25f),
                            "v2",
                            List.of()));
        });
        assertThat(observer.compared).containsExactly("v1 0.75, v2 0.25");
        assertThat(lastWindows().get("election/PT1H/2024-08-15T12:00:00Z").getModelVersions())
                .isEqualTo(Map.of("v1", 3L));
        assertThat(lastDrift().get("election/PT1H/2024-08-15T12:00:00Z").getModelVersions())
                .isEqualTo(Map.of("v1", 3L));
    }

    @Test
    void aFailingShadowDoesNotDisturbTheActiveModel() {
        model.swapShadow(Optional.of(new TestScorers.Failing("v2")));
        pipe(tweet("1", "election", NOON));
        pipe(tweet("2", "election", NOON));
        assertThat(scored.readValuesToList()).extracting(ScoredTweet::getId).containsExactly("1", "2");
        assertThat(shadow.isEmpty()).isTrue();
        assertThat(observer.failed).containsExactly("v2 beside v1: made to fail", "v2 beside v1: made to fail");
        assertThat(observer.delays.size()).isEqualTo(2);
    }
}
