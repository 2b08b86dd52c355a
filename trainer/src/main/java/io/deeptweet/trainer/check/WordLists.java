// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words that fill templates. In {@code a {good} {thing}}, {@code {good}} stands for a word of the list
 * {@code good}; the same name stands for the same word, and {@code {thing:2}} for another one of the list. Before a
 * vowel that is spoken as one, {@code a} becomes {@code an}.
 */
public final class WordLists {
    private static final Pattern PLACE = Pattern.compile("\\{([a-z][a-z ]*)(?::\\w+)?}");
    private static final Pattern ARTICLE = Pattern.compile("\\b([aA]) (\\{[a-z][a-z ]*(?::\\w+)?})");
    /** "an hour", "an ugly day", but "a unique day", "a European", "a one-way ticket". */
    private static final Pattern VOWEL =
            Pattern.compile("(?i)(?:[ai]|e(?!u)|o(?!nce|ne\\b)|u(?!ni[^nm]|s[aeiu]|ti|r[aiou])|hon[eo]|hour(?!i)).*");

    /** A word, and the group of its list that it belongs to; empty if the list has no groups. */
    public record Word(String text, String group) {}

    private final Map<String, List<Word>> lists = new LinkedHashMap<>();

    /** Whether a list can have this name. */
    static boolean isName(String name) {
        return PLACE.matcher("{" + name + "}").matches();
    }

    /** Whether a template has braces that are no place. */
    static boolean hasOtherBraces(String template) {
        String rest = PLACE.matcher(template).replaceAll("");
        return rest.indexOf('{') >= 0 || rest.indexOf('}') >= 0;
    }

    /** Adds a list, or words to one. A word that is there already is not added again. */
    public void add(String name, List<Word> words) {
        List<Word> list = lists.computeIfAbsent(name, key -> new ArrayList<>());
        for (Word word : words) if (!list.contains(word)) list.add(word);
    }

    /** The words of a list; none if there is no such list. */
    public List<Word> of(String name) {
        return lists.getOrDefault(name, List.of());
    }

    /** The places of a template, each once. */
    public static Set<String> places(String template) {
        Set<String> places = new LinkedHashSet<>();
        PLACE.matcher(template).results().forEach(place -> places.add(place.group()));
        return places;
    }

    /** The list that fills a place. */
    public static String list(String place) {
        Matcher matcher = PLACE.matcher(place);
        if (!matcher.matches()) throw new IllegalArgumentException(place + " is no place of a template");
        return matcher.group(1);
    }

    /** A template with a word in each place. */
    public static String filled(String template, Map<String, Word> words) {
        String text = ARTICLE.matcher(template).replaceAll(article -> {
            Word word = words.get(article.group(2));
            boolean vowel = word != null && VOWEL.matcher(word.text()).matches();
            return Matcher.quoteReplacement(article.group(1) + (vowel ? "n " : " ") + article.group(2));
        });
        for (Map.Entry<String, Word> word : words.entrySet())
            text = text.replace(word.getKey(), word.getValue().text());
        return text;
    }

    /** Ways to fill some places: all if there are no more than wanted, otherwise some by chance, each once. */
    List<Map<String, Word>> fillings(Set<String> places, int most, Random random) {
        long all = 1;
        Map<String, Integer> left = new HashMap<>();
        for (String place : places)
            all = saturated(all, left.merge(list(place), of(list(place)).size(), (words, number) -> words - 1));
        Set<Map<String, Word>> fillings = new LinkedHashSet<>();
        if (all <= most) {
            for (long number = 0; number < all; number++) fillings.add(filling(places, number));
        } else {
            while (fillings.size() < most) fillings.add(filling(places, random.nextLong(all)));
        }
        return List.copyOf(fillings);
    }

    private static long saturated(long factor, long other) {
        return factor > Long.MAX_VALUE / Math.max(1, other) ? Long.MAX_VALUE : factor * other;
    }

    /** The filling of a number, in which each place is a digit, among the words that its list has left. */
    private Map<String, Word> filling(Set<String> places, long number) {
        Map<String, Word> filling = new LinkedHashMap<>();
        long rest = number;
        Map<String, List<Word>> left = new HashMap<>();
        for (String place : places) {
            List<Word> words = left.computeIfAbsent(list(place), list -> new ArrayList<>(of(list)));
            int size = words.size();
            filling.put(place, words.remove((int) (rest % size)));
            rest /= size;
        }
        return filling;
    }
}
