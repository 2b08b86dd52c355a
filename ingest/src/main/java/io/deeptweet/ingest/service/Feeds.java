package io.deeptweet.ingest.service;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedIntake;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.publish.TweetPublisher;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.schemas.reject.Rejection;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/** The feeds of this instance: those that have a source, each on a thread of its own, and those that tweets are pushed to. */
@Singleton
@Path("/feeds")
public class Feeds implements FeedIntake.Observer {
  private static final Logger LOG = Logger.getLogger(Feeds.class);
  /** Feeds that strangers may create by naming them; each has metrics of its own. */
  private static final int MOST_FEEDS = 1000;

  private final MeterRegistry meters;
  private final Map<String, Running> feeds = new ConcurrentSkipListMap<>();

  @Inject
  Feeds(MeterRegistry meters) {
    this.meters = meters;
  }

  /**
   * What a feed does.
   *
   * @param source where its tweets come from; {@code push} if they are pushed
   * @param state {@code running}, {@code finished} or {@code failed}
   * @param read records read: published, filtered, rejected, and those on their way to Kafka
   * @param published tweets that Kafka has acknowledged
   * @param filtered tweets left out for their language
   * @param rejected records on {@code tweets.rejected}
   * @param detail why it failed; empty if it did not
   */
  public record FeedStatus(String feed, String source, String state, long read, long published, long filtered, long rejected, String detail) {}

  private static final class Running {
    final FeedIntake intake;
    final String source;
    volatile String state = "running";
    volatile String detail = "";

    Running(FeedIntake intake, String source) {
      this.intake = intake;
      this.source = source;
    }
  }

  /** Runs a source until it has no more, on a thread of its own. */
  void start(Feed feed, TweetSource source, TweetPublisher publisher) {
    Running running = new Running(new FeedIntake(feed, publisher, this), source.describe());
    feeds.put(feed.name(), running);
    Thread thread = new Thread(() -> run(feed, source, running), "feed-" + feed.name());
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Feed feed, TweetSource source, Running running) {
    try {
      LOG.infof("feed %s reads %s", feed.name(), source.describe());
      source.run(running.intake);
      running.state = "finished";
      LOG.infof("feed %s is at its end: %d read, %d published, %d filtered by language, %d rejected",
          feed.name(), running.intake.read(), running.intake.published(), running.intake.filtered(), running.intake.rejected());
    } catch (IOException | RuntimeException e) {
      if (e instanceof InterruptException) return; // stopping
      running.detail = String.valueOf(e.getMessage());
      running.state = "failed";
      LOG.errorf("feed %s failed: %s", feed.name(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The intake of a feed that tweets are pushed to.
   *
   * @throws IllegalArgumentException if there may be no such feed
   */
  FeedIntake pushed(String name, LanguageFilter languages, TweetPublisher publisher) {
    if (!feeds.containsKey(name) && feeds.size() >= MOST_FEEDS) throw new IllegalArgumentException("there are " + MOST_FEEDS + " feeds already: use one of them");
    return feeds.computeIfAbsent(name, absent -> new Running(new FeedIntake(new Feed(name, languages), publisher, this), "push")).intake;
  }

  /** All feeds, by name. */
  @GET
  public List<FeedStatus> list() {
    Collection<Map.Entry<String, Running>> all = feeds.entrySet();
    return all.stream().map(entry -> {
      Running feed = entry.getValue();
      FeedIntake intake = feed.intake;
      // State first: a feed that is finished has the counts that follow.
      String state = feed.state;
      return new FeedStatus(entry.getKey(), feed.source, state, intake.read(), intake.published(), intake.filtered(), intake.rejected(), feed.detail);
    }).toList();
  }

  @Override
  public void published(String feed) {
    meters.counter("deeptweet.ingested", "feed", feed).increment();
  }

  @Override
  public void filtered(String feed) {
    meters.counter("deeptweet.filtered", "feed", feed).increment();
  }

  @Override
  public void rejected(String feed, Rejection.Reason reason) {
    meters.counter("deeptweet.rejected", "feed", feed, "reason", reason.code()).increment();
  }
}
