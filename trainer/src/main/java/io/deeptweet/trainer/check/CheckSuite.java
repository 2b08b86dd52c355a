// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.trainer.check.BehaviouralTest.Case;
import io.deeptweet.trainer.check.BehaviouralTest.Variant;
import io.deeptweet.trainer.check.WordLists.Word;
import io.deeptweet.trainer.data.DataException;
import io.deeptweet.trainer.data.YamlFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads behavioural tests from YAML files. Words of one file can be used in the next ones.
 *
 * <pre>
 * words:
 *   good: [lovely, great]
 *   person:                      # words in groups, whose means are compared
 *     women: [Mary, Aisha]
 *     men: [John, Ahmed]
 * tests:
 *   - test: praise is positive
 *     capability: vocabulary
 *     expect: positive           # or [positive, neutral]
 *     templates: ["what a {good} day"]
 *   - test: another person
 *     capability: names
 *     vary: person               # the class stays the same for other words of the list
 *     templates: ["{person} told me that the film was {good}"]
 *   - test: a link
 *     capability: robustness
 *     change: [{append: " https://example.com/x"}]   # also prepend, typos: 1, upper, lower
 *     templates: ["this is {good}"]
 *   - test: praise is added
 *     capability: vocabulary
 *     change: [{append: " I love it."}]
 *     direction: more positive   # or more negative; without it the class stays the same
 *     templates: ["the train came at nine"]
 * </pre>
 *
 * <p>A test may also have {@code cases}, how many are made at most (200), and {@code most-failures}, the largest share
 * of failed cases with which it passes. Which cases are made depends on the test alone.
 */
public final class CheckSuite {
    private static final String SHIPPED = "/checks/english.yaml";
    private static final int DEFAULT_CASES = 200;
    private static final int MOST_CASES = 100_000;
    /** Characters of all sentences: a bound of memory, and of the time that a round spends on them. */
    private static final long MOST_CHARACTERS = 20_000_000;
    /** Words that a {@code vary} test compares in one case. */
    private static final int VARIED_WORDS = 6;

    private static final Set<String> KEYS = Set.of(
            "test", "capability", "expect", "vary", "change", "direction", "templates", "cases", "most-failures");

    private final WordLists words = new WordLists();
    private final List<BehaviouralTest> tests = new ArrayList<>();
    private long characters; // of all sentences

    /** The tests for English that DeepTweet ships; the tests of more files can be added. */
    public static CheckSuite shipped() {
        CheckSuite suite = new CheckSuite();
        try (InputStream in = CheckSuite.class.getResourceAsStream(SHIPPED)) {
            if (in == null) throw new IllegalStateException(SHIPPED + " is missing: build the project again");
            suite.read(SHIPPED, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InvalidSuiteException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        return suite;
    }

    /** The tests of the files that were read. */
    public List<BehaviouralTest> tests() {
        return List.copyOf(tests);
    }

    /**
     * Adds the tests of a file.
     *
     * @throws IOException if it cannot be read
     * @throws InvalidSuiteException if it is no such file, or not in UTF-8, or larger than 1 MiB
     */
    public void read(Path file) throws IOException, InvalidSuiteException {
        String text;
        try {
            text = YamlFile.text(file);
        } catch (DataException e) {
            throw new InvalidSuiteException(e.getMessage());
        }
        read(file.toString(), text);
    }

    /**
     * Adds the tests of a text.
     *
     * @param name of the file, for messages
     * @throws InvalidSuiteException if it holds no tests, or too many
     */
    public void read(String name, String yaml) throws InvalidSuiteException {
        JsonNode file;
        try {
            file = YamlFile.content(name, yaml);
        } catch (DataException e) {
            throw new InvalidSuiteException(e.getMessage());
        }
        for (Map.Entry<String, JsonNode> part : file.properties())
            if (!Set.of("words", "tests").contains(part.getKey()))
                throw new InvalidSuiteException(name + ": " + part.getKey() + " is unknown: use words and tests");
        if (file.has("words") && !file.path("words").isObject())
            throw new InvalidSuiteException(name + ": words are no lists with names");
        if (file.has("tests") && !file.path("tests").isArray())
            throw new InvalidSuiteException(name + ": tests are no list");
        for (Map.Entry<String, JsonNode> list : file.path("words").properties()) {
            if (!WordLists.isName(list.getKey()))
                throw new InvalidSuiteException(
                        name + ": a list is called " + list.getKey() + ": use small letters and spaces");
            words.add(list.getKey(), words(name + ": words of " + list.getKey(), list.getValue()));
        }
        int number = 0;
        for (JsonNode test : file.path("tests")) {
            number++;
            String title = test.path("test").asText();
            tests.add(test(name + ": test " + number + (title.isEmpty() ? "" : " (" + title + ")"), test));
        }
        if (number == 0 && file.path("words").isEmpty())
            throw new InvalidSuiteException(name + " has neither words nor tests");
    }

    private static List<Word> words(String where, JsonNode list) throws InvalidSuiteException {
        List<Word> found = new ArrayList<>();
        if (list.isObject())
            for (Map.Entry<String, JsonNode> group : list.properties())
                for (String word : texts(where, group.getValue())) found.add(new Word(word, group.getKey()));
        else for (String word : texts(where, list)) found.add(new Word(word, ""));
        return found;
    }

    private BehaviouralTest test(String where, JsonNode test) throws InvalidSuiteException {
        for (Map.Entry<String, JsonNode> key : test.properties())
            if (!KEYS.contains(key.getKey()))
                throw new InvalidSuiteException(where + ": " + key.getKey() + " is unknown: use one of "
                        + KEYS.stream().sorted().collect(Collectors.joining(", ")));
        String title = required(where, test, "test");
        String capability = required(where, test, "capability");
        List<String> templates = texts(where + ": templates", test.path("templates"));
        if (templates.isEmpty()) throw new InvalidSuiteException(where + " has no templates");
        for (String template : templates) requireWords(where, template);
        int cases = number(where, test, "cases", DEFAULT_CASES, MOST_CASES);
        Random random = new Random(title.hashCode());
        Optional<Double> most = test.has("most-failures")
                ? Optional.of(share(where + ": most-failures", test.path("most-failures")))
                : Optional.empty();
        BehaviouralTest made = new BehaviouralTest(
                title,
                capability,
                cases(where, test, templates, (cases + templates.size() - 1) / templates.size(), random),
                expectation(where, test),
                most);
        characters += made.texts().mapToLong(String::length).sum();
        if (characters > MOST_CHARACTERS)
            throw new InvalidSuiteException(where + ": the tests have more than " + MOST_CHARACTERS
                    + " characters of sentences: use fewer cases or shorter templates");
        return made;
    }

    private void requireWords(String where, String template) throws InvalidSuiteException {
        if (WordLists.hasOtherBraces(template))
            throw new InvalidSuiteException(where + ": the template \"" + template + "\" has braces that are no place:"
                    + " use {list} or {list:2}, with a list's name of small letters and spaces");
        Map<String, Integer> needed = new LinkedHashMap<>();
        for (String place : WordLists.places(template)) {
            String list = WordLists.list(place);
            int number = needed.merge(list, 1, Integer::sum);
            int size = words.of(list).size();
            if (size == 0) throw new InvalidSuiteException(where + ": there are no words for " + place);
            if (size < number)
                throw new InvalidSuiteException(where + ": the template \"" + template + "\" needs " + number
                        + " different words of " + list + ", which has " + size);
        }
    }

    private static Expectation expectation(String where, JsonNode test) throws InvalidSuiteException {
        long kinds =
                List.of("expect", "vary", "change").stream().filter(test::has).count();
        if (kinds != 1) throw new InvalidSuiteException(where + " needs one of expect, vary and change");
        if (test.has("direction") && !test.has("change"))
            throw new InvalidSuiteException(where + ": direction needs change");
        if (test.has("expect")) {
            Set<SentimentClass> classes = EnumSet.noneOf(SentimentClass.class);
            for (String label : texts(where + ": expect", test.path("expect"))) classes.add(sentiment(where, label));
            if (classes.isEmpty()) throw new InvalidSuiteException(where + ": expect names no class");
            return new Expectation.Label(classes);
        }
        return switch (test.path("direction").asText()) {
            case "" -> new Expectation.SameClass();
            case "more positive" -> new Expectation.Direction(true);
            case "more negative" -> new Expectation.Direction(false);
            default ->
                throw new InvalidSuiteException(where + ": direction is "
                        + test.path("direction").asText() + ": use more positive or more negative");
        };
    }

    private static SentimentClass sentiment(String where, String label) throws InvalidSuiteException {
        for (SentimentClass sentiment : SentimentClass.values())
            if (sentiment.name().equalsIgnoreCase(label)) return sentiment;
        throw new InvalidSuiteException(where + ": expect is " + label + ": use negative, neutral or positive");
    }

    private List<Case> cases(String where, JsonNode test, List<String> templates, int each, Random random)
            throws InvalidSuiteException {
        List<Case> cases = new ArrayList<>();
        String varied = test.path("vary").asText();
        if (test.has("vary") && words.of(varied).size() < 2)
            throw new InvalidSuiteException(where + ": vary names " + varied + ": use a list of two words or more");
        List<Change> changes = Change.list(where, test.path("change"));
        for (String template : templates) {
            Set<String> places = new LinkedHashSet<>(WordLists.places(template));
            boolean varies = places.removeIf(place -> WordLists.list(place).equals(varied));
            if (test.has("vary") && !varies)
                throw new InvalidSuiteException(where + ": the template \"" + template + "\" has no {" + varied + "}");
            for (Map<String, Word> filling : words.fillings(places, each, random))
                cases.add(
                        varies
                                ? varied(template, filling, varied, random)
                                : changed(WordLists.filled(template, filling), changes, random));
        }
        return cases;
    }

    private Case varied(String template, Map<String, Word> filling, String varied, Random random) {
        List<Variant> sentences = new ArrayList<>();
        for (Word word : sample(words.of(varied), random)) {
            Map<String, Word> all = new LinkedHashMap<>(filling);
            for (String place : WordLists.places(template))
                if (WordLists.list(place).equals(varied)) all.put(place, word);
            sentences.add(new Variant(WordLists.filled(template, all), word.group()));
        }
        return new Case(sentences.get(0), sentences.subList(1, sentences.size()));
    }

    /** Some words, the same number of each group as far as possible. */
    private static List<Word> sample(List<Word> list, Random random) {
        List<Word> shuffled = new ArrayList<>(list);
        Collections.shuffle(shuffled, random);
        List<List<Word>> groups = new ArrayList<>(shuffled.stream()
                .collect(Collectors.groupingBy(Word::group, LinkedHashMap::new, Collectors.toList()))
                .values());
        List<Word> sample = new ArrayList<>();
        for (int i = 0; sample.size() < Math.min(VARIED_WORDS, list.size()); i++)
            for (List<Word> group : groups)
                if (i < group.size() && sample.size() < VARIED_WORDS) sample.add(group.get(i));
        return sample;
    }

    private static Case changed(String sentence, List<Change> changes, Random random) {
        return new Case(
                new Variant(sentence, ""),
                changes.stream()
                        .map(change -> new Variant(change.apply(sentence, random), ""))
                        .toList());
    }

    private static String required(String where, JsonNode test, String key) throws InvalidSuiteException {
        String text = test.path(key).asText().strip();
        if (text.isEmpty()) throw new InvalidSuiteException(where + " has no " + key);
        return text;
    }

    /** The texts of a list, or the text itself. */
    private static List<String> texts(String where, JsonNode list) throws InvalidSuiteException {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list.isValueNode() ? List.of(list) : list) {
            if (!item.isValueNode() || item.isNull() || item.asText().isBlank())
                throw new InvalidSuiteException(where + ": " + item + " is no text");
            texts.add(item.asText());
        }
        return texts;
    }

    private static int number(String where, JsonNode test, String key, int usual, int most)
            throws InvalidSuiteException {
        JsonNode value = test.path(key);
        if (value.isMissingNode()) return usual;
        if (value.canConvertToInt() && value.isIntegralNumber() && value.intValue() >= 1 && value.intValue() <= most)
            return value.intValue();
        throw new InvalidSuiteException(where + ": " + key + " is " + value + ": use 1 to " + most);
    }

    private static double share(String where, JsonNode value) throws InvalidSuiteException {
        if (value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= 1) return value.doubleValue();
        throw new InvalidSuiteException(where + " is " + value + ": use 0 to 1");
    }
}
