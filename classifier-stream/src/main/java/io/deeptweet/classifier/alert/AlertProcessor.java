// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.alert;

import io.deeptweet.classifier.window.FeedTime;
import io.deeptweet.classifier.window.FeedWindow;
import io.deeptweet.classifier.window.SentimentAggregate;
import io.deeptweet.classifier.window.WindowProcessor;
import io.deeptweet.schemas.Alert;
import io.deeptweet.schemas.AlertCondition;
import io.deeptweet.schemas.AlertState;
import io.deeptweet.schemas.AuditRecord;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.SentimentWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.DslKeyValueParams;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * Fires and clears alerts. Receives each update of a window, of a window of drift, and what is done to models. What has
 * fired is in a store, so that it is published exactly once.
 *
 * <p>Conditions on windows go by the time of the feed's tweets, as windows do; an update of a window that a later one
 * has followed decides nothing. Silence and lag go by the clock, and are looked at every second.
 */
public final class AlertProcessor implements Processor<String, SpecificRecord, String, Alert> {
    private static final String STATUS = "alerts";
    private static final String LATEST = "alert-latest";
    private static final String VOLUMES = "alert-volumes";

    private static final Duration LOOKED_AT_EVERY = Duration.ofSeconds(1);

    /**
     * What is looked at beside the stream.
     *
     * @param rules in force
     * @param lag records of {@code tweets.raw} that the application has not processed; empty if it is not known
     */
    public record Inputs(Rules rules, Supplier<OptionalLong> lag) {}

    /**
     * The windows in the stores.
     *
     * @param stores by size: the name of the store
     * @param published makes what is published of a window
     */
    public record Windows(Map<Duration, String> stores, Published published) {
        public Windows {
            stores = Map.copyOf(stores);
        }
    }

    /** Makes what is published of a window. */
    public interface Published {
        SentimentWindow of(FeedWindow window, Duration size, SentimentAggregate sum);
    }

    private final Inputs inputs;
    private final Windows windows;
    private ProcessorContext<String, Alert> context;
    private KeyValueStore<String, AlertStatus> status;
    private WindowHistory history;
    private long startedAtMs;

    private AlertProcessor(Inputs inputs, Windows windows) {
        this.inputs = inputs;
        this.windows = windows;
    }

    /** Returns a supplier of processors. The stores of the windows must be connected too. */
    public static ProcessorSupplier<String, SpecificRecord, String, Alert> of(
            Inputs inputs, Windows windows, DslStoreSuppliers stores) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, SpecificRecord, String, Alert> get() {
                return new AlertProcessor(inputs, windows);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(
                        Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(STATUS), Serdes.String(), AlertStatus.serde()),
                        Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(LATEST), Serdes.String(), Serdes.Long()),
                        Stores.keyValueStoreBuilder(
                                        stores.keyValueStore(new DslKeyValueParams(VOLUMES, false)),
                                        Serdes.String(),
                                        Volume.serde())
                                .withCachingEnabled());
            }
        };
    }

    @Override
    public void init(ProcessorContext<String, Alert> context) {
        this.context = context;
        status = context.getStateStore(STATUS);
        history = new WindowHistory(context.getStateStore(LATEST), context.getStateStore(VOLUMES));
        startedAtMs = context.currentSystemTimeMs();
        context.schedule(LOOKED_AT_EVERY, PunctuationType.WALL_CLOCK_TIME, this::lookByClock);
    }

    @Override
    public void process(Record<String, SpecificRecord> record) {
        if (record.value() instanceof SentimentWindow window) window(window, record.timestamp());
        else if (record.value() instanceof DriftWindow window) drift(window, record.timestamp());
        else if (record.value() instanceof AuditRecord done) done(done);
    }

    private void window(SentimentWindow window, long nowMs) {
        String feed = window.getFeed();
        Duration size = Duration.between(window.getStart(), window.getEnd());
        long start = window.getStart().toEpochMilli();
        Optional<Long> latest = history.latest(feed, size);
        if (latest.filter(later -> later > start).isPresent()) return;
        if (latest.filter(same -> same == start).isEmpty()) {
            Optional<SentimentWindow> ended = latest.flatMap(before -> stored(feed, size, before));
            ended.ifPresent(before -> ended(before, size, nowMs));
            history.begin(window, ended.map(SentimentWindow::getCount).orElse(0L));
        }
        rules(feed, rule -> rule.looksAt(size)).forEach(rule -> {
            if (window.getCount() < Math.max(1, rule.minimumCount())) return;
            if (rule.condition() == AlertCondition.NEGATIVE_SHARE) look(rule, nowMs, Finding.share(rule, window));
            else if (rule.condition() == AlertCondition.NEGATIVE_SHARE_CHANGE)
                stored(feed, size, start - rule.against().toMillis())
                        .filter(before -> before.getCount() >= Math.max(1, rule.minimumCount()))
                        .ifPresent(before -> look(rule, nowMs, Finding.change(rule, window, before)));
        });
    }

    /** A window that a later one follows: its volume is known. */
    private void ended(SentimentWindow window, Duration size, long nowMs) {
        String feed = window.getFeed();
        List<Rule> rules = rules(feed, rule -> rule.looksAt(size) && rule.condition() == AlertCondition.VOLUME);
        if (rules.isEmpty()) return;
        history.usual(feed, size, window.getStart())
                .ifPresent(usual -> rules.stream()
                        .filter(rule -> Math.max(window.getCount(), usual.mean()) >= rule.minimumCount())
                        .forEach(rule -> look(rule, nowMs, Finding.volume(rule, window, usual))));
    }

    private Optional<SentimentWindow> stored(String feed, Duration size, long startMs) {
        String name = windows.stores().get(size);
        if (name == null || startMs < 0) return Optional.empty();
        TimestampedKeyValueStore<FeedWindow, SentimentAggregate> store = context.getStateStore(name);
        FeedWindow key = new FeedWindow(feed, startMs);
        ValueAndTimestamp<SentimentAggregate> found = store.get(key);
        return Optional.ofNullable(found).map(sum -> windows.published().of(key, size, sum.value()));
    }

    private void drift(DriftWindow window, long nowMs) {
        boolean isOver = smallestSize()
                .flatMap(size -> history.latest(window.getFeed(), size))
                .filter(latest -> latest >= window.getEnd().toEpochMilli())
                .isPresent();
        if (isOver) return;
        rules(window.getFeed(), rule -> rule.condition() == AlertCondition.DRIFT)
                .forEach(rule -> look(rule, nowMs, Finding.drift(window)));
    }

    private void done(AuditRecord record) {
        // A time of the future would suppress alerts until then.
        long atMs = Math.max(0, Math.min(record.getAt().toEpochMilli(), context.currentSystemTimeMs()));
        Finding.model(record)
                .ifPresent(finding -> rules(rule -> rule.condition() == AlertCondition.MODEL)
                        .forEach(rule -> look(rule, atMs, finding)));
    }

    private List<Rule> rules(String feed, Predicate<Rule> chosen) {
        return rules(rule -> rule.watches(feed) && chosen.test(rule));
    }

    private List<Rule> rules(Predicate<Rule> chosen) {
        List<Rule> all = inputs.rules().all();
        return all.isEmpty() ? all : all.stream().filter(chosen).toList();
    }

    private void lookByClock(long nowMs) {
        Set<String> known = clearOfOtherRules(nowMs);
        List<Rule> silence = rules(rule -> rule.condition() == AlertCondition.SILENCE);
        if (!silence.isEmpty()) lastTweets().forEach((feed, lastMs) -> silence(silence, known, feed, lastMs, nowMs));
        // Lag is not by feed, so one task looks at it.
        if (context.taskId().partition() == 0)
            rules(rule -> rule.condition() == AlertCondition.LAG)
                    .forEach(rule -> inputs.lag().get().ifPresent(lag -> look(rule, nowMs, Finding.lag(rule, lag))));
    }

    /**
     * Looks for how long a feed is quiet. While the application was stopped, none was; but one that is silent stays so.
     *
     * @param known feeds that have a status; other feeds are skipped while they send tweets
     */
    private void silence(List<Rule> rules, Set<String> known, String feed, long lastMs, long nowMs) {
        boolean isKnown = known.contains(feed);
        long quietMs = nowMs - Math.max(lastMs, startedAtMs);
        for (Rule rule : rules) {
            if (!rule.watches(feed) || !isKnown && quietMs < rule.duration().toMillis()) continue;
            AlertStatus before = status.get(key(rule.name(), Optional.of(feed)));
            boolean stays = before != null && before.isActive() && lastMs < before.firedAtMs();
            look(rule, nowMs, Finding.silence(rule, feed, stays ? nowMs - lastMs : quietMs, lastMs));
        }
    }

    private Optional<Duration> smallestSize() {
        return windows.stores().keySet().stream().min(Duration::compareTo);
    }

    /** When the feeds of this task had their last tweets, by the clock. */
    private Map<String, Long> lastTweets() {
        Map<String, Long> last = new HashMap<>();
        if (smallestSize().isEmpty()) return last;
        KeyValueStore<String, FeedTime> times = context.getStateStore(
                WindowProcessor.timesOf(windows.stores().get(smallestSize().get())));
        try (KeyValueIterator<String, FeedTime> all = times.all()) {
            all.forEachRemaining(feed -> last.put(feed.key, feed.value.seenAtMs()));
        }
        return last;
    }

    /**
     * Clears the alerts of rules that were removed or changed, which can never clear by their condition. Returns the
     * feeds that have a status of a rule.
     */
    private Set<String> clearOfOtherRules(long nowMs) {
        Set<String> feeds = new HashSet<>();
        Map<String, Rule> rules = inputs.rules().all().stream().collect(Collectors.toMap(Rule::name, rule -> rule));
        List<KeyValue<String, AlertStatus>> others = new ArrayList<>();
        try (KeyValueIterator<String, AlertStatus> all = status.all()) {
            all.forEachRemaining(entry -> {
                String[] names = entry.key.split("/", 2);
                if (names.length > 1) feeds.add(names[1]);
                Rule rule = rules.get(names[0]);
                if (rule == null || !entry.value.isOf(rule)) others.add(entry);
            });
        }
        for (KeyValue<String, AlertStatus> entry : others) {
            status.delete(entry.key);
            if (!entry.value.isActive()) continue;
            String[] names = entry.key.split("/", 2);
            Finding finding = Finding.ruleIsGone(names.length > 1 ? Optional.of(names[1]) : Optional.empty());
            forward(names[0], 0, AlertState.CLEARED, entry.value, nowMs, finding);
        }
        return feeds;
    }

    private void look(Rule rule, long nowMs, Finding finding) {
        String key = key(rule.name(), finding.feed());
        AlertStatus before = Optional.ofNullable(status.get(key)).orElse(AlertStatus.start(rule));
        if (!before.isOf(rule)) return; // what has fired clears first
        AlertStatus after = before.next(finding.holds(), nowMs, rule);
        if (after.equals(before)) return;
        status.put(key, after);
        if (after.isActive() && !before.isActive())
            forward(rule.name(), rule.threshold(), AlertState.FIRED, after, nowMs, finding);
        else if (before.isActive() && !after.isActive())
            forward(rule.name(), rule.threshold(), AlertState.CLEARED, before, nowMs, finding);
    }

    private void forward(String rule, double threshold, AlertState state, AlertStatus of, long nowMs, Finding finding) {
        Alert alert = new Alert(
                rule,
                finding.feed().orElse(null),
                of.condition(),
                state,
                Instant.ofEpochMilli(of.firedAtMs()),
                Instant.ofEpochMilli(nowMs),
                finding.value().isPresent() ? finding.value().getAsDouble() : null,
                threshold,
                finding.count(),
                finding.start().orElse(null),
                finding.end().orElse(null),
                finding.reason());
        context.forward(new Record<>(key(rule, finding.feed()), alert, Math.max(0, nowMs)));
    }

    /** Returns the key of an alert's records. */
    public static String key(String rule, Optional<String> feed) {
        return feed.map(name -> rule + "/" + name).orElse(rule);
    }
}
