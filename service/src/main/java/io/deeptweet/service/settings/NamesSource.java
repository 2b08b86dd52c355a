// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Names of settings without values. Environment variables have no dots and dashes: SmallRye finds out which name
 * {@code DEEPTWEET_PUSH_DEFAULT_FEED} stands for by comparing it with names that it knows.
 */
record NamesSource(Set<String> names) implements ConfigSource {
    /** Stands for any key of a map. */
    static final String ANY = "*";

    @Override
    public Set<String> getPropertyNames() {
        return names;
    }

    @Override
    public String getValue(String name) {
        return null;
    }

    @Override
    public String getName() {
        return "names of settings";
    }

    @Override
    public int getOrdinal() {
        return 0;
    }
}
