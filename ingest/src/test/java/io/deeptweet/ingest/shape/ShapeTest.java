// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.ingest.shape.RecordParser.ParsedRecord;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each shape is told by its content, and gives the right values. */
class ShapeTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final RecordParser parser =
            new RecordParser(new JsonFormat(), new TweetParser("feed", LanguageDetector.NONE, CLOCK));

    /** Columns: shape, id, author, language, date, kind, text, and the record. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            x-api-v2 | 1 | ada | en | 2024-08-15T22:24:09Z | POST | so good | {"data":{"id":"1","text":"so good","lang":"en","created_at":"2024-08-15T22:24:09Z","author_id":"7"},"includes":{"users":[{"id":"7","username":"ada"}]}}
            x-api-v2 | 1 | 7 | - | - | REPLY | so good | {"id":"1","text":"so good","author_id":"7","referenced_tweets":[{"type":"replied_to","id":"9"}]}
            x-api-v2 | 1 | - | - | - | QUOTE | so good | {"id":"1","text":"so good","referenced_posts":[{"type":"replied_to","id":"9"},{"type":"quoted","id":"8"}]}
            x-api-v2 | 1 | ada | - | - | RETWEET | RT @bob: all of it | {"id":"1","text":"RT @bob: all…","author":{"username":"ada"},"referenced_tweets":[{"type":"retweeted","id":"9","text":"all of it"}]}
            x-api-v2 | 2 | - | - | - | POST | corrected | {"data":{"id":"2","text":"corrected","edit_history_tweet_ids":["1","2"]}}
            x-api-v1.1 | 1234567890123456789 | ada | en | 2009-05-17T01:30:56Z | POST | so good | {"created_at":"Sun May 17 01:30:56 +0000 2009","id":1234567890123456800,"id_str":"1234567890123456789","full_text":"so good","lang":"en","user":{"screen_name":"ada"},"in_reply_to_status_id":null,"is_quote_status":false}
            x-api-v1.1 | 1 | ada | - | - | RETWEET | RT @bob: all of it | {"id_str":"1","text":"RT @bob: all…","user":{"screen_name":"ada"},"retweeted_status":{"id_str":"9","extended_tweet":{"full_text":"all of it"}}}
            x-api-v1.1 | 1 | - | - | - | QUOTE | so good | {"id_str":"1","text":"so good","is_quote_status":true,"in_reply_to_status_id_str":"7"}
            x-api-v1.1 | 1 | - | - | - | REPLY | so good | {"id_str":"1","text":"so good","in_reply_to_status_id":7}
            snscrape | 7 | ada | en | 2022-11-20T23:59:21Z | POST | so good | {"_type":"snscrape.modules.twitter.Tweet","url":"https://x.test/7","date":"2022-11-20T23:59:21+00:00","rawContent":"so good","renderedContent":"so…","id":7,"user":{"username":"ada"},"lang":"en","retweetedTweet":null,"quotedTweet":null,"inReplyToTweetId":null}
            snscrape | 7 | ada | - | 2022-11-20T23:59:21Z | QUOTE | so good | {"date":"2022-11-20T23:59:21+00:00","content":"so good","id":7,"user":{"username":"ada"},"quotedTweet":{"id":6}}
            snscrape | 7 | ada | en | 2023-05-01T08:00:00Z | RETWEET | RT @bob: all of it | {"id":7,"id_str":"7","date":"2023-05-01 08:00:00+00:00","user":{"username":"ada"},"lang":"en","rawContent":"RT @bob: all…","retweetedTweet":{"id":6,"rawContent":"all of it"}}
            snscrape | 7 | ada | en | 2023-05-01T08:00:00Z | REPLY | so good | {"id":7,"date":"2023-05-01 08:00:00+00:00","user":{"username":"ada"},"lang":"en","rawContent":"so good","inReplyToTweetId":6}
            twint | 7 | ada | en | 2019-02-25T12:00:00Z | POST | so good | {"id":7,"conversation_id":"7","created_at":"2019-02-25 12:00:00 UTC","date":"2019-02-25","time":"12:00:00","timezone":"+0000","username":"ada","tweet":"so good","language":"en","retweet":false,"quote_url":"","reply_to":[]}
            twint | 7 | ada | en | 2019-02-25T11:00:00Z | REPLY | so good | {"id":7,"conversation_id":"6","created_at":"2019-02-25 12:00:00 CET","username":"ada","tweet":"so good","language":"en"}
            twint | 7 | ada | - | 2019-02-25T12:00:00Z | QUOTE | so good | {"id":7,"created_at":1551096000000,"username":"ada","tweet":"so good","quote_url":"https://x.test/6"}
            x-archive | 7 | - | en | 2020-10-10T20:19:24Z | REPLY | so good | {"tweet":{"id_str":"7","id":"7","full_text":"so good","created_at":"Sat Oct 10 20:19:24 +0000 2020","lang":"en","retweeted":false,"in_reply_to_status_id":"6"}}
            x-archive-note | 7 | - | - | 2023-10-10T20:19:24Z | POST | so good to the end | {"noteTweet":{"noteTweetId":"7","core":{"text":"so good to the end"},"createdAt":"2023-10-10T20:19:24.000Z"}}
            jetstream | at://did:plc:a/app.bsky.feed.post/3k | did:plc:a | en | 2024-09-09T19:46:02Z | REPLY | so good | {"did":"did:plc:a","time_us":1725911162329308,"kind":"commit","commit":{"rev":"3","operation":"create","collection":"app.bsky.feed.post","rkey":"3k","cid":"b","record":{"$type":"app.bsky.feed.post","createdAt":"2024-09-09T19:46:02.000Z","langs":["en","de"],"text":"so good","reply":{"root":{},"parent":{}}}}}
            jetstream | at://did:plc:a/app.bsky.feed.post/3k | did:plc:a | - | 2024-09-09T19:46:02.329Z | POST | so good | {"did":"did:plc:a","time_us":1725911162329308,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"3k","record":{"createdAt":"2015-01-01T00:00:00Z","text":"so good"}}}
            jetstream | at://did:plc:a/app.bsky.feed.post/3k | did:plc:a | - | 2026-01-01T00:00:00Z | POST | so good | {"$type":"message","payload":{"$type":"network.bsky.jetstream.subscribeEvents#commit","seq":7,"did":"did:plc:a","time":"2026-01-01T00:00:00Z","operation":"create","collection":"app.bsky.feed.post","rkey":"3k","record":{"text":"so good"}}}
            bluesky-feed-post | at://did:plc:a/app.bsky.feed.post/3k | ada.test | en | 2025-08-06T23:36:01.253Z | RETWEET | so good | {"post":{"uri":"at://did:plc:a/app.bsky.feed.post/3k","cid":"b","author":{"did":"did:plc:a","handle":"ada.test"},"record":{"createdAt":"2025-08-06T23:36:01.253Z","langs":["en"],"text":"so good"}},"reason":{"$type":"app.bsky.feed.defs#reasonRepost"}}
            bluesky-post | at://did:plc:a/app.bsky.feed.post/3k | did:plc:a | - | 2025-08-06T23:36:02Z | QUOTE | so good | {"uri":"at://did:plc:a/app.bsky.feed.post/3k","author":{"did":"did:plc:a"},"indexedAt":"2025-08-06T23:36:02Z","record":{"text":"so good","embed":{"$type":"app.bsky.embed.recordWithMedia"}}}
            reddit | t1_abc | ada | - | 2022-11-20T23:59:21Z | REPLY | so good | {"id":"abc","body":"so good","author":"ada","created_utc":1668988761,"link_id":"t3_x","parent_id":"t3_x","subreddit":"test"}
            reddit | t3_abc | ada | - | 2022-11-20T23:59:21Z | POST | so good | {"id":"abc","name":"t3_abc","title":"so good","selftext":"","author":"ada","created_utc":1668988761.0}
            reddit | t3_abc | ada | - | 2022-11-20T23:59:21Z | POST | so good | {"kind":"t3","data":{"id":"abc","title":"so good","selftext":"","author":"ada","created_utc":"1668988761"}}
            x-api-v2 | 1 | bob | en | 2020-01-01T00:00:00Z | POST | hello | {"id":"1","text":"hello","date":"2020-01-01","username":"bob","language":"en"}
            x-api-v2 | 1 | ada | - | 2023-01-01T00:00:00Z | RETWEET | whole text | {"id":"1","text":"who…","fullText":"whole text","createdAt":"2023-01-01T00:00:00Z","author":{"userName":"ada"},"isRetweet":true}
            x-api-v1.1 | 1 | bob | - | 2020-01-01T00:00:00Z | POST | hello | {"id_str":"1","text":"hello","date":"2020-01-01","screen_name":"bob"}
            twint | 7 | ada | - | 2021-01-01T06:30:00Z | POST | so good | {"id":7,"conversation_id":"7","created_at":"2021-01-01 12:00:00 India Standard Time","date":"2021-01-01","time":"12:00:00","timezone":"+0530","username":"ada","tweet":"so good"}
            bluesky-record | at://did:plc:a/app.bsky.feed.post/3k | did:plc:a | en | 2025-08-06T23:36:01Z | POST | so good | {"uri":"at://did:plc:a/app.bsky.feed.post/3k","cid":"b","value":{"$type":"app.bsky.feed.post","createdAt":"2025-08-06T23:36:01Z","langs":["en"],"text":"so good"}}
            unknown | 5 | ada | en | 2022-11-20T23:59:21Z | POST | so good | {"tweet_id":5,"Tweet":"so good","user_name":"ada","language":"en","tweet_created":"2022-11-20 23:59:21"}
            unknown | 65a | - | - | 2022-11-20T23:59:21Z | POST | so good | {"_id":{"$oid":"65a"},"message":"so good","created_at":{"$date":"2022-11-20T23:59:21Z"}}
            """)
    void aPostOfEachShapeHasItsValues(
            String shape,
            String id,
            String author,
            String language,
            String date,
            TweetKind kind,
            String text,
            String json) {
        ParsedRecord record = parser.parse(json.getBytes(UTF_8));
        assertThat(record.shape()).isEqualTo(shape);
        assertThat(record.parts()).hasSize(1);
        assertThat(record.parts().get(0).tweet())
                .isEqualTo(new ParsedTweet.Valid(new Tweet(
                        id, text, "feed", language, author, date == null ? NOW : Instant.parse(date), NOW, kind)));
        assertThat(record.parts().get(0).bytes().get()).isEqualTo(json.getBytes(UTF_8));
    }

    @Test
    void theTitleAndTheTextOfASubmissionAreOneText() {
        assertThat(verdicts("""
                {"id":"abc","title":"so good","selftext":"to the end","created_utc":1668988761}""")).containsExactly("t3_abc so good\nto the end");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            x-api-v1.1-notice | delete | {"delete":{"status":{"id":7,"id_str":"7","user_id":3},"timestamp_ms":"1"}}
            x-api-v1.1-notice | limit | {"limit":{"track":12,"timestamp_ms":"1"}}
            x-api-v1.1-notice | scrub_geo | {"scrub_geo":{"user_id":3,"up_to_status_id":7}}
            x-api-v1.1-notice | disconnect | {"disconnect":{"code":4,"stream_name":"s","reason":"r"}}
            x-api-errors | error | {"errors":[{"title":"operational-disconnect","disconnect_type":"UpstreamOperationalDisconnect"}]}
            x-api-errors | error | {"data":null,"errors":[{"title":"Not Found Error"}]}
            x-api-errors | error | {"title":"Unauthorized","type":"about:blank","status":401,"detail":"Unauthorized"}
            x-api-v2 | without_text | {"data":{"id":"1","text":"","attachments":{"media_keys":["3_1"]}}}
            x-api-v1.1 | without_text | {"id_str":"1","full_text":"","extended_entities":{"media":[{}]}}
            snscrape | delete | {"_type":"snscrape.modules.twitter.Tombstone","id":7,"text":{"text":"deleted"}}
            x-api-v1.1-notice | like | {"like":{"tweetId":"7","fullText":"so good"}}
            x-api-v2-page | empty_page | {"meta":{"result_count":0}}
            x-archive | delete | {"tweet":{"id_str":"7","full_text":"gone","deleted_at":"Sat Oct 10 20:19:24 +0000 2020"}}
            jetstream | other | {"did":"did:plc:a","time_us":1725911162329308,"kind":"identity","identity":{}}
            jetstream | delete | {"did":"did:plc:a","time_us":1725911162329308,"kind":"commit","commit":{"operation":"delete","collection":"app.bsky.feed.post","rkey":"3k"}}
            jetstream | without_text | {"did":"did:plc:a","time_us":1725911162329308,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"3k","record":{"text":"","embed":{}}}}
            bluesky-feed | empty_page | {"feed":[],"cursor":"x"}
            bluesky-feed-post | without_text | {"post":{"uri":"at://a/b/c","record":{"text":" "}}}
            reddit | delete | {"id":"abc","body":"[deleted]","author":"[deleted]","created_utc":1,"link_id":"t3_x"}
            reddit | delete | {"id":"abc","title":"a title","selftext":"[removed]","created_utc":1}
            """)
    void whatIsKnownButNoPostIsSkippedAndCounted(String shape, String kind, String json) {
        ParsedRecord record = parser.parse(json.getBytes(UTF_8));
        assertThat(record.shape()).isEqualTo(shape);
        assertThat(record.parts()).extracting(part -> part.tweet()).containsExactly(new ParsedTweet.Skipped(kind));
    }

    @Test
    void aPageHoldsItsPostsWithTheirAuthorsAndOriginals() {
        assertThat(verdicts("""
                {"data":[{"id":"1","text":"a","author_id":"7"},
                         {"id":"2","text":"RT @ada: b…","referenced_tweets":[{"type":"retweeted","id":"9"}]},
                         {"id":"3"}, 4],
                 "includes":{"users":[{"id":"7","username":"ada"}],"tweets":[{"id":"9","text":"b to the end"}]},
                 "errors":[{"title":"Not Found Error"}],
                 "meta":{"result_count":4},"__twarc":{"version":"2"}}"""))
                .containsExactly(
                        "1 a",
                        "2 RT @ada: b to the end",
                        "the tweet has no text: {\"id\":\"3\"}",
                        "the post is not a JSON object: 4",
                        "skipped error");
        assertThat(parser.parse("{\"data\":[],\"meta\":{}}".getBytes(UTF_8)).shape())
                .isEqualTo("x-api-v2-page");
    }

    @Test
    void answersWithManyPostsAreRead() {
        assertThat(verdicts("""
                {"statuses":[{"id_str":"1","full_text":"a"},{"id_str":"2","full_text":"b"}],"search_metadata":{}}""")).containsExactly("1 a", "2 b");
        assertThat(verdicts("""
                {"feed":[{"post":{"uri":"at://a/b/1","record":{"text":"a"}}},
                         {"post":{"uri":"at://a/b/2","record":{"text":""}}},
                         {"post":{"uri":"at://a/b/3","record":7}}],"cursor":"c"}"""))
                .containsExactly(
                        "at://a/b/1 a",
                        "skipped without_text",
                        "the post's record is not an object: {\"post\":{\"uri\":\"at://a/b/3\",\"record\":7}}");
        assertThat(verdicts("""
                {"posts":[{"uri":"at://a/b/1","record":{"text":"a"}}],"hitsTotal":1}""")).containsExactly("at://a/b/1 a");
        assertThat(verdicts("""
                {"kind":"Listing","data":{"after":"t3_b","children":[
                  {"kind":"t1","data":{"id":"a","body":"a","link_id":"t3_b"}},
                  {"kind":"t3","data":{"id":"b","title":"b","selftext":"[removed]"}}]}}""")).containsExactly("t1_a a", "skipped delete");
    }

    @Test
    void pagesOfOtherServicesAndOfUnknownOnesAreRead() {
        assertThat(verdicts("""
                {"data":[{"id":"a","body":"a","link_id":"t3_b","created_utc":1668988761}],"metadata":{}}""")).containsExactly("t1_a a");
        assertThat(verdicts("""
                {"results":[{"id":1,"message":"a"},{"id":2,"message":"b"}],"next":null}""")).containsExactly("1 a", "2 b");
        assertThat(verdicts("""
                {"thread":{"post":{"uri":"at://a/b/1","record":{"text":"a"}},"replies":[
                  {"post":{"uri":"at://a/b/2","record":{"text":"b"}},"replies":[
                    {"post":{"uri":"at://a/b/3","record":{"text":"c"}}}]},
                  {"uri":"at://a/b/4","notFound":true}]}}""")).containsExactly("at://a/b/1 a", "at://a/b/2 b", "skipped other", "at://a/b/3 c");
        assertThat(verdicts("""
                {"kind":"Listing","data":{"children":[{"kind":"t1","data":{"id":"a","body":"a","link_id":"t3_x",
                  "replies":{"kind":"Listing","data":{"children":[
                    {"kind":"t1","data":{"id":"b","body":"b","link_id":"t3_x"}},{"kind":"more","data":{}}]}}}}]}}""")).containsExactly("t1_a a", "t1_b b", "skipped other");
    }

    @Test
    void namedFieldsHoldForEachTweetOfAPage() {
        RecordParser named = new RecordParser(
                new JsonFormat(Map.of("lang", "language")), new TweetParser("feed", LanguageDetector.NONE, CLOCK));
        assertThat(named.parse("{\"data\":[{\"id\":\"1\",\"text\":\"a\"},{\"id\":\"2\",\"text\":\"b\"}]}"
                                .getBytes(UTF_8))
                        .parts())
                .hasSize(2);
    }

    @Test
    void aRecordThatHoldsTooMuchIsInvalid() {
        assertThat(verdicts("{\"data\":[" + "{},".repeat(30_000) + "{}]}"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("the record holds 30001 posts, more than 20000");
        assertThat(verdicts("{\"data\":[" + "1,".repeat(600_000) + "1]}"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("not JSON: Token count (500001) exceeds");
    }

    @Test
    void theTweetsOfARecordWithoutIdsGetTheirNumbers() {
        ParsedRecord record = parser.parse(
                "{\"data\":[{\"id\":null,\"text\":\"a\"},{\"text\":\"b\"}]}".getBytes(UTF_8), Optional.of("feed:7"));
        assertThat(record.parts())
                .extracting(part -> ((ParsedTweet.Valid) part.tweet()).tweet().getId())
                .containsExactly("feed:7.1", "feed:7.2");
    }

    @Test
    void aDateThatCannotBeReadIsNamedWithItsValue() {
        assertThat(verdicts("{\"id\":\"1\",\"text\":\"a\",\"created_at\":\"yesterday\"}"))
                .containsExactly("created_at is not a date from 1970 on: \"yesterday\": "
                        + "{\"id\":\"1\",\"text\":\"a\",\"created_at\":\"yesterday\"}");
    }

    /** Whatever fields hold, a record is a tweet, invalid or skipped. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"data":[null,[],"x",{}],"errors":7}
            {"includes":[],"data":{"id":"1","text":"a","author_id":{},"referenced_tweets":{"type":7}}}
            {"feed":[7,null,{"post":[]},{"post":{"record":null}}]}
            {"posts":[{"record":{}}]}
            {"kind":"Listing","data":[]}
            {"kind":"Listing"}
            {"did":7,"time_us":"x"}
            {"rawContent":{},"user":7,"date":[]}
            {"tweet":"a","username":{},"id":[],"conversation_id":{}}
            {"tweet":{}}
            {"noteTweet":{"core":[]}}
            {"statuses":[7]}
            {"delete":{}}
            {"body":"a","link_id":7,"id":{},"created_utc":true}
            """)
    void unexpectedTypesAreNoFailures(String json) {
        assertThat(parser.parse(json.getBytes(UTF_8)).parts()).isNotEmpty();
    }

    private List<String> verdicts(String json) {
        return parser.parse(json.getBytes(UTF_8)).parts().stream()
                .map(part -> {
                    if (part.tweet() instanceof ParsedTweet.Valid valid)
                        return valid.tweet().getId() + " " + valid.tweet().getText();
                    if (part.tweet() instanceof ParsedTweet.Invalid invalid)
                        return invalid.detail() + ": " + new String(part.bytes().get(), UTF_8);
                    return "skipped " + ((ParsedTweet.Skipped) part.tweet()).kind();
                })
                .toList();
    }
}
