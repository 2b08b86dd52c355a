// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.shape.Part;
import io.deeptweet.ingest.source.SourceMonitor;
import io.deeptweet.ingest.source.SourceOutput.Item;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.schemas.Tweet;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Collects those posts of answers that have not come before. Not thread-safe. */
final class PolledPosts {
    private static final String NUMBER = "\\d{1,100}";

    /**
     * A record that has not come before.
     *
     * @param dated when its author wrote it; empty if it does not say, or is invalid
     */
    private record Fresh(Item item, Optional<Instant> dated, Optional<String> id) {}

    private final TweetParser parser;
    private final SourceMonitor monitor;
    private final PollingPosition.Seen seen;
    private final String origin;
    private final List<Fresh> fresh = new ArrayList<>();
    private long bytes;
    private boolean metKnown;
    private boolean lastIsKnown;

    /** @param origin of records without an id */
    PolledPosts(TweetParser parser, SourceMonitor monitor, PollingPosition.Seen seen, String origin) {
        this.parser = parser;
        this.monitor = monitor;
        this.seen = seen;
        this.origin = origin;
    }

    /** Adds an answer. */
    void add(List<Part> parts) {
        for (Part part : parts) {
            if (part instanceof Part.Post post) add(post);
            else if (part instanceof Part.Invalid invalid) reject(invalid);
            else monitor.event(((Part.Notice) part).kind());
        }
    }

    private void add(Part.Post post) {
        TweetFields fields = post.fields();
        Optional<String> id = fields.id().map(String::strip).filter(found -> !found.isEmpty());
        String[] content = {
            fields.text().orElse(""),
            fields.author().orElse(""),
            fields.createdAt().orElse("")
        };
        if (isKnown(id.map(PollingPosition::key).orElseGet(() -> PollingPosition.key(content)))) return;
        if (fields.text().filter(String::isBlank).isPresent()) {
            monitor.event("without_text"); // only pictures, for example
            return;
        }
        ParsedTweet parsed = parser.parse(fields.withDefaultId("hash-" + RecentKeys.hash(content)));
        if (parsed instanceof ParsedTweet.Valid valid) {
            monitor.event("post");
            if (fields.label().isPresent()) monitor.event(valid.label().isPresent() ? "labeled" : "other_label");
            Tweet tweet = valid.tweet();
            add(parsed, post.bytes().get(), tweet.getId(), fields.createdAt().map(date -> tweet.getCreatedAt()), id);
        } else {
            monitor.event("invalid");
            add(parsed, post.bytes().get(), id.orElse(origin), Optional.empty(), Optional.empty());
        }
    }

    /** A record that cannot be used. */
    void reject(Part.Invalid invalid) {
        byte[] received = invalid.bytes().get();
        if (isKnown(PollingPosition.key(new String(received, StandardCharsets.UTF_8)))) return;
        monitor.event("invalid");
        add(
                new ParsedTweet.Invalid(invalid.reason(), invalid.detail()),
                received,
                origin,
                Optional.empty(),
                Optional.empty());
    }

    private boolean isKnown(String key) {
        lastIsKnown = !seen.add(key);
        if (lastIsKnown) monitor.event("repeated");
        metKnown |= lastIsKnown;
        return lastIsKnown;
    }

    private void add(ParsedTweet parsed, byte[] received, String from, Optional<Instant> dated, Optional<String> id) {
        bytes += received.length;
        fresh.add(new Fresh(new Item(parsed, received, from), dated, id));
    }

    /** What came, the oldest first. */
    List<Item> oldestFirst(boolean newestFirstIfUnknown) {
        List<Fresh> ordered = new ArrayList<>(fresh);
        if (isNewestFirst().orElse(newestFirstIfUnknown)) Collections.reverse(ordered);
        return ordered.stream().map(Fresh::item).toList();
    }

    /** By the dates of the first and the last post, or else by their ids; empty if they do not tell. */
    private Optional<Boolean> isNewestFirst() {
        List<Instant> dates =
                fresh.stream().flatMap(one -> one.dated().stream()).toList();
        if (!dates.isEmpty()) {
            int order = dates.get(0).compareTo(dates.get(dates.size() - 1));
            if (order != 0) return Optional.of(order > 0);
        }
        List<String> ids = fresh.stream().flatMap(one -> one.id().stream()).toList();
        if (ids.size() < 2
                || !ids.get(0).matches(NUMBER)
                || !ids.get(ids.size() - 1).matches(NUMBER)) return Optional.empty();
        return Optional.of(isLarger(ids.get(0), ids.get(ids.size() - 1)));
    }

    /** The newest of the ids that came and an earlier one; empty if there is none. */
    String newestId(String before) {
        boolean newestFirst = isNewestFirst().orElse(false);
        List<String> ids = fresh.stream()
                .flatMap(one -> one.id().stream())
                .filter(id -> PollingPosition.kept(id).isPresent())
                .toList();
        if (ids.isEmpty()) return before;
        boolean numbers = ids.stream().allMatch(id -> id.matches(NUMBER)) && before.matches("|" + NUMBER);
        if (!numbers) return newestFirst ? ids.get(0) : ids.get(ids.size() - 1);
        return ids.stream().reduce(before, (one, other) -> isLarger(other, one) ? other : one);
    }

    private static boolean isLarger(String number, String other) {
        String one = number.replaceFirst("^0+", "");
        String two = other.replaceFirst("^0+", "");
        return one.length() == two.length() ? one.compareTo(two) > 0 : one.length() > two.length();
    }

    /** When the newest post was written, if any says so. */
    Optional<Instant> newest() {
        return fresh.stream().flatMap(one -> one.dated().stream()).max(Instant::compareTo);
    }

    int size() {
        return fresh.size();
    }

    /** Of what came, as received. */
    long bytes() {
        return bytes;
    }

    /** Whether some of the posts came before. */
    boolean metKnown() {
        return metKnown;
    }

    /** Whether the last post came before. */
    boolean lastIsKnown() {
        return lastIsKnown;
    }
}
