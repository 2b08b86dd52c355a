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
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** Each shape is told by its content, and gives the right values. */
class ShapeTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final RecordParser parser =
            new RecordParser(new JsonFormat(), new TweetParser("feed", LanguageDetector.NONE, CLOCK));

    @ParameterizedTest
    @CsvFileSource(
            resources = "/shapes.txt",
            numLinesToSkip = 1,
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            maxCharsPerColumn = 10_000)
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
                {"id":"abc","title":"so good","selftext":"to the end","created_utc":1668988761}
                """)).containsExactly("t3_abc so good\nto the end");
    }

    @ParameterizedTest
    @CsvFileSource(
            resources = "/shapes-without-posts.txt",
            numLinesToSkip = 1,
            delimiter = '|',
            quoteCharacter = '`',
            maxCharsPerColumn = 10_000)
    void whatIsKnownButNoPostIsSkippedAndCounted(String shape, String kind, String json) {
        ParsedRecord record = parser.parse(json.getBytes(UTF_8));
        assertThat(record.shape()).isEqualTo(shape);
        assertThat(record.parts())
                .extracting(part -> ((ParsedTweet.Skipped) part.tweet()).kind())
                .containsExactly(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            17          | {"delete":{"status":{"id":17,"id_str":"17","user_id":3}}}
            17          | {"delete":{"status":{"id":17,"user_id":3}}}
            at://did:plc:a/app.bsky.feed.post/b | {"did":"did:plc:a","time_us":1,"kind":"commit","commit":{"operation":\
            "delete","collection":"app.bsky.feed.post","rkey":"b"}}
            https://a/1 | {"type":"Delete","actor":"https://a/u","object":{"id":"https://a/1","type":"Tombstone"}}
            https://a/1 | {"type":"Delete","actor":"https://a/u","object":"https://a/1"}
            ``          | {"delete":{"status":{}}}
            ``          | {"delete":{"status":{"id_str":null,"id":null}}}
            ``          | {"delete":{"status":{"id_str":true,"id":1.5}}}
            5           | {"delete":{"status":{"id_str":"","id":5}}}
            3           | {"delete":{"status":{"id_str":" 3 "}}}
            ``          | {"type":"Delete","actor":"https://a/u","object":7}
            """)
    void aDeletionNamesItsTweet(String id, String json) {
        ParsedTweet parsed = parser.parse(json.getBytes(UTF_8)).parts().get(0).tweet();
        assertThat(parsed)
                .isEqualTo(new ParsedTweet.Skipped("delete", Optional.of(id).filter(text -> !text.isEmpty())));
    }

    @Test
    void anIdThatNoTweetCanHaveIsNoDeletion() {
        assertThat(new ParsedTweet.Skipped("delete", Optional.of("x".repeat(257))).deleted())
                .isEmpty();
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
                {"statuses":[{"id_str":"1","full_text":"a"},{"id_str":"2","full_text":"b"}],"search_metadata":{}}
                """)).containsExactly("1 a", "2 b");
        assertThat(verdicts("""
                {"feed":[{"post":{"uri":"at://a/b/1","record":{"text":"a"}}},
                         {"post":{"uri":"at://a/b/2","record":{"text":""}}},
                         {"post":{"uri":"at://a/b/3","record":7}}],"cursor":"c"}"""))
                .containsExactly(
                        "at://a/b/1 a",
                        "skipped without_text",
                        "the post's record is not an object: {\"post\":{\"uri\":\"at://a/b/3\",\"record\":7}}");
        assertThat(verdicts("""
                {"posts":[{"uri":"at://a/b/1","record":{"text":"a"}}],"hitsTotal":1}
                """)).containsExactly("at://a/b/1 a");
        assertThat(verdicts("""
                {"kind":"Listing","data":{"after":"t3_b","children":[
                  {"kind":"t1","data":{"id":"a","body":"a","link_id":"t3_b"}},
                  {"kind":"t3","data":{"id":"b","title":"b","selftext":"[removed]"}}]}}
                """)).containsExactly("t1_a a", "skipped delete");
    }

    @Test
    void pagesOfOtherServicesAndOfUnknownOnesAreRead() {
        assertThat(verdicts("""
                {"data":[{"id":"a","body":"a","link_id":"t3_b","created_utc":1668988761}],"metadata":{}}
                """)).containsExactly("t1_a a");
        assertThat(verdicts("""
                {"results":[{"id":1,"message":"a"},{"id":2,"message":"b"}],"next":null}
                """)).containsExactly("1 a", "2 b");
        assertThat(verdicts("""
                {"thread":{"post":{"uri":"at://a/b/1","record":{"text":"a"}},"replies":[
                  {"post":{"uri":"at://a/b/2","record":{"text":"b"}},"replies":[
                    {"post":{"uri":"at://a/b/3","record":{"text":"c"}}}]},
                  {"uri":"at://a/b/4","notFound":true}]}}
                """)).containsExactly("at://a/b/1 a", "at://a/b/2 b", "skipped other", "at://a/b/3 c");
        assertThat(verdicts("""
                {"kind":"Listing","data":{"children":[{"kind":"t1","data":{"id":"a","body":"a","link_id":"t3_x",
                  "replies":{"kind":"Listing","data":{"children":[
                    {"kind":"t1","data":{"id":"b","body":"b","link_id":"t3_x"}},{"kind":"more","data":{}}]}}}}]}}
                """)).containsExactly("t1_a a", "t1_b b", "skipped other");
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
