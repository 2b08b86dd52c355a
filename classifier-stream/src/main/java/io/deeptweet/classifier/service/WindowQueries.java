// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.SentimentTopology;
import io.deeptweet.classifier.model.ModelReferences;
import io.deeptweet.classifier.stream.SentimentStream;
import io.deeptweet.classifier.stream.SentimentStream.Holder;
import io.deeptweet.classifier.window.StoredWindows;
import io.deeptweet.classifier.window.StoredWindows.StoredWindow;
import io.deeptweet.classifier.window.UnavailableException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Windows of all feeds, wherever their stores are: this instance answers for what it holds, and asks the others for the
 * rest. While stores move in a rebalance, it tries again for a short time. Thread-safe.
 */
@Singleton
class WindowQueries {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ClassifierSettings settings;
    private final ClassifierState state;
    private final ModelReferences references;
    private final OtherServices others;

    @Inject
    WindowQueries(
            ClassifierSettings settings, ClassifierState state, ModelReferences references, OtherServices others) {
        this.settings = settings;
        this.state = state;
        this.references = references;
        this.others = others;
    }

    /** The body of an answer; {@code next} is null where there is no more. */
    record Page(List<WindowAnswer> windows, String next) {}

    /**
     * Who asks.
     *
     * @param partitions that an instance asks this one for, which must answer at once for these alone; empty for all
     * @param authorization the client's credentials, to ask other instances with
     */
    record Asker(Set<Integer> partitions, Optional<String> authorization) {}

    /**
     * The newest window of each feed, by name.
     *
     * @param after feeds up to this name are left out; empty for none
     * @throws UnavailableException if a store is with no instance that answers
     */
    List<WindowAnswer> newest(Duration size, String after, int limit, Asker asker) {
        if (!asker.partitions().isEmpty()) return local(size, asker.partitions(), after, limit);
        return patiently(() -> {
            Map<String, Set<Integer>> byInstance = holders(size).stream()
                    .collect(Collectors.groupingBy(
                            Holder::address, Collectors.mapping(Holder::partition, Collectors.toSet())));
            List<WindowAnswer> all = new ArrayList<>();
            byInstance.forEach((instance, partitions) -> all.addAll(
                    isThis(instance)
                            ? local(size, partitions, after, limit)
                            : ask(
                                            instance,
                                            "/windows?size=" + size + "&limit=" + limit + "&after=" + after,
                                            partitions,
                                            asker)
                                    .orElseThrow(() -> new UnavailableException(instance + " answers 404"))));
            return all.stream()
                    .sorted(Comparator.comparing(WindowAnswer::feed))
                    .limit(limit)
                    .toList();
        });
    }

    /**
     * Which windows of a feed are wanted.
     *
     * @param from first start; empty for the last windows before {@code to}
     * @param to windows that start at this time or later are left out; empty for none
     * @param words whether with words and examples
     */
    record Range(Optional<Instant> from, Optional<Instant> to, int limit, boolean words) {}

    /**
     * Windows of a feed in the order of time; empty if there is no such feed.
     *
     * @throws UnavailableException if the store is with no instance that answers
     */
    Optional<List<WindowAnswer>> of(String feed, Duration size, Range range, Asker asker) {
        if (!asker.partitions().isEmpty())
            return local(size, feed, asker.partitions().iterator().next(), range);
        return patiently(() -> {
            Holder holder = stream()
                    .holder(SentimentTopology.storeOf(size), feed)
                    .orElseThrow(() -> new UnavailableException("no instance holds the feed's windows now"));
            if (isThis(holder.address())) return local(size, feed, holder.partition(), range);
            String path = "/windows/" + feed + "?size=" + size + "&limit=" + range.limit() + "&words=" + range.words()
                    + range.from().map(time -> "&from=" + time).orElse("")
                    + range.to().map(time -> "&to=" + time).orElse("");
            return ask(holder.address(), path, Set.of(holder.partition()), asker);
        });
    }

    private Optional<List<WindowAnswer>> ask(String instance, String path, Set<Integer> partitions, Asker asker) {
        String numbers = partitions.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
        return others.get(instance, path + "&partitions=" + numbers, asker.authorization(), Page.class)
                .map(Page::windows);
    }

    private <T> T patiently(Supplier<T> query) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return query.get();
            } catch (UnavailableException e) {
                if (!e.isTemporary() || System.nanoTime() > deadline) throw e;
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("the service stops");
        }
    }

    /** Who holds each partition of the windows, every partition once. */
    private List<Holder> holders(Duration size) {
        List<Holder> holders = stream()
                .holders(SentimentTopology.storeOf(size), SentimentTopology.repartitionTopic(settings.applicationId()));
        Set<Integer> missing = IntStream.range(0, settings.window().partitions())
                .boxed()
                .collect(Collectors.toCollection(HashSet::new));
        holders.forEach(holder -> missing.remove(holder.partition()));
        if (!missing.isEmpty()) throw new UnavailableException("no instance holds the windows of some feeds now");
        return holders;
    }

    private boolean isThis(String instance) {
        return instance.equals(settings.address());
    }

    private List<WindowAnswer> local(Duration size, Set<Integer> partitions, String after, int limit) {
        return answers(size, stored(size).newest(partitions, after, limit), false);
    }

    private Optional<List<WindowAnswer>> local(Duration size, String feed, int partition, Range range) {
        return stored(size)
                .of(
                        feed,
                        partition,
                        range.from().map(Instant::toEpochMilli).orElse(0L),
                        range.to().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE),
                        range.limit(),
                        range.from().isPresent())
                .map(windows -> answers(size, windows, range.words()));
    }

    private StoredWindows stored(Duration size) {
        return new StoredWindows(
                stream().streams(), SentimentTopology.storeOf(size), StreamFactory.times(settings, size));
    }

    private SentimentStream stream() {
        return state.stream().orElseThrow(() -> new UnavailableException("the stream has not started"));
    }

    private List<WindowAnswer> answers(Duration size, List<StoredWindow> windows, boolean words) {
        int tenths = StreamFactory.uncertainTenths(settings.drift());
        return windows.stream()
                .map(window -> WindowAnswer.of(
                        window.sum()
                                .window(
                                        window.window(),
                                        size,
                                        references.correction(window.sum().versions()),
                                        tenths,
                                        window.closed()),
                        words))
                .toList();
    }
}
