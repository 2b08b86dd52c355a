// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import java.util.List;
import java.util.TreeMap;

/**
 * A uniform sample of bounded size of all labels that were ever added: those whose ids' hashes are lowest. Unlike a
 * reservoir that is drawn in the order of arrival (Vitter, 1985) it is the same in whatever order the partitions are
 * read, and a label can be taken back. Not thread-safe.
 *
 * @see <a href="https://doi.org/10.1145/1281100.1281133">Cohen and Kaplan: Summarizing data using bottom-k sketches,
 *     2007</a>
 */
final class Sample {
    private final int capacity;
    private final TreeMap<Long, Label> kept = new TreeMap<>();
    /** The lowest hash that was given up. Who took in higher ones after a removal would prefer what comes late. */
    private long limit = Long.MAX_VALUE;

    Sample(int capacity) {
        this.capacity = capacity;
    }

    void add(Label label) {
        long hash = Label.hash(label.id());
        if (hash >= limit) return;
        kept.put(hash, label);
        if (kept.size() > capacity) limit = kept.pollLastEntry().getKey();
    }

    void remove(String id) {
        kept.remove(Label.hash(id));
    }

    List<Label> labels() {
        return List.copyOf(kept.values());
    }

    int size() {
        return kept.size();
    }
}
