// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.source.Interruption;
import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.ingest.source.SourceMonitor;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.ingest.source.live.XPosition.Gap;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.service.file.RawRecord;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Follows posts of X by the filtered stream of its API v2, or searches for them at intervals. A post's author is the
 * user name, or the user's id if X is not asked for names.
 *
 * <p>What the stream misses while it is interrupted is searched. X charges for posts: at the month's limit, the source
 * disconnects until the next month.
 *
 * @see <a href="https://docs.x.com/x-api/posts/filtered-stream/introduction">Filtered stream</a>
 */
public final class XSource implements TweetSource {
    private static final Logger LOG = Logger.getLogger(XSource.class);
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);
    private static final int FIRST_OF_SERVER = 500;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY_REQUESTS = 429;

    private final String name;
    private final XOptions options;
    private final LanguageDetector languages;
    private final Clock clock;
    private final HttpClient client;

    /** @param name the source's name in the settings */
    public XSource(String name, XOptions options, LanguageDetector languages, Clock clock) {
        this.name = name;
        this.options = options;
        this.languages = languages;
        this.clock = clock;
        this.client = XApi.client(options);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String describe() {
        return options.toString();
    }

    @Override
    public String describe(String position) {
        return position.isEmpty()
                ? "nothing"
                : "the posts up to " + XIds.time(XPosition.parse(position).newest());
    }

    /** What was spent in the month stays: otherwise each new start would have the whole limit. */
    @Override
    public String restart(String position) {
        if (position.isEmpty()) return "";
        try {
            return XPosition.parse(position).restarted(clock.instant()).toString();
        } catch (IllegalArgumentException e) {
            return ""; // another kind of source had the name
        }
    }

    @Override
    public Optional<String> fixedFeeds() {
        return options.rulesOfFeeds()
                ? Optional.of("source " + name + " takes the posts of the rules of its feeds in the settings: set"
                        + " deeptweet.sources." + name + ".x.rule to add feeds while it runs")
                : Optional.empty();
    }

    @Override
    public void run(SourceOutput output, String position) throws IOException, InterruptedException {
        XPosition start = position.isEmpty() ? XPosition.start(clock.instant()) : XPosition.parse(position);
        Run run = new Run(output, start, !position.isEmpty());
        while (true) {
            try {
                run.awaitBudget();
                if (options.search()) run.search();
                else run.stream();
            } catch (LiveException e) {
                run.failed(e);
            }
        }
    }

    private static boolean isLasting(LiveException refusal) {
        return refusal.kind() == Kind.REFUSED
                && refusal.status() != 0
                && refusal.status() != TOO_MANY_REQUESTS
                && refusal.status() < FIRST_OF_SERVER;
    }

    /** What is kept from one connection to the next. */
    private final class Run {
        private final XApi api = new XApi(options, client);
        private final XRules rules = new XRules(name, options, api);
        private final SourceMonitor monitor;
        private final XTweets tweets;
        private final Retries retries;
        /** Whether posts may have been missed since the position. */
        private boolean continues;

        private boolean prepared;
        private Instant nextFill = Instant.EPOCH;
        /** Of the search's page that comes next. */
        private Optional<String> nextPage = Optional.empty();

        private Optional<Gap> searched = Optional.empty();

        Run(SourceOutput output, XPosition start, boolean continues) {
            monitor = output.monitor();
            tweets = new XTweets(output, options, start, languages, clock);
            retries = new Retries(name, monitor, new XPauses(options.times().waits()), clock);
            this.continues = continues;
        }

        /** If the month's budget is spent, waits for the next month. Its posts are not made up for. */
        void awaitBudget() throws InterruptedException {
            if (!tweets.budget().isSpent()) return;
            Instant next = tweets.budget().nextMonth();
            String detail = tweets.budget().describe() + ", so X is not asked for posts until " + next;
            LOG.warnf("source %s: %s", name, detail);
            monitor.event("budget_spent");
            monitor.interrupted(new Interruption(Kind.RATE_LIMITED, detail, next));
            for (Duration left = left(next); !left.isNegative() && !left.isZero(); left = left(next))
                Thread.sleep(Math.min(left.toMillis() + 1, LONGEST_SLEEP.toMillis()));
            tweets.skipTo(clock.instant());
            continues = false;
        }

        void failed(LiveException failure) throws InterruptedException {
            if (failure.status() == CONFLICT) prepared = false; // the stream has no rules any more
            retries.failed(failure);
        }

        private Duration left(Instant time) {
            return Duration.between(clock.instant(), time);
        }

        /** Follows the stream until the budget is spent; otherwise it ends by an exception. */
        void stream() throws IOException, InterruptedException {
            if (!prepared) rules.set(tweets.budget());
            prepared = true;
            try (HttpLines lines = api.stream(continues ? options.backfillMinutes() : 0)) {
                connected();
                LOG.infof("source %s follows %s", name, options);
                for (boolean first = true; !tweets.budget().isSpent(); first = false) {
                    RawRecord line = lines.next();
                    if (first) retries.succeeded();
                    if (!line.isBlank()) tweets.take(line, rules::match); // otherwise it is a heartbeat
                    fill();
                }
            }
        }

        private void connected() {
            Instant now = clock.instant();
            long since = tweets.missedSince();
            Duration missed = Duration.between(XIds.time(tweets.newest()), now);
            boolean repeats = missed.compareTo(Duration.ofMinutes(options.backfillMinutes())) < 0;
            if (continues && !repeats) tweets.miss(since, now);
            else if (!continues) tweets.upTo(now);
            continues = true;
        }

        /** Searches what the stream has missed, for some time. */
        private void fill() throws IOException, InterruptedException {
            if (clock.instant().isBefore(nextFill)) return;
            Instant end = clock.instant().plus(options.times().slice());
            try {
                while (clock.instant().isBefore(end) && !tweets.budget().isSpent() && searchPage()) {
                    // the next page
                }
                nextFill = clock.instant().plus(options.times().slice());
            } catch (LiveException e) {
                if (isLasting(e)) tweets.lose(e.getMessage());
                else LOG.warnf("source %s: searches later for the posts that were missed: %s", name, e.getMessage());
                Instant later = clock.instant().plus(options.times().waits().limited());
                nextFill = e.notBefore().filter(later::isBefore).orElse(later);
            }
        }

        /** Returns whether there was a gap to search. */
        private boolean searchPage() throws IOException, InterruptedException {
            Optional<Gap> gap = tweets.searchable();
            if (gap.isEmpty()) return false;
            boolean goesOn = nextPage.isPresent()
                    && searched.filter(before -> before.since() == gap.get().since())
                            .isPresent();
            if (!goesOn) {
                searched = gap; // X's token belongs to the parameters of the first page
                nextPage = Optional.empty();
            }
            JsonNode page = api.search(searched.get(), tweets.budget().pageSize(), nextPage);
            nextPage = tweets.take(page, gap.get());
            return true;
        }

        /** Searches for what came since the last search, and waits. */
        void search() throws IOException, InterruptedException {
            if (!prepared) rules.logCost(options.rules(), tweets.budget());
            prepared = true;
            Instant until = clock.instant().minus(options.times().indexed());
            long since = Math.max(0, tweets.newest() - 1);
            if (!continues) since = Long.MAX_VALUE; // posts count from now on
            tweets.miss(since, until);
            tweets.upTo(until);
            continues = true;
            while (!tweets.budget().isSpent() && searchPage()) {
                // the next page
            }
            retries.succeeded();
            if (!tweets.budget().isSpent()) Thread.sleep(options.interval().toMillis());
        }
    }
}
