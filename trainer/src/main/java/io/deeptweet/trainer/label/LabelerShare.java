// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Bounds what one labeller contributes to a round. Labellers are told apart by {@code labeledBy} up to the first
 * {@code ": "}, so that whoever sends labels over HTTP is one labeller, whatever names the labels claim. Texts of the
 * operator's files have no labeller: they are not bounded.
 *
 * @param largest the largest share of a list's labels that one labeller may have, in (0, 1]; with fewer labellers than
 *     {@code 1 / largest}, all may have the same number
 * @param leastLabelers how many labellers a round needs at least; 1 or more
 */
public record LabelerShare(double largest, int leastLabelers) {
    /** Without a bound. */
    public static final LabelerShare UNBOUNDED = new LabelerShare(1, 1);

    public LabelerShare {
        if (!(largest > 0 && largest <= 1))
            throw new IllegalArgumentException("a labeller's share must be in (0, 1], was " + largest);
        if (leastLabelers < 1)
            throw new IllegalArgumentException("a round needs at least 1 labeller, not " + leastLabelers);
    }

    /** How many labellers gave these labels; the operator's files count as one. */
    public static int labelers(List<Label> labels) {
        return (int) labels.stream().map(LabelerShare::name).distinct().count();
    }

    /** The labels without those that exceed a labeller's share; the first of each labeller remain, in their order. */
    public List<Label> bounded(List<Label> labels) {
        Map<String, Integer> given = new HashMap<>();
        for (Label label : labels) given.merge(name(label), 1, Integer::sum);
        Integer operator = given.remove("");
        int most = most(List.copyOf(given.values()), operator == null ? 0 : operator);
        Map<String, Integer> taken = new HashMap<>();
        return labels.stream()
                .filter(label -> name(label).isEmpty() || taken.merge(name(label), 1, Integer::sum) <= most)
                .toList();
    }

    /**
     * The largest number of labels per labeller that is within the share of what then remains.
     *
     * @param given number of labels of each labeller
     * @param unbounded number of labels without a labeller
     */
    private int most(List<Integer> given, int unbounded) {
        if (given.isEmpty()) return 0;
        double share = Math.max(largest, 1.0 / given.size());
        int within = 0;
        int above = given.stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
        // What remains grows ever more slowly with the number, so the numbers within the share are an interval from 0.
        while (above - within > 1) {
            int tried = (within + above) >>> 1;
            long remaining = unbounded
                    + given.stream().mapToLong(count -> Math.min(count, tried)).sum();
            if (tried <= share * remaining + 1e-9) within = tried;
            else above = tried;
        }
        return within;
    }

    private static String name(Label label) {
        return LabelSender.nameIn(label.by()).strip().toLowerCase(Locale.ROOT);
    }
}
