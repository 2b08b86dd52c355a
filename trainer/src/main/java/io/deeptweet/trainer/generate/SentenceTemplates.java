// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.trainer.check.WordLists;
import io.deeptweet.trainer.check.WordLists.Word;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Templates of sentences by capability and class, and the words that fill them.
 *
 * <p>Words may have places themselves: {@code a fine day} can be a {@code {good}} one. Of a list with groups, a group
 * is drawn first and then one of its words, so that a small group of common words is drawn often.
 */
final class SentenceTemplates {
    private static final String RESOURCE = "/generated/english.yaml";
    /** Draws for a place until its word differs from those of the list's other places. */
    private static final int DRAWS = 20;

    private final List<Capability> capabilities = new ArrayList<>();
    private final Map<String, List<List<Word>>> groups = new LinkedHashMap<>();

    /** The templates of a capability, such as negation. */
    record Capability(String name, Map<SentimentClass, List<String>> templates) {}

    private SentenceTemplates(JsonNode file) {
        WordLists words = new WordLists();
        file.path("words").properties().forEach(list -> words.add(list.getKey(), words(list.getValue())));
        file.path("words").fieldNames().forEachRemaining(list -> groups.put(list, grouped(words.of(list))));
        for (Map.Entry<String, JsonNode> capability : file.path("capabilities").properties()) {
            Map<SentimentClass, List<String>> templates = new EnumMap<>(SentimentClass.class);
            for (Map.Entry<String, JsonNode> label : capability.getValue().properties())
                templates.put(SentimentClass.valueOf(label.getKey().toUpperCase(Locale.ROOT)), texts(label.getValue()));
            capabilities.add(new Capability(capability.getKey(), templates));
        }
    }

    /** The templates of this program. */
    static SentenceTemplates shipped() {
        try (InputStream in = SentenceTemplates.class.getResourceAsStream(RESOURCE)) {
            if (in == null) throw new FileNotFoundException(RESOURCE + " is not in the program");
            // As a string: Jackson's reader of UTF-8 fails at an emoji on the edge of its buffer.
            String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new SentenceTemplates(new YAMLMapper().readTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Word> words(JsonNode list) {
        if (!list.isObject())
            return texts(list).stream().map(text -> new Word(text, "")).toList();
        return list.properties().stream()
                .flatMap(group -> texts(group.getValue()).stream().map(text -> new Word(text, group.getKey())))
                .toList();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static List<List<Word>> grouped(List<Word> words) {
        return List.copyOf(words.stream()
                .collect(Collectors.groupingBy(Word::group, LinkedHashMap::new, Collectors.toList()))
                .values());
    }

    List<Capability> capabilities() {
        return List.copyOf(capabilities);
    }

    /** The words of each list. */
    Map<String, List<String>> words() {
        Map<String, List<String>> words = new LinkedHashMap<>();
        groups.forEach((list, of) -> words.put(
                list, of.stream().flatMap(List::stream).map(Word::text).toList()));
        return words;
    }

    /** A template with words in its places. */
    String filled(String template, Random random) {
        String text = template;
        for (var places = WordLists.places(text); !places.isEmpty(); places = WordLists.places(text)) {
            Map<String, Word> filling = new LinkedHashMap<>();
            for (String place : places) {
                Word word = drawn(place, random);
                for (int draw = 1; draw < DRAWS && filling.containsValue(word); draw++) word = drawn(place, random);
                filling.put(place, word);
            }
            text = WordLists.filled(text, filling);
        }
        return text.strip();
    }

    private Word drawn(String place, Random random) {
        List<List<Word>> list = groups(place);
        List<Word> group = list.get(random.nextInt(list.size()));
        return group.get(random.nextInt(group.size()));
    }

    /** In how many ways a template can be filled; an upper bound of its different texts. */
    double fillings(String template) {
        return WordLists.places(template).stream()
                .mapToDouble(place -> groups(place).stream()
                        .flatMap(List::stream)
                        .mapToDouble(word -> fillings(word.text()))
                        .sum())
                .reduce(1, (one, other) -> one * other);
    }

    private List<List<Word>> groups(String place) {
        List<List<Word>> list = groups.get(WordLists.list(place));
        if (list == null) throw new IllegalStateException(RESOURCE + " has no words for " + place);
        return list;
    }
}
