// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.schemas.TweetKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MastodonShapeTest {
    /** Only what takes time by the square of its length would need it, on a busy machine too. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** As mastodon.social writes them. */
    private static final String STATUS = """
            {"id": "115400000000000001", "created_at": "2026-10-20T08:30:00.000Z", "in_reply_to_id": null,
             "in_reply_to_account_id": null, "sensitive": false, "spoiler_text": "", "visibility": "public",
             "language": "en", "uri": "https://tea.example/users/ada/statuses/115400000000000001",
             "url": "https://tea.example/@ada/115400000000000001", "replies_count": 0, "reblogs_count": 0,
             "quotes_count": 0, "edited_at": null, "content": "<p>Tea is lovely</p>", "reblog": null, "quote": null,
             "application": {"name": "Web", "website": null}, "media_attachments": [], "mentions": [], "tags": [],
             "emojis": [], "card": null, "poll": null,
             "account": {"id": "1", "username": "ada", "acct": "ada", "display_name": "Ada",
                         "url": "https://tea.example/@ada", "uri": "https://tea.example/users/ada"}}
            """;

    @Test
    void aStatusIsRead() {
        Content content = read(STATUS);
        assertThat(content.shape()).isEqualTo("mastodon");
        assertThat(content.parts())
                .singleElement()
                .extracting(part -> ((Part.Post) part).fields())
                .isEqualTo(new TweetFields(
                                Optional.of("https://tea.example/users/ada/statuses/115400000000000001"),
                                Optional.of("Tea is lovely"),
                                Optional.of("2026-10-20T08:30:00.000Z"),
                                Optional.of("en"),
                                Optional.of("ada@tea.example"),
                                TweetKind.POST)
                        .withClaimedLanguage());
    }

    @Test
    void anAuthorOfAnotherInstanceAndTheUriStayAsTheyAre() {
        TweetFields fields = fields(STATUS.replace("\"acct\": \"ada\"", "\"acct\": \"ada@cake.example\"")
                .replace(
                        "\"uri\": \"https://tea.example/users/ada/st", "\"uri\": \"https://cake.example/users/ada/st"));
        assertThat(fields.author()).contains("ada@cake.example");
        assertThat(fields.id()).contains("https://cake.example/users/ada/statuses/115400000000000001");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "uri": null, "url": "https://tea.example/@ada/1", "id": "7" | https://tea.example/@ada/1
            "uri": null, "url": null, "id": "7"                         | 7
            "id": 7                                                     | 7
            """)
    void aStatusWithoutUriHasAnotherId(String ids, String id) {
        assertThat(fields("{" + ids + ", \"content\": \"x\", \"account\": {}}").id())
                .contains(id);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "in_reply_to_id": "12"                                            | REPLY
            "quote": {"state": "accepted", "quoted_status": {"content": "x"}} | QUOTE
            "quote": {"state": "pending"}, "in_reply_to_id": "12"             | QUOTE
            "quote_id": "12"                                                  | QUOTE
            "quote": null, "in_reply_to_id": null                             | POST
            """)
    void theKindOfAStatusIsTold(String fields, TweetKind kind) {
        assertThat(fields("{" + fields + ", \"id\": \"1\", \"content\": \"x\", \"account\": {}}")
                        .kind())
                .isEqualTo(kind);
    }

    @Test
    void aBoostIsItsOriginal() {
        TweetFields boost = fields("{\"id\": \"9\", \"uri\": \"https://cake.example/users/eve/statuses/9/activity\","
                + "\"content\": \"\", \"spoiler_text\": \"\", \"account\": {\"acct\": \"eve@cake.example\"},"
                + "\"created_at\": \"2026-10-21T08:30:00.000Z\", \"reblog\": " + STATUS + "}");
        TweetFields original = fields(STATUS);
        assertThat(boost)
                .isEqualTo(new TweetFields(
                                original.id(),
                                original.text(),
                                original.createdAt(),
                                original.language(),
                                original.author(),
                                TweetKind.RETWEET)
                        .withClaimedLanguage());
    }

    @Test
    void aWarningIsText() {
        assertThat(fields(STATUS.replace("\"spoiler_text\": \"\"", "\"spoiler_text\": \"food & drink\""))
                        .text())
                .contains("food & drink Tea is lovely");
        assertThat(fields("{\"id\": \"1\", \"content\": \"\", \"spoiler_text\": \"spiders\"}")
                        .text())
                .contains("spiders");
    }

    @Test
    void aStatusOfPicturesAloneIsLeftOut() {
        assertThat(read(STATUS.replace("Tea is lovely", " <br/> ")).parts())
                .containsExactly(new Part.Notice("without_text"));
        assertThat(read("{\"id\": \"1\", \"content\": null, \"account\": {}}").parts())
                .containsExactly(new Part.Notice("without_text"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"content\": 7", "\"content\": {}", "\"content\": \"x\", \"language\": []"})
    void aFieldOfAnotherTypeIsAFault(String field) {
        assertThat(read("{\"id\": \"1\", \"account\": {}, " + field + "}").parts())
                .singleElement()
                .isInstanceOf(Part.Invalid.class);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/html.txt", numLinesToSkip = 1, delimiter = '|', quoteCharacter = '`')
    void contentIsReadAsItIsSeen(String html, String text) throws InvalidTweetException {
        assertThat(HtmlText.of(html)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<p>",
                "<b>",
                "<a>",
                "<div>",
                "<table>",
                "<table><b>",
                "<ul><li>",
                "</p>",
                "<b><p>",
                "<i><b><a>",
                "<!--",
                "<select>",
                "<svg>",
                "<math><mi>",
                "&",
                "&#x",
                "<p a=b>",
                "<span class='x y'>",
                "<form>",
                "<nobr>",
                "<template>",
                "<textarea>",
                "<![CDATA[",
                "<b>x</p>",
                "<font a=1><p></font>"
            })
    void deepNestingEnds(String tag) {
        String html =
                IntStream.range(0, 99_000 / tag.length()).mapToObj(i -> tag).collect(Collectors.joining()) + "end";
        assertEnds(html);
    }

    @Test
    void hugeAttributesEnd() {
        String many = IntStream.range(0, 12_000).mapToObj(i -> " a" + i + "=1").collect(Collectors.joining());
        assertEnds("<p" + many + ">x");
        assertEnds("<p class='" + "a ".repeat(45_000) + "'>x");
        assertEnds(("<b" + many.substring(0, 3_000) + ">").repeat(30));
        assertEnds("<a href='" + "x".repeat(95_000) + "'>x");
    }

    @Test
    void contentThatIsTooLongIsAFault() {
        assertThatThrownBy(() -> HtmlText.of("x".repeat(100_001)))
                .isInstanceOf(InvalidTweetException.class)
                .hasMessage("content has 100001 characters, more than 100000");
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("id", "1").put("spoiler_text", "").put("content", "<p>".repeat(40_000));
        assertThat(new JsonFormat().read(status).parts()).singleElement().isInstanceOf(Part.Invalid.class);
    }

    @Test
    void anOutboxIsReadAndItsBoostsAreSkipped() {
        Content content = read("""
                {"@context": "https://www.w3.org/ns/activitystreams", "id": "outbox.json", "type": "OrderedCollection",
                 "totalItems": 4, "orderedItems": [
                  {"id": "https://tea.example/users/ada/statuses/1/activity", "type": "Create",
                   "actor": "https://tea.example/users/ada", "published": "2026-10-20T08:30:00Z",
                   "object": {"id": "https://tea.example/users/ada/statuses/1", "type": "Note", "summary": "tea",
                              "inReplyTo": "https://cake.example/users/eve/statuses/3",
                              "published": "2026-10-20T08:30:00Z", "url": "https://tea.example/@ada/1",
                              "attributedTo": "https://tea.example/users/ada", "content": "<p>So <b>good</b></p>",
                              "contentMap": {"en": "<p>So <b>good</b></p>"}, "attachment": [], "tag": []}},
                  {"id": "https://tea.example/users/ada/statuses/2/activity", "type": "Announce",
                   "actor": "https://tea.example/users/ada", "published": "2026-10-20T08:31:00Z",
                   "object": "https://cake.example/users/eve/statuses/4"},
                  {"type": "Create", "actor": "https://tea.example/users/ada", "published": "2026-10-20T08:32:00Z",
                   "object": {"id": "https://tea.example/users/ada/statuses/5", "type": "Note", "summary": null,
                              "content": "", "attachment": [{"type": "Document"}]}},
                  {"type": "Create", "actor": "https://tea.example/users/ada", "object": "https://tea.example/6"}]}
                """);
        assertThat(content.shape()).isEqualTo("activitypub");
        assertThat(content.parts()).hasSize(4);
        assertThat(((Part.Post) content.parts().get(0)).fields())
                .isEqualTo(new TweetFields(
                        Optional.of("https://tea.example/users/ada/statuses/1"),
                        Optional.of("tea So good"),
                        Optional.of("2026-10-20T08:30:00Z"),
                        Optional.of("en"),
                        Optional.of("ada@tea.example"),
                        TweetKind.REPLY));
        assertThat(content.parts().subList(1, 3))
                .containsExactly(new Part.Notice("announce"), new Part.Notice("without_text"));
        assertThat(content.parts().get(3)).isInstanceOf(Part.Invalid.class);
        assertThat(read("{\"orderedItems\": []}").parts()).containsExactly(new Part.Notice("empty_page"));
    }

    @Test
    void anActivityOnItsOwnIsRead() {
        TweetFields fields = fields("""
                {"type": "Create", "actor": "https://tea.example/@ada", "published": "2026-10-20T08:30:00Z",
                 "object": {"id": "https://tea.example/1", "content": "hm", "quote": "https://cake.example/2"}}
                """);
        assertThat(List.of(fields))
                .extracting(TweetFields::createdAt, TweetFields::author, TweetFields::kind)
                .containsExactly(
                        tuple(Optional.of("2026-10-20T08:30:00Z"), Optional.of("ada@tea.example"), TweetKind.QUOTE));
        assertThat(read("{\"type\": \"Delete\", \"object\": \"https://tea.example/1\"}")
                        .parts())
                .containsExactly(Part.Notice.ofDeletion(Optional.of("https://tea.example/1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\": {\"id\": \"1\", \"text\": \"x\"}}",
                "{\"id_str\": \"1\", \"full_text\": \"x\", \"user\": {\"screen_name\": \"ada\"}}",
                "{\"id\": \"1\", \"text\": \"x\"}",
                "{\"id\": \"1\", \"content\": \"x\"}"
            })
    void otherObjectsAreNoStatuses(String json) {
        assertThat(read(json).shape()).isNotIn("mastodon", "activitypub");
    }

    private static void assertEnds(String html) {
        assertTimeoutPreemptively(PATIENCE, () -> assertThat(HtmlText.of(html)).isNotNull());
    }

    private static Content read(String json) {
        return new JsonFormat().read(json.getBytes(UTF_8));
    }

    private static TweetFields fields(String json) {
        return ((Part.Post) read(json).parts().get(0)).fields();
    }
}
