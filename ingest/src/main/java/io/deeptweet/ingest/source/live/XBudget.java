// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What X charges for: every post and user of an answer, once a day. Counts them in the current month of UTC against a
 * limit. Whether X charges for posts and users that come with others is not documented; here they count.
 *
 * @see <a href="https://docs.x.com/x-api/getting-started/pricing">Pricing</a>
 */
final class XBudget {
    private static final double MICROS = 1e6;
    private static final int SMALLEST_PAGE = 10;
    private static final int LARGEST_PAGE = 100;

    private final XOptions.Prices prices;
    private final Clock clock;
    private YearMonth month;
    private long spent;
    private LocalDate day;
    private RecentKeys charged = new RecentKeys();

    XBudget(XOptions.Prices prices, XPosition position, Clock clock) {
        this.prices = prices;
        this.clock = clock;
        this.month = position.month();
        this.spent = position.spent();
        this.day = LocalDate.EPOCH;
    }

    static YearMonth month(Instant time) {
        return YearMonth.from(time.atOffset(ZoneOffset.UTC));
    }

    private void turn() {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (!today.equals(day)) charged = new RecentKeys();
        day = today;
        if (!month(now).isAfter(month)) return; // a clock that goes back gives nothing back
        month = month(now);
        spent = 0;
    }

    /** Counts what an answer, or an object of a stream, holds. */
    void charge(JsonNode answer) {
        turn();
        JsonNode data = answer.path("data");
        JsonNode includes = answer.path("includes");
        Stream<JsonNode> posts = Stream.of(
                        data.isArray() ? data.valueStream() : Stream.of(data),
                        includes.path("tweets").valueStream(),
                        includes.path("posts").valueStream())
                .flatMap(all -> all);
        charge("post", posts, prices.post());
        charge("user", includes.path("users").valueStream(), prices.user());
    }

    private void charge(String kind, Stream<JsonNode> objects, double price) {
        long count = objects.map(object -> object.path("id").asText())
                .filter(id -> XIds.parse(id).isPresent() && charged.add(kind + id)) // others may be of any length
                .count();
        spent += Math.round(count * price * MICROS);
    }

    boolean isSpent() {
        turn();
        return spent >= Math.round(prices.month() * MICROS);
    }

    /** The size of a page of a search that the rest of the budget pays for, within X's bounds. */
    int pageSize() {
        if (prices.post() == 0) return LARGEST_PAGE;
        double left = (prices.month() - spent / MICROS) / prices.post();
        return (int) Math.max(SMALLEST_PAGE, Math.min(LARGEST_PAGE, left));
    }

    XPosition writtenTo(XPosition position) {
        return position.withSpent(month, spent);
    }

    /** When the next month begins. */
    Instant nextMonth() {
        return month.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    /** What was spent and the limit, in a sentence. */
    String describe() {
        return String.format(Locale.ROOT, "%.2f of %.2f USD are spent in %s", spent / MICROS, prices.month(), month);
    }

    /**
     * What following posts costs, in a sentence.
     *
     * @param posts a month
     * @param expanded whether posts that they refer to, and authors, come with them
     */
    String estimate(long posts, boolean expanded) {
        String more = String.format(
                Locale.ROOT,
                " for these alone, and up to %.2f USD with the posts that they refer to and their authors",
                posts * (2 * prices.post() + prices.user()));
        return String.format(
                Locale.ROOT,
                "about %d posts a month, which cost about %.2f USD at %s USD a post%s; %s",
                posts,
                posts * prices.post(),
                prices.post(),
                expanded ? more : "",
                describe());
    }
}
