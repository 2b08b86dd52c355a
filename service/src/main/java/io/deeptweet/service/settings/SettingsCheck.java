// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.NameIterator;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.common.utils.StringUtil;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares a configuration with the definitions of a mapping, and with {@link QuarkusSettings}.
 *
 * @param faults settings that are wrong, missing or unknown
 * @param unknownVariables environment variables below the mapping's prefix that are no setting: they may belong to
 *     another program, so they are no faults
 */
record SettingsCheck(List<SettingFault> faults, List<String> unknownVariables) {
    /** System properties and environment variables of the build and the command line, which services inherit. */
    private static final Set<String> NOT_SETTINGS = Set.of(
            "deeptweet.ca.file",
            "deeptweet.data",
            "deeptweet.local.home",
            "deeptweet.password",
            "deeptweet.root",
            "deeptweet.running",
            "deeptweet.token",
            "deeptweet.user");

    static SettingsCheck of(Class<?> mapping, SmallRyeConfig config) {
        List<SettingFault> faults = new ArrayList<>(QuarkusSettings.faults(config));
        List<String> unknownVariables = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (SettingDefinition definition :
                SettingDefinitions.of(mapping, (prefix, keys) -> givenKeys(config, prefix, keys, faults))) {
            definition.fault(config).ifPresent(faults::add);
            known.add(definition.key());
            known.addAll(config.getIndexedProperties(definition.key()));
        }
        for (String name : names(config, SettingDefinitions.prefix(mapping))) {
            if (known.contains(name) || NOT_SETTINGS.contains(name)) continue;
            if (isEnvironmentVariable(config, name))
                unknownVariables.add(
                        StringUtil.replaceNonAlphanumericByUnderscores(name).toUpperCase(Locale.ROOT));
            else faults.add(SettingFault.unknown(name));
        }
        return new SettingsCheck(List.copyOf(faults), List.copyOf(unknownVariables));
    }

    private static List<String> givenKeys(SmallRyeConfig config, String prefix, Keys keys, List<SettingFault> faults) {
        Map<String, String> given = new TreeMap<>(); // as written, perhaps quoted → the key itself
        for (String name : names(config, prefix)) {
            NameIterator segments = new NameIterator(name, prefix.length());
            String key = segments.getNextSegment();
            segments.next();
            given.put(name.substring(prefix.length() + 1, segments.getPosition()), key);
        }
        given.forEach((written, key) -> {
            if (!key.matches(keys.pattern()))
                faults.add(SettingFault.wrongValue(
                        "the " + keys.value() + " in " + prefix + '.' + written, key, keys.allowed()));
        });
        return List.copyOf(given.keySet());
    }

    /** Names below a prefix, without those of {@link NamesSource}. */
    private static Set<String> names(SmallRyeConfig config, String prefix) {
        Set<String> names = new TreeSet<>();
        for (String name : config.getPropertyNames())
            if (name.startsWith(prefix + '.') && !name.contains(NamesSource.ANY)) names.add(name);
        return names;
    }

    private static boolean isEnvironmentVariable(SmallRyeConfig config, String name) {
        String source = config.getConfigValue(name).getConfigSourceName();
        return source != null && source.startsWith(EnvConfigSource.NAME);
    }
}
