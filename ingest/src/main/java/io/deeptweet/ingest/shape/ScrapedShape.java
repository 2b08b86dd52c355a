// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.TweetDate;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.schemas.TweetKind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tweets as tools and X's own archive write them. */
public enum ScrapedShape implements Shape {
    /**
     * A tweet as snscrape and twscrape write it: {@code {"id", "date", "rawContent", "user": {"username"}, "lang"}};
     * older versions of snscrape name the text {@code content}.
     */
    SNSCRAPE("snscrape") {
        @Override
        public boolean matches(JsonNode object) {
            return object.has("rawContent")
                    || object.path("_type").asText().startsWith("snscrape.modules.twitter.")
                    || (object.has("content") && object.has("date") && object.has("user"));
        }

        @Override
        public List<Part> parts(JsonNode tweet) {
            String type = tweet.path("_type").asText();
            if (type.endsWith("Tombstone") || type.endsWith("TweetRef")) return List.of(new Part.Notice("delete"));
            boolean blank = Values.firstText(tweet.path("rawContent"), tweet.path("content"))
                    .isEmpty();
            return blank && Values.holds(tweet, "media")
                    ? List.of(new Part.Notice("without_text"))
                    : super.parts(tweet);
        }

        @Override
        TweetFields fields(JsonNode tweet) throws InvalidTweetException {
            Optional<String> shown = Values.firstText(tweet.path("rawContent"), tweet.path("content"));
            JsonNode original = tweet.path("retweetedTweet");
            String text = XPost.whole(shown, Values.firstText(original.path("rawContent"), original.path("content")))
                    .orElse("");
            boolean quotes = Values.holds(tweet, "quotedTweet");
            boolean replies = Values.holds(tweet, "inReplyToTweetId") || Values.holds(tweet, "inReplyToUser");
            return new TweetFields(
                    Values.firstIdentifier(tweet, "id_str", "id"),
                    Optional.of(text),
                    Values.date(tweet, "date"),
                    Values.text(tweet, "lang"),
                    Values.text(tweet.path("user"), "username"),
                    XPost.kind(original.isObject() || XPost.isRepost(text), quotes, replies));
        }
    },

    /** A tweet as twint writes it: {@code {"id", "tweet", "created_at": "2019-02-25 12:00:00 UTC", "username"}}. */
    TWINT("twint") {
        @Override
        public boolean matches(JsonNode object) {
            return object.path("tweet").isTextual() && object.has("username");
        }

        @Override
        TweetFields fields(JsonNode tweet) throws InvalidTweetException {
            String text = tweet.path("tweet").textValue();
            Optional<String> id = Values.identifier(tweet, "id");
            Optional<String> created = Values.date(tweet, "created_at");
            // Zones are written in the language of the computer: "India Standard Time".
            if (created.flatMap(TweetDate::parse).isEmpty())
                created = dayAndTime(
                                tweet.path("date").asText(),
                                tweet.path("time").asText(),
                                tweet.path("timezone").asText())
                        .or(() -> Values.firstText(tweet.path("created_at")));
            boolean replies = Values.identifier(tweet, "conversation_id")
                    .filter(conversation -> id.isPresent() && !id.get().equals(conversation))
                    .isPresent();
            return new TweetFields(
                    id,
                    Optional.of(text),
                    created,
                    Values.text(tweet, "language"),
                    Values.text(tweet, "username"),
                    XPost.kind(
                            tweet.path("retweet").asBoolean() || XPost.isRepost(text),
                            Values.holds(tweet, "quote_url"),
                            replies));
        }
    },

    /** A tweet of an archive that X gave to an account's owner: {@code {"tweet": {…}}}. */
    ARCHIVE("x-archive") {
        @Override
        public boolean matches(JsonNode object) {
            return object.size() == 1 && object.path("tweet").isObject();
        }

        @Override
        public List<Part> parts(JsonNode object) {
            return object.path("tweet").has("deleted_at") ? List.of(new Part.Notice("delete")) : super.parts(object);
        }

        @Override
        TweetFields fields(JsonNode object) throws InvalidTweetException {
            return XPost.fields(object, object.path("tweet"));
        }
    },

    /**
     * A long post of such an archive, which holds the beginnings of these posts once more: {@code {"noteTweet": …}}.
     */
    ARCHIVE_NOTE("x-archive-note") {
        @Override
        public boolean matches(JsonNode object) {
            return object.size() == 1 && object.path("noteTweet").isObject();
        }

        @Override
        TweetFields fields(JsonNode object) throws InvalidTweetException {
            JsonNode note = object.path("noteTweet");
            return new TweetFields(
                    Values.identifier(note, "noteTweetId"),
                    Values.text(note.path("core"), "text"),
                    Values.date(note, "createdAt"),
                    Optional.empty(),
                    Optional.empty(),
                    TweetKind.POST);
        }
    };

    private static final Pattern OFFSET = Pattern.compile("([+-]?)(\\d{1,2})(\\d\\d)");

    private final String written;

    /** twint's date of three fields; its offset may be 100 for an hour. */
    static Optional<String> dayAndTime(String day, String time, String offset) {
        if (day.isBlank() || time.isBlank()) return Optional.empty();
        Matcher zone = OFFSET.matcher(offset.strip());
        String written = zone.matches()
                ? (zone.group(1).equals("-") ? "-" : "+")
                        + String.format("%2s", zone.group(2)).replace(' ', '0')
                        + zone.group(3)
                : "";
        return Optional.of(day + " " + time + written);
    }

    ScrapedShape(String written) {
        this.written = written;
    }

    abstract TweetFields fields(JsonNode object) throws InvalidTweetException;

    @Override
    public List<Part> parts(JsonNode object) {
        return List.of(Part.of(object, () -> fields(object)));
    }

    @Override
    public String label() {
        return written;
    }
}
