// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.service.file.RawRecord;
import io.deeptweet.service.file.RecordEncoding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The beginning of a file tells how it holds records. */
class InputRecordsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"id\":1,\"text\":\"a\"},{\"id\":2,\"text\":\"b\"}]",
                "[\n  {\n    \"id\": 1,\n    \"text\": \"a\"\n  },\n  {\n    \"id\": 2,\n    \"text\": \"b\"\n  }\n]\n",
                "\n\n[ {\"id\":1,\"text\":\"a\"} ,\r\n{\"id\":2,\"text\":\"b\"}]",
                "{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\"text\":\"b\"}\n",
                "{\n\"id\":1,\"text\":\"a\"\n}\n{\n\"id\":2,\"text\":\"b\"\n}\n",
                "{\"data\": [\n{\"id\":1,\"text\":\"a\"},\n{\"id\":2,\"text\":\"b\"}\n]}",
                "{\"data\":[{\"id\":1,\"text\":\"a\"}]}\n{\"data\":[{\"id\":2,\"text\":\"b\"}]}\n",
                "window.YTD.tweets.part0 = [ {\n\"tweet\" : {\"id\":\"1\",\"full_text\":\"a\"}\n},\n"
                        + "{\"tweet\":{\"id\":\"2\",\"full_text\":\"b\"}} ]",
                "window.YTD.tweet.part0 = [{\"tweet\":{\"id\":\"1\",\"full_text\":\"a\"}}]\n"
                        + "window.YTD.tweet.part1 = [{\"tweet\":{\"id\":\"2\",\"full_text\":\"b\"}}]\n",
                "Grailbird.data.tweets_2014_01 =\n"
                        + "[{\"id_str\":\"1\",\"text\":\"a\"},{\"id_str\":\"2\",\"text\":\"b\"}]",
                "{\"id\":1,\"text\":\"a\"}{\"id\":2,\"text\":\"b\"}",
                "sep=;\nid;text\n1;a\n2;b\n",
                "id,text\n1,a\n2,b\n",
                "ID;Tweet Text\n1;a\n2;b\n",
                "tweet_id\tTWEET_TEXT\n1\ta\n2\tb\n",
                "\"tweet_id\",\"body\"\n\"1\",\"a\"\n\"2\",\"b\"\n",
                "\"0\",\"1\",\"Mon Apr 06 22:19:45 PDT 2009\",\"NO_QUERY\",\"ada\",\"a\"\n"
                        + "\"4\",\"2\",\"\",\"NO_QUERY\",\"\",\"b\"\n",
                "0;1;Mon Apr 06 22:19:45 PDT 2009;NO_QUERY;ada;a\n4;2;;NO_QUERY;;b\n",
            })
    void filesOfTwoTweetsAreRead(String content) throws IOException {
        for (String name : List.of("tweets", "tweets.json", "tweets.csv"))
            assertThat(tweets(read(content, name, Map.of())))
                    .as(name)
                    .extracting(Tweet::getId, Tweet::getText)
                    .containsExactly(tuple("1", "a"), tuple("2", "b"));
    }

    @Test
    void aTableWithoutAHeaderIsReadByTheNumbersOfItsColumns() throws IOException {
        Map<String, String> columns = Map.of("id", "1", "text", "3");
        assertThat(tweets(read("7\tpositive\tso good\n8\tnegative\tso bad\n", "a.tsv", columns)))
                .extracting(Tweet::getText)
                .containsExactly("so good", "so bad");
        assertThatThrownBy(() -> read("7\tso good\n", "a.tsv", columns))
                .isInstanceOf(IOException.class)
                .hasMessage("columns.text is 3, but the file's first line has 2 columns");
    }

    @Test
    void fieldsOfUnknownJsonAreReadWhereTheOperatorSays() throws IOException {
        Map<String, String> fields = Map.of("id", "key", "text", "/payload/words/0", "author", "/payload/by");
        assertThat(tweets(read("{\"key\":7,\"payload\":{\"words\":[\"so good\"],\"by\":\"ada\"}}\n", "a", fields)))
                .singleElement()
                .satisfies(tweet -> {
                    assertThat(tweet.getText()).isEqualTo("so good");
                    assertThat(tweet.getAuthor()).contains("ada");
                });
    }

    @Test
    void airlineTweetsAreRead() throws IOException {
        String table = "tweet_id,airline_sentiment,name,text,tweet_coord,tweet_created,user_timezone\n"
                + "57,neutral,ada,\"so\ngood\",,2015-02-24 11:35:52 -0800,Eastern Time\n";
        assertThat(tweets(read(table, "a.csv", Map.of()))).singleElement().satisfies(tweet -> {
            assertThat(tweet.getText()).isEqualTo("so\ngood");
            assertThat(tweet.getCreatedAt()).hasToString("2015-02-24T19:35:52Z");
        });
    }

    @Test
    void twintsTableIsRead() throws IOException {
        String table = "id,conversation_id,created_at,date,time,timezone,user_id,username,name,place,tweet,language\n"
                + "7,7,2021-01-28 12:00:00 CET,2021-01-28,12:00:00,100,3,ada,Ada,,so good,en\n";
        assertThat(tweets(read(table, "a.csv", Map.of()))).singleElement().satisfies(tweet -> {
            assertThat(tweet.getText()).isEqualTo("so good");
            assertThat(tweet.getAuthor()).contains("ada");
            assertThat(tweet.getCreatedAt()).hasToString("2021-01-28T11:00:00Z");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "referenced_tweets.quoted.id, 7, QUOTE",
        "in_reply_to_status_id, 7, REPLY",
        "in_reply_to_status_id, nan, POST",
        "is_retweet, True, RETWEET",
        "is_retweet, False, POST",
        "quote_url, https://x.test/7, QUOTE",
        "likes, 7, POST"
    })
    void aColumnTellsTheKind(String column, String value, TweetKind kind) throws IOException {
        assertThat(tweets(read("id,text," + column + "\n1,so good," + value + "\n", "a.csv", Map.of())))
                .extracting(Tweet::getKind)
                .containsExactly(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tweets.txt | TEXT | {this is a text in braces}
            tweets.txt | TEXT | [BREAKING] so good
            tweets.txt | TEXT | {"a": 1}
            tweets.txt | JSON | {"id": 1, "text": "so good"}
            tweets.txt | JSON | [
            tweets.txt | JSON | [{"post":
            tweets.txt | JSON | {"message": "so good"}
            tweets.csv | JSON | {"id": 1, "text": "so good"}
            tweets | JSON | {"id": 1, "text": "so good"}
            tweets.json | CSV | id,text
            tweets.json | JSON | nonsense
            tweets | CSV | id,text
            """)
    void theFirstLineTellsTheFormatAndThenTheName(String name, FileFormat format, String line) throws IOException {
        assertThat(open(line + "\n", name, Map.of()).format()).isEqualTo(format);
    }

    @Test
    void anInputThatTellsNothingIsRefused() {
        assertThatThrownBy(() -> open("1|so good\n", "tweets", Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the format of tweets is not known: choose the format json, csv or text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\n{\"id\":1,\"text\":\"a\"},\n{\"id\":2,\"text\":\"no end\n},\n{\"id\":3,\"text\":\"c\"}\n]",
                "[\n{\"id\":1,\"text\":\"a\"},\nstray,\n{\"id\":3,\"text\":\"c\"}\n]",
                "[\n{\"id\":1,\"text\":\"a\"},\n{\"id\":2,\"text\":\"b\"]},\n{\"id\":3,\"text\":\"c\"}\n]",
                "[\n{\"id\":1,\"text\":\"a\"},\n{\"id\":2,\"text\":\"b\",\n{\"id\":3,\"text\":\"c\"}\n]",
                "{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\n{\"id\":3,\"text\":\"c\"}\n",
            })
    void damageCostsOneRecord(String content) throws IOException {
        List<ParsedTweet> parsed = read(content, "a.json", Map.of());
        assertThat(tweets(parsed)).extracting(Tweet::getId).containsExactly("1", "3");
        assertThat(parsed.stream().filter(ParsedTweet.Invalid.class::isInstance))
                .hasSize(1);
    }

    @Test
    void recordsThatAreNotUtf8AreReadAsTheEncodingSays() throws IOException {
        byte[] content = "id,text\n1,caf\u00e9 \u2019\n".getBytes(Charset.forName("windows-1252"));
        assertThat(read(content, "a.csv", Map.of(), RecordEncoding.UTF_8))
                .singleElement()
                .isInstanceOf(ParsedTweet.Invalid.class);
        assertThat(tweets(read(content, "a.csv", Map.of(), RecordEncoding.ISO_8859_1)))
                .extracting(Tweet::getText)
                .containsExactly("caf\u00e9 \u2019");
    }

    private static List<Tweet> tweets(List<ParsedTweet> parsed) {
        return parsed.stream()
                .filter(ParsedTweet.Valid.class::isInstance)
                .map(valid -> ((ParsedTweet.Valid) valid).tweet())
                .toList();
    }

    private static InputRecords open(String content, String name, Map<String, String> columns) throws IOException {
        return open(content.getBytes(UTF_8), name, columns, RecordEncoding.UTF_8);
    }

    private static InputRecords open(byte[] content, String name, Map<String, String> columns, RecordEncoding encoding)
            throws IOException {
        return InputRecords.open(
                new ByteArrayInputStream(content),
                new InputRecords.Hints(
                        name,
                        Optional.empty(),
                        FileFormat.ofName(Path.of(name)),
                        Optional.empty(),
                        columns,
                        encoding,
                        10_000));
    }

    private static List<ParsedTweet> read(String content, String name, Map<String, String> columns) throws IOException {
        return read(content.getBytes(UTF_8), name, columns, RecordEncoding.UTF_8);
    }

    private static List<ParsedTweet> read(
            byte[] content, String name, Map<String, String> columns, RecordEncoding encoding) throws IOException {
        InputRecords input = open(content, name, columns, encoding);
        RecordParser parser =
                new RecordParser(input.records(), new TweetParser("feed", LanguageDetector.NONE, Clock.systemUTC()));
        List<ParsedTweet> parsed = new ArrayList<>();
        for (Optional<RawRecord> next = input.next(); next.isPresent(); next = input.next())
            parser.parse(next.get().bytes()).parts().forEach(part -> parsed.add(part.tweet()));
        return parsed;
    }
}
