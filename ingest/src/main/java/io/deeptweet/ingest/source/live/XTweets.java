// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.shape.XPost;
import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.ingest.source.SourceMonitor;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.SourceOutput.Item;
import io.deeptweet.ingest.source.live.XPosition.Gap;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.RecordJson;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.tweet.TweetLimits;
import io.deeptweet.service.file.RawRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Writes what X sends to the output, each post once, and keeps the position. */
final class XTweets {
    private static final Logger LOG = Logger.getLogger(XTweets.class);

    private final SourceOutput output;
    private final SourceMonitor monitor;
    private final XOptions options;
    private final Clock clock;
    private final TweetParser parser;
    private final RecentKeys recent = new RecentKeys();
    private final XBudget budget;
    private XPosition position;

    XTweets(SourceOutput output, XOptions options, XPosition position, LanguageDetector languages, Clock clock) {
        this.output = output;
        this.monitor = output.monitor();
        this.options = options;
        this.clock = clock;
        this.position = position.withGaps(
                position.gaps().stream().flatMap(gap -> limited(gap).stream()).toList());
        parser = new TweetParser(output.name(), languages, clock);
        budget = new XBudget(options.prices(), position, clock);
        position.seen().forEach(id -> recent.add("" + id));
    }

    XBudget budget() {
        return budget;
    }

    /** What is missing from an id up to a time is to be searched, unless it is too old for that. */
    void miss(long since, Instant until) {
        limited(new Gap(since, XIds.at(until))).ifPresent(gap -> position = position.withGap(gap));
    }

    /** Nothing before this time is to be searched any more. */
    void skipTo(Instant time) {
        lose("the posts of that time are not paid for");
        position = position.upTo(time);
    }

    /** What was received is complete up to a time, except for the gaps. */
    void upTo(Instant time) {
        position = position.upTo(time);
    }

    long missedSince() {
        return position.missedSince();
    }

    /** The newest id that was received, or the time up to which nothing is missing. */
    long newest() {
        return position.newest();
    }

    /** The part of a gap that is not too old to search. */
    private Optional<Gap> limited(Gap gap) {
        long oldest = XIds.at(clock.instant().minus(options.fill()));
        if (gap.since() >= oldest) return Optional.of(gap).filter(whole -> whole.since() < whole.until());
        lost(gap.since(), Math.min(oldest, gap.until()), "that is too long ago to search for them");
        return gap.until() > oldest ? Optional.of(new Gap(oldest, gap.until())) : Optional.empty();
    }

    private void lost(long since, long until, String why) {
        monitor.event("gap");
        LOG.warnf(
                "source %s: posts from %s to %s are lost: %s",
                output.name(), XIds.time(since), XIds.time(until), UntrustedText.oneLine(why));
    }

    /** Gives up all gaps. */
    void lose(String why) {
        position.gaps().forEach(gap -> lost(gap.since(), gap.until(), why));
        position = position.withGaps(List.of());
    }

    /** The first gap that a search finds all posts of; empty if there is none now. */
    Optional<Gap> searchable() {
        Instant indexed = clock.instant().minus(options.times().indexed());
        return position.gaps().stream()
                .findFirst()
                .filter(gap -> !XIds.time(gap.until()).isAfter(indexed));
    }

    /**
     * Writes a line of the stream.
     *
     * @param matches whether X sent it for a rule of this source
     * @throws LiveException if X says that it ends the stream
     */
    void take(RawRecord line, Predicate<JsonNode> matches) throws LiveException {
        Item item;
        try {
            if (line.isCut())
                throw new InvalidTweetException(
                        Reason.TOO_LARGE, "the object has more than " + options.largestMessage() + " bytes");
            JsonNode object = RecordJson.object(line.bytes());
            countErrors(object);
            if (!object.has("data")) {
                requireNoEnd(object);
                if (object.path("errors").isArray()) return;
                throw new InvalidTweetException(Reason.MALFORMED, "the object holds neither a post nor errors");
            }
            budget.charge(object);
            item = matches.test(object) ? item(object, object.path("data"), line::bytes) : skipped("foreign");
        } catch (InvalidTweetException e) {
            item = invalid(e, line.bytes());
        }
        output.write(List.of(item), reached());
    }

    /**
     * Writes a page of a search, which begins with the newest posts, and shortens the gap by it.
     *
     * @return the token for the next page; empty if the gap is filled
     */
    Optional<String> take(JsonNode page, Gap gap) {
        budget.charge(page);
        countErrors(page);
        List<Item> items = new ArrayList<>();
        long oldest = gap.until();
        for (JsonNode post : page.path("data")) {
            oldest = Math.min(oldest, XIds.parse(post.path("id").asText()).orElse(oldest));
            try {
                items.add(item(page, post, () -> RecordJson.bytes(post)));
            } catch (InvalidTweetException e) {
                items.add(invalid(e, RecordJson.bytes(post)));
            }
        }
        Optional<String> next =
                Optional.ofNullable(page.path("meta").path("next_token").textValue());
        List<Gap> gaps = new ArrayList<>(position.gaps());
        gaps.remove(gap);
        if (next.isPresent() && oldest < gap.until() && oldest > gap.since()) {
            gaps.add(0, new Gap(gap.since(), oldest));
        } else {
            if (next.isPresent() && oldest == gap.until())
                lost(gap.since(), oldest, "X names a further page after one without further posts");
            next = Optional.empty();
        }
        position = position.withGaps(gaps);
        output.write(items, reached());
        return next;
    }

    private void countErrors(JsonNode object) {
        object.path("errors").forEach(error -> monitor.event("error"));
    }

    /** X tells in the stream why it ends it. */
    private static void requireNoEnd(JsonNode object) throws LiveException {
        JsonNode first = object.path("errors").path(0);
        JsonNode error = object.has("connection_issue") ? object : first;
        String title = error.path("title").asText();
        boolean ends = error.has("disconnect_type") || error.has("connection_issue") || title.endsWith("disconnect");
        if (ends)
            throw new LiveException(
                    Kind.DISCONNECTED,
                    "X ended the stream: "
                            + UntrustedText.quoted(
                                    title + " " + error.path("detail").asText()));
    }

    private Item item(JsonNode root, JsonNode post, Supplier<byte[]> bytes) throws InvalidTweetException {
        TweetFields fields = XPost.fields(root, post);
        String id = fields.id().orElseThrow(() -> new InvalidTweetException(Reason.NO_ID, "the post has no id"));
        long number = XIds.parse(id)
                .orElseThrow(() -> new InvalidTweetException(
                        Reason.INVALID_FIELD, "the id is not one of X: " + UntrustedText.quoted(id)));
        monitor.event("post");
        Instant now = clock.instant();
        Instant made = XIds.time(number);
        if (!recent.add("" + number)) return skipped("repeated");
        if (!made.isAfter(now.plus(TweetLimits.LARGEST_CLOCK_LEAD))) { // otherwise it would end every search
            position = position.after(number);
            monitor.behind(Duration.between(made, now));
        }
        if (isEdit(post)) monitor.event("edited");
        if (fields.text().filter(text -> !text.isBlank()).isEmpty()) return skipped("without_text");
        return new Item(parser.parse(fields), bytes.get(), "https://x.com/i/web/status/" + number);
    }

    private static boolean isEdit(JsonNode post) {
        return post.path("edit_history_tweet_ids").size() > 1
                || post.path("edit_history_post_ids").size() > 1;
    }

    private Item skipped(String kind) {
        monitor.event(kind);
        return new Item(new ParsedTweet.Skipped(kind), new byte[0], output.name());
    }

    private Item invalid(InvalidTweetException e, byte[] bytes) {
        monitor.event("invalid");
        return new Item(
                new ParsedTweet.Invalid(e.reason(), e.getMessage()),
                bytes,
                output.name() + "@" + options.host().getAuthority());
    }

    /** Not to be asked later, when it may be beyond a record that is not written yet. */
    private Supplier<String> reached() {
        XPosition now = budget.writtenTo(position);
        return now::toString;
    }
}
