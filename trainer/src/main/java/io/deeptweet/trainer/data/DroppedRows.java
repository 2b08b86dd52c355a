// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Counts of the rows of a data set that were dropped, by reason.
 *
 * @param byReason positive counts, in the order in which the reasons are checked
 */
public record DroppedRows(Map<String, Integer> byReason) {
    public static final DroppedRows NONE = new DroppedRows(Map.of());

    static final String NEUTRAL = "neutral";
    static final String OTHER_LABEL = "with another label";
    static final String NO_TEXT = "without text";
    static final String MALFORMED = "not of the layout";
    static final String NO_TOKENS = "without tokens";
    static final String DUPLICATE = "duplicate after tokenizing";
    static final String CONTRADICTION = "with contradicting labels";
    static final String OVER_LIMIT = "over the limit";

    public DroppedRows {
        Map<String, Integer> counts = new LinkedHashMap<>(byReason);
        counts.values().removeIf(count -> count == 0);
        byReason = Collections.unmodifiableMap(counts);
    }

    /** The sums of both, by reason. */
    public DroppedRows and(DroppedRows later) {
        Map<String, Integer> sums = new LinkedHashMap<>(byReason);
        later.byReason.forEach((reason, count) -> sums.merge(reason, count, Integer::sum));
        return new DroppedRows(sums);
    }

    public int total() {
        return byReason.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Such as {@code 12 (7 without text, 5 neutral)}, or {@code none}. */
    @Override
    public String toString() {
        if (byReason.isEmpty()) return "none";
        return byReason.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey()))
                .collect(Collectors.joining(", ", String.format(Locale.ROOT, "%,d (", total()), ")"));
    }
}
