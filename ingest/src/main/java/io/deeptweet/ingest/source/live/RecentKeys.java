// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import java.util.LinkedHashSet;
import java.util.Set;

/** The last {@value #MOST} keys: more than the posts of a rewind. */
final class RecentKeys {
    static final int MOST = 20_000;

    private final Set<String> keys = new LinkedHashSet<>();

    /** Returns whether the key is new. */
    boolean add(String key) {
        if (!keys.add(key)) return false;
        if (keys.size() > MOST) keys.remove(keys.iterator().next());
        return true;
    }
}
