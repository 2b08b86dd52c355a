// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many rows of a data set were left out, by the reason why.
 *
 * @param byReason each with a count above zero, in the order of the work
 */
public record DroppedRows(Map<String, Integer> byReason) {
    public static final DroppedRows NONE = new DroppedRows(Map.of());

    public DroppedRows {
        Map<String, Integer> counts = new LinkedHashMap<>(byReason);
        counts.values().removeIf(count -> count == 0);
        byReason = Collections.unmodifiableMap(counts);
    }

    /** All of both; a reason that both know counts once, with the sum. */
    public DroppedRows and(DroppedRows later) {
        Map<String, Integer> sum = new LinkedHashMap<>(byReason);
        later.byReason.forEach((reason, count) -> sum.merge(reason, count, Integer::sum));
        return new DroppedRows(sum);
    }

    public int total() {
        return byReason.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** In words, such as {@code 12 (7 no text, 5 duplicate)}. */
    @Override
    public String toString() {
        if (byReason.isEmpty()) return "none";
        return byReason.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey()))
                .collect(Collectors.joining(", ", String.format(Locale.ROOT, "%,d (", total()), ")"));
    }
}
