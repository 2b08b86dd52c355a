// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.control;

import io.deeptweet.ingest.control.FeedRefusedException.Kind;
import io.deeptweet.ingest.control.LiveFeeds.Known;
import io.deeptweet.ingest.feed.FeedRegistry;
import io.deeptweet.ingest.feed.FeedStatus;
import io.deeptweet.schemas.FeedDefinition;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.definition.DefinitionChanges;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * Changes the feeds of live sources, on request. A change is made once Kafka has acknowledged it and this instance has
 * applied it. One change is made at a time. Thread-safe.
 */
public final class FeedControl {
    private static final Logger LOG = Logger.getLogger(FeedControl.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Each holds a thread. */
    private static final int MOST_WAITING = 8;

    private final DefinitionChanges<FeedDefinition> changes;
    private final LiveFeeds feeds;
    private final FeedRegistry registry;
    private final Clock clock;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final Semaphore working = new Semaphore(1, true);

    public FeedControl(DefinitionChanges<FeedDefinition> changes, LiveFeeds feeds, FeedRegistry registry, Clock clock) {
        this.changes = changes;
        this.feeds = feeds;
        this.registry = registry;
        this.clock = clock;
    }

    /**
     * A feed after a request.
     *
     * @param changed whether the request has changed something
     */
    public record Result(FeedStatus feed, boolean changed) {}

    private interface Action {
        Result run() throws FeedRefusedException, InterruptedException;
    }

    /** Adds a feed, unless it is there already. */
    public Result add(DefinedFeed feed) throws FeedRefusedException {
        return alone(() -> {
            requireSource(feed);
            requireNoSetting(feed.name(), "give the new one another name");
            Optional<Known> known = feeds.find(feed.name());
            if (known.filter(same -> same.definition().isSameAs(feed)).isPresent())
                return new Result(status(feed.name()), false);
            if (known.isPresent())
                throw new FeedRefusedException(
                        Kind.CONFLICT, "there is another feed " + feed.name() + ": replace or remove it");
            if (feeds.isFull())
                throw new FeedRefusedException(
                        Kind.CONFLICT, "there are " + LiveFeeds.MOST + " feeds already: remove one");
            return define(feed);
        });
    }

    /** Replaces the definition of a feed, which stays paused if it is. */
    public Result replace(DefinedFeed feed) throws FeedRefusedException {
        return alone(() -> {
            requireSource(feed);
            requireNoSetting(feed.name(), "change the setting");
            Known known = find(feed.name());
            return define(feed.paused(known.definition().paused()));
        });
    }

    /** Pauses a feed, or resumes it. */
    public Result pause(String name, boolean whether) throws FeedRefusedException {
        return alone(() -> {
            if (feeds.isReplay(name)) throw configured(name, "only feeds of live sources can be paused");
            Known known = find(name);
            if (known.fault().isPresent())
                throw new FeedRefusedException(
                        Kind.CONFLICT,
                        "the feed " + name + " cannot run: " + known.fault().get());
            if (known.definition().paused() == whether) return new Result(status(name), false);
            DefinedFeed changed = known.definition().paused(whether);
            write(name, known.configured() && !whether ? Optional.empty() : Optional.of(record(changed, known)));
            return new Result(status(name), true);
        });
    }

    /** Removes a feed. */
    public void remove(String name) throws FeedRefusedException {
        var unused = alone(() -> {
            requireNoSetting(name, "remove the setting");
            FeedStatus last = find(name).active().status();
            write(name, Optional.empty());
            return new Result(last, true);
        });
    }

    private Result define(DefinedFeed feed) throws FeedRefusedException, InterruptedException {
        write(feed.name(), Optional.of(feed.record(false, clock.instant())));
        if (feeds.find(feed.name())
                .filter(now -> now.definition().isSameAs(feed))
                .isEmpty())
            throw new FeedRefusedException(
                    Kind.CONFLICT, "the feed " + feed.name() + " was changed by another request at the same time");
        return new Result(status(feed.name()), true);
    }

    private FeedDefinition record(DefinedFeed feed, Known known) {
        return feed.record(known.configured(), clock.instant());
    }

    private void requireSource(DefinedFeed feed) throws FeedRefusedException {
        if (!feeds.hasSource(feed.source()))
            throw new FeedRefusedException(
                    Kind.INVALID,
                    "source is " + UntrustedText.quoted(feed.source())
                            + ": use bluesky, or the name of a source in deeptweet.sources");
        Optional<String> fixed = feeds.fixedFeeds(feed.source());
        if (fixed.isPresent()) throw new FeedRefusedException(Kind.CONFLICT, fixed.get());
    }

    private void requireNoSetting(String name, String advice) throws FeedRefusedException {
        if (feeds.isReplay(name) || feeds.find(name).filter(Known::configured).isPresent())
            throw configured(name, advice);
    }

    private static FeedRefusedException configured(String name, String advice) {
        return new FeedRefusedException(Kind.CONFLICT, "the settings define the feed " + name + ": " + advice);
    }

    private Known find(String name) throws FeedRefusedException {
        return feeds.find(name).orElseThrow(() -> unknown(name));
    }

    private FeedStatus status(String name) throws FeedRefusedException {
        return registry.status(name).orElseThrow(() -> unknown(name));
    }

    private static FeedRefusedException unknown(String name) {
        return new FeedRefusedException(Kind.UNKNOWN, "no live source has a feed " + UntrustedText.quoted(name));
    }

    private void write(String name, Optional<FeedDefinition> definition)
            throws FeedRefusedException, InterruptedException {
        long offset;
        try {
            offset = changes.write(name, definition);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.errorf("Kafka did not acknowledge a change of the feed %s: %s", name, e.getMessage());
            throw new FeedRefusedException(
                    Kind.UNAVAILABLE, "Kafka did not acknowledge the change of the feed " + name);
        }
        if (!changes.awaitApplied(offset, PATIENCE))
            throw new FeedRefusedException(
                    Kind.UNAVAILABLE,
                    "Kafka has the change of the feed " + name + ", but ingest has not applied it yet: see GET /feeds");
    }

    /** Runs one action at a time: each looks at what the last one has left. */
    private Result alone(Action action) throws FeedRefusedException {
        if (!waiting.tryAcquire()) throw new FeedRefusedException(Kind.UNAVAILABLE, "too many changes wait for Kafka");
        try {
            if (!working.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                throw new FeedRefusedException(Kind.UNAVAILABLE, "another change waits for Kafka");
            try {
                return action.run();
            } finally {
                working.release();
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            waiting.release();
        }
    }
}
