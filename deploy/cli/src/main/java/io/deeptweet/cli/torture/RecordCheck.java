// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import io.deeptweet.schemas.TrainingRound;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares what came out with what was sent. */
final class RecordCheck {
    private static final int SHOWN = 8;

    private final SentRecords sent;
    private final Outcome outcome;
    private final List<String> differences = new ArrayList<>();

    private RecordCheck(SentRecords sent, Outcome outcome) {
        this.sent = sent;
        this.outcome = outcome;
    }

    /**
     * What differs, in sentences with the first ids; empty if every record is accounted for.
     *
     * @param newLabels how many labels the trainer has that no round has consumed
     */
    static List<String> differences(SentRecords sent, Outcome outcome, int newLabels) {
        RecordCheck check = new RecordCheck(sent, outcome);
        check.tweets();
        check.replayed("on tweets.raw", outcome.replayed());
        check.replayed("scored", outcome.replayedScored());
        check.windows();
        check.rejected("invalid records that were posted", SentRecords.INVALID, sent.invalid.get());
        check.rejected("invalid records on tweets.raw", SentRecords.GARBAGE, sent.garbage.get());
        check.rejected("invalid records on tweets.labeled", SentRecords.SPOILED, sent.spoiled.get());
        check.rounds(newLabels);
        check.report("records that were never sent came out", outcome.unknown());
        return check.differences;
    }

    private void tweets() {
        int count = sent.tweets.get();
        Counts published = outcome.published();
        Counts scored = outcome.scored();
        report(
                "tweets were acknowledged and are not on tweets.raw",
                published.numbers(count, n -> n == 0),
                SentRecords::id);
        report(
                "tweets are on tweets.raw and were not scored",
                filter(scored.numbers(count, n -> n == 0), number -> published.of(number) > 0),
                SentRecords::id);
        int[] doubled = scored.numbers(Math.max(count, scored.end()), n -> n > 1);
        report(
                "tweets are on tweets.raw once and were scored more often",
                filter(doubled, number -> published.of(number) <= 1),
                SentRecords::id);
        report(
                "tweets are on tweets.raw more than once, because a request was repeated, and were scored more often",
                filter(doubled, number -> published.of(number) > 1),
                SentRecords::id);
    }

    private void replayed(String where, Counts counts) {
        report(
                "lines of the replayed file are not " + where,
                counts.numbers(sent.replayed, n -> n == 0),
                SentRecords::replayedId);
        report(
                "lines of the replayed file are more than once " + where,
                counts.numbers(Math.max(sent.replayed, counts.end()), n -> n > 1),
                SentRecords::replayedId);
    }

    private void windows() {
        Map<Outcome.WindowKey, Long> expected = outcome.expectedWindows();
        Map<Outcome.WindowKey, Long> counted = outcome.countedWindows();
        Set<Outcome.WindowKey> all = Stream.of(expected, counted)
                .flatMap(windows -> windows.keySet().stream())
                .collect(Collectors.toSet());
        report(
                "windows count other tweets than those scored",
                all.stream()
                        .filter(key -> !expected.getOrDefault(key, 0L).equals(counted.getOrDefault(key, 0L)))
                        .map(key -> key + " counts " + counted.getOrDefault(key, 0L) + " of "
                                + expected.getOrDefault(key, 0L))
                        .sorted()
                        .toList());
    }

    /** One that was posted in a request that was repeated may be rejected twice: it has no id. */
    private void rejected(String what, String prefix, int count) {
        Counts rejected = outcome.rejected(prefix);
        IntFunction<String> name = number -> prefix + number;
        report(what + " were not rejected", rejected.numbers(count, n -> n == 0), name);
        boolean repeatable = prefix.equals(SentRecords.INVALID);
        report(
                what + " were rejected more than once",
                filter(rejected.numbers(count, n -> n > 1), number -> !(repeatable && sent.wasRepeated(number))),
                name);
    }

    private void rounds(int newLabels) {
        List<TrainingRound> rounds =
                outcome.rounds().values().stream().flatMap(List::stream).toList();
        report(
                "rounds were recorded more than once",
                outcome.rounds().entrySet().stream()
                        .filter(round -> round.getValue().size() > 1)
                        .map(round -> "round " + round.getKey())
                        .toList());
        List<String> missing = new ArrayList<>();
        for (int number = 1; number <= rounds.size(); number++)
            if (!outcome.rounds().containsKey(number)) missing.add("round " + number);
        report("rounds are missing", missing);
        Map<String, Long> before = new HashMap<>();
        List<String> again = new ArrayList<>();
        for (TrainingRound round : rounds)
            round.getConsumed().forEach((partition, offset) -> {
                if (offset < before.getOrDefault(partition, 0L))
                    again.add("round " + round.getNumber() + " ends before offset " + before.get(partition)
                            + " of partition " + partition);
                before.put(partition, offset);
            });
        report("rounds consumed labels that an earlier one had consumed", again);
        int consumed = rounds.stream().mapToInt(TrainingRound::getLabels).sum();
        if (consumed + newLabels != sent.labels.get())
            differences.add(sent.labels.get() + " labels were sent, but rounds consumed " + consumed + " and "
                    + newLabels + " wait");
    }

    private void report(String what, int[] numbers, IntFunction<String> name) {
        report(what, Arrays.stream(numbers).mapToObj(name).toList());
    }

    private void report(String what, List<String> which) {
        if (which.isEmpty()) return;
        differences.add(which.size() + " " + what + ": "
                + which.stream().limit(SHOWN).collect(Collectors.joining(", "))
                + (which.size() > SHOWN ? ", …" : ""));
    }

    private static int[] filter(int[] numbers, IntPredicate wanted) {
        return Arrays.stream(numbers).filter(wanted).toArray();
    }
}
