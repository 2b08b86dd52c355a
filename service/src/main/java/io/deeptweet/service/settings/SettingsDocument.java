// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables of settings in {@code docs/settings.md}, one for each service between {@code <!-- settings:NAME -->} and
 * {@code <!-- /settings:NAME -->}, made from the definitions.
 */
public final class SettingsDocument {
    /** System property that makes {@link #requireCurrent} rewrite the table instead of failing. */
    static final String UPDATE = "settings.update";

    private static final String HEADER = """
            | Setting | Environment variable | Default | Allowed values | Meaning |
            |---|---|---|---|---|
            """;

    private SettingsDocument() {}

    /**
     * Requires a table to be as the definitions have it; a service's test calls this. With
     * {@code -Dsettings.update=true} the table is rewritten.
     *
     * @param document the file, such as {@code ../docs/settings.md}
     * @param name the name of the service in the markers
     * @throws AssertionError if the table differs, the markers are missing, or a definition contradicts itself
     */
    public static void requireCurrent(Path document, String name, Class<?> mapping) {
        List<SettingDefinition> definitions = SettingDefinitions.of(mapping, SettingDefinitions.PLACEHOLDERS);
        requireSound(definitions);
        String start = "<!-- settings:" + name + " -->\n";
        String end = "<!-- /settings:" + name + " -->";
        try {
            String text = Files.readString(document);
            int from = text.indexOf(start);
            int to = text.indexOf(end);
            if (from < 0 || to < from)
                throw new AssertionError(document + " needs the lines " + start.strip() + " and " + end);
            String table = "\n" + table(definitions) + "\n";
            if (text.substring(from + start.length(), to).equals(table)) return;
            if (!Boolean.getBoolean(UPDATE))
                throw new AssertionError("the table of settings in " + document
                        + " is not current: run this test with -D" + UPDATE + "=true, which rewrites it");
            Files.writeString(document, text.substring(0, from + start.length()) + table + text.substring(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireSound(List<SettingDefinition> definitions) {
        SmallRyeConfig config = new SmallRyeConfigBuilder().build();
        for (SettingDefinition definition : definitions) {
            if (!definition.setting().value().matches("[A-Z].*\\.")
                    && !definition.setting().value().matches("`.*\\."))
                throw new AssertionError(definition.key() + ": its meaning is not a sentence");
            if (!definition.setting().pattern().isEmpty()
                    && definition.setting().allowed().isEmpty())
                throw new AssertionError(definition.key() + ": say in words what the pattern allows");
            if (!definition.hasAllowedDefault(config))
                throw new AssertionError(definition.key() + ": its default is not allowed");
        }
    }

    private static String table(List<SettingDefinition> definitions) {
        return definitions.stream().map(SettingsDocument::row).collect(Collectors.joining("", HEADER, ""));
    }

    private static String row(SettingDefinition definition) {
        String defaultValue = !definition.setting().defaultInWords().isEmpty()
                ? definition.setting().defaultInWords()
                : definition
                        .defaultValue()
                        .map(value -> '`' + value + '`')
                        .orElse(definition.isRequired() ? "required" : "none");
        return Stream.of(
                        '`' + definition.key() + '`',
                        '`' + definition.environmentVariable() + '`',
                        defaultValue,
                        definition.allowed(),
                        definition.setting().value())
                .map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
