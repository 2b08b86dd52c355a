// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far a source has followed X, and what it has spent. X sends posts some seconds late and not quite in their order,
 * so what is missed is searched from {@link #OVERLAP} before the newest post on, and the posts of that time are
 * remembered.
 *
 * @param month of {@code spent}, in UTC
 * @param spent in millionths of a US dollar
 * @param newest the largest id that was received; what precedes it was received, or is in a gap
 * @param gaps what is still to be searched, in their order; {@value #MOST_GAPS} at most
 * @param seen the posts of the last {@link #OVERLAP} before {@code newest}, {@value #MOST_SEEN} at most
 */
record XPosition(YearMonth month, long spent, long newest, List<Gap> gaps, List<Long> seen) {
    static final Duration OVERLAP = Duration.ofSeconds(30);

    private static final int MOST_SEEN = 1_000;
    private static final int MOST_GAPS = 20;
    private static final Pattern FORMAT = Pattern.compile(
            "month=(\\d{4}-(?:0[1-9]|1[0-2])) spent=(\\d{1,19}) newest=(\\d{1,19}) gaps=([0-9,-]*) seen=([0-9,]*)");
    private static final Pattern GAP = Pattern.compile("(\\d{1,19})-(\\d{1,19})");

    /** Posts that were missed: those with ids greater than {@code since} and less than {@code until}. */
    record Gap(long since, long until) {
        @Override
        public String toString() {
            return since + "-" + until;
        }
    }

    XPosition {
        gaps = List.copyOf(gaps);
        seen = List.copyOf(seen);
    }

    /** The position of a source that begins now. */
    static XPosition start(Instant now) {
        return new XPosition(XBudget.month(now), 0, XIds.at(now), List.of(), List.of());
    }

    /** The position of a source that begins anew: only what was spent counts. */
    XPosition restarted(Instant now) {
        return new XPosition(month, spent, XIds.at(now), List.of(), List.of());
    }

    /**
     * A position that {@link #toString} wrote.
     *
     * @throws IllegalArgumentException if it is another text
     */
    static XPosition parse(String position) {
        Matcher matcher = FORMAT.matcher(position);
        if (!matcher.matches()) throw new IllegalArgumentException("\"" + position + "\" is not a position in X");
        return new XPosition(
                YearMonth.parse(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                GAP.matcher(matcher.group(4))
                        .results()
                        .map(gap -> new Gap(Long.parseLong(gap.group(1)), Long.parseLong(gap.group(2))))
                        .toList(),
                Stream.of(matcher.group(5).split(","))
                        .filter(id -> id.matches("\\d{1,19}"))
                        .map(Long::valueOf)
                        .toList());
    }

    /** After a post. */
    XPosition after(long id) {
        long largest = Math.max(newest, id);
        long oldest = overlapBefore(largest);
        if (id < oldest) return this;
        List<Long> all = new ArrayList<>(seen.size() + 1);
        for (long one : seen) if (one >= oldest) all.add(one);
        all.add(id);
        return new XPosition(month, spent, largest, gaps, all.subList(Math.max(0, all.size() - MOST_SEEN), all.size()));
    }

    /** With everything up to a time as received, except for the gaps. */
    XPosition upTo(Instant time) {
        return new XPosition(month, spent, Math.max(newest, XIds.at(time)), gaps, seen);
    }

    XPosition withSpent(YearMonth of, long micros) {
        return new XPosition(of, micros, newest, gaps, seen);
    }

    XPosition withGaps(List<Gap> others) {
        return new XPosition(month, spent, newest, others, seen);
    }

    /** With another gap, which is later than the others. */
    XPosition withGap(Gap gap) {
        List<Gap> all = new ArrayList<>(gaps);
        boolean touches =
                !all.isEmpty() && gap.since() <= all.get(all.size() - 1).until();
        if (touches || all.size() == MOST_GAPS) {
            Gap last = all.remove(all.size() - 1);
            all.add(new Gap(Math.min(last.since(), gap.since()), Math.max(last.until(), gap.until())));
        } else {
            all.add(gap);
        }
        return withGaps(all);
    }

    /** From where on posts may have been missed if nothing is received any more. */
    long missedSince() {
        return seen.isEmpty() ? newest : overlapBefore(newest); // before the first post, nothing was to be received
    }

    private static long overlapBefore(long id) {
        return Math.max(0, id - XIds.at(XIds.time(0).plus(OVERLAP)));
    }

    @Override
    public String toString() {
        return "month=" + month + " spent=" + spent + " newest=" + newest + " gaps=" + joined(gaps) + " seen="
                + joined(seen);
    }

    private static String joined(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(","));
    }
}
