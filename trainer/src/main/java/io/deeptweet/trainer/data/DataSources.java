// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.trainer.data.DataSource.Use;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A list of data sets and their licences, in YAML. It knows files by their names, not by their texts.
 *
 * <pre>
 * sources:
 *   - name: goemotions-reddit
 *     title: GoEmotions
 *     licence: Apache-2.0
 *     reference: Demszky et al., 2020
 *     use: allowed                  # or unclear, or forbidden
 * </pre>
 *
 * @param file that lists them, for messages
 * @param sources at least one, of different names
 */
public record DataSources(String file, List<DataSource> sources) {
    private static final int LONGEST_QUOTE = 60;
    private static final List<String> KEYS = List.of("name", "title", "licence", "reference", "use");

    /** @throws IllegalArgumentException if there is no source, or two have one name */
    public DataSources {
        sources = List.copyOf(sources);
        if (sources.isEmpty()) throw new IllegalArgumentException("there are no sources: list one or more");
        Set<String> names = new HashSet<>();
        for (DataSource source : sources)
            if (!names.add(source.name().toLowerCase(Locale.ROOT)))
                throw new IllegalArgumentException(source.name() + " is listed twice: leave one of them");
    }

    /**
     * Reads such a file.
     *
     * @throws IOException if it cannot be read
     * @throws DataException if it is no such list, or larger than 1 MiB; the message names the file and the entry
     */
    public static DataSources read(Path file) throws IOException {
        return parse(file.toString(), YamlFile.text(file));
    }

    /**
     * Reads such a text.
     *
     * @param file for messages
     * @throws DataException as {@link #read}
     */
    static DataSources parse(String file, String yaml) {
        JsonNode root = YamlFile.content(file, yaml);
        for (Map.Entry<String, JsonNode> part : root.properties())
            if (!part.getKey().equals("sources"))
                throw new DataException(file + ": " + cut(part.getKey()) + " is unknown: use sources");
        if (!root.path("sources").isArray())
            throw new DataException(file + " has no list of sources: begin it with sources:");
        List<DataSource> sources = new ArrayList<>();
        for (JsonNode entry : root.path("sources")) {
            String name = entry.path("name").asText();
            sources.add(source(
                    file + ": source " + (sources.size() + 1) + (name.isBlank() ? "" : " (" + cut(name) + ")"), entry));
        }
        try {
            return new DataSources(file, sources);
        } catch (IllegalArgumentException e) {
            throw new DataException(file + ": " + e.getMessage());
        }
    }

    private static DataSource source(String where, JsonNode entry) {
        for (Map.Entry<String, JsonNode> key : entry.properties())
            if (!KEYS.contains(key.getKey()))
                throw new DataException(
                        where + ": " + cut(key.getKey()) + " is unknown: use one of " + String.join(", ", KEYS));
        try {
            return new DataSource(
                    text(entry, "name"),
                    text(entry, "title"),
                    text(entry, "licence"),
                    text(entry, "reference"),
                    use(text(entry, "use")));
        } catch (IllegalArgumentException e) {
            throw new DataException(where + ": " + e.getMessage());
        }
    }

    private static String text(JsonNode entry, String key) {
        JsonNode value = entry.path(key);
        if (value.isMissingNode() || value.isNull()) throw new IllegalArgumentException("there is no " + key);
        if (!value.isTextual())
            throw new IllegalArgumentException(
                    key + " is " + value.getNodeType() + ": use a text, in quotes if need be");
        return value.textValue();
    }

    private static Use use(String text) {
        for (Use use : Use.values()) if (use.toString().equals(text)) return use;
        throw new IllegalArgumentException("use is " + cut(text) + ": use allowed, unclear or forbidden");
    }

    /** For messages, which quote no text of any length. */
    private static String cut(String text) {
        return text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
    }

    /** The source of a file; of several that fit its name the one that permits least. Empty if it is not listed. */
    public Optional<DataSource> of(Path file) {
        return sources.stream().filter(source -> source.isOf(file)).max(Comparator.comparing(DataSource::use));
    }

    /**
     * The sources of all files, each once.
     *
     * @param least what each of them must permit
     * @throws DataException if a file is not listed, or its licence permits less; the message names all such files
     */
    public List<DataSource> require(List<Path> files, Use least) {
        Set<DataSource> found = new LinkedHashSet<>();
        List<String> refused = new ArrayList<>();
        for (Path path : files) {
            Optional<DataSource> source = of(path);
            if (source.isPresent() && source.get().use().isAtLeast(least)) found.add(source.get());
            else refused.add(source.map(known -> refusal(path, known)).orElseGet(() -> refusal(path)));
        }
        if (refused.isEmpty()) return List.copyOf(found);
        throw new DataException(refused.size() + " of " + files.size() + (files.size() == 1 ? " file" : " files")
                + " may not be used by the licences in " + file + ": " + String.join("; ", refused));
    }

    private static String refusal(Path path) {
        return path + " is not listed (leave it out, or add an entry with its licence)";
    }

    private static String refusal(Path path, DataSource source) {
        String advice = source.use() == Use.FORBIDDEN
                ? "leave it out"
                : "leave it out, ask its owners and correct its entry, or accept it with --licences unclear";
        return path + " is " + source.use() + ": " + source.title() + ", licence " + source.licence() + " (" + advice
                + ")";
    }
}
