// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import java.util.List;
import java.util.TreeMap;

/**
 * A uniform random sample, of bounded size, of all labels that were ever added: those whose ids have the lowest hashes.
 * Unlike a reservoir (Vitter, 1985) it does not depend on the order of arrival, so it is the same after a restart that
 * reads the partitions in another order, and a label can be removed. Not thread-safe.
 *
 * @see <a href="https://doi.org/10.1145/1281100.1281133">Cohen and Kaplan: Summarizing data using bottom-k sketches,
 *     2007</a>
 */
final class BottomKSample {
    private final int capacity;
    private final TreeMap<Long, Label> labels = new TreeMap<>();
    /** The lowest hash that was dropped. After a removal, accepting higher ones would favour labels that come late. */
    private long limit = Long.MAX_VALUE;

    /** @param capacity most labels in the sample */
    BottomKSample(int capacity) {
        this.capacity = capacity;
    }

    void add(Label label) {
        long hash = Label.hash(label.id());
        if (hash >= limit) return;
        labels.put(hash, label);
        if (labels.size() > capacity) limit = labels.pollLastEntry().getKey();
    }

    void remove(String id) {
        labels.remove(Label.hash(id));
    }

    List<Label> labels() {
        return List.copyOf(labels.values());
    }

    int size() {
        return labels.size();
    }
}
