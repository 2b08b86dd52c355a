// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A change of a sentence.
 *
 * @param kind what is done
 * @param text what is added, or for {@link Kind#TYPOS} how many letters are exchanged
 */
public record Change(Kind kind, String text) {
    /** What is done. */
    public enum Kind {
        APPEND,
        PREPEND,
        /** Two neighbouring letters within a word are exchanged, as often as the text says. */
        TYPOS,
        UPPER,
        LOWER
    }

    /**
     * The changes of a test: one, or a list of them, each a kind, or a kind with its text.
     *
     * @param list missing for no changes
     * @throws InvalidSuiteException if a change is unknown, or has no text where it needs one
     */
    static List<Change> list(String where, JsonNode list) throws InvalidSuiteException {
        if (list.isArray() && list.isEmpty()) throw new InvalidSuiteException(where + ": change is empty");
        List<Change> changes = new ArrayList<>();
        for (JsonNode item : list.isArray() || list.isMissingNode() ? list : List.of(list)) {
            if (!item.isObject()) changes.add(of(where, item.asText(), MissingNode.getInstance()));
            for (Map.Entry<String, JsonNode> part : item.properties())
                changes.add(of(where, part.getKey(), part.getValue()));
        }
        return changes;
    }

    private static Change of(String where, String name, JsonNode text) throws InvalidSuiteException {
        Kind kind = Arrays.stream(Kind.values())
                .filter(one -> one.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new InvalidSuiteException(
                        where + ": change is " + name + ": use append, prepend, typos, upper or lower"));
        if (kind == Kind.TYPOS && !text.asText().matches("[1-9]"))
            throw new InvalidSuiteException(where + ": typos is " + text.asText() + ": use 1 to 9");
        boolean adds = kind == Kind.APPEND || kind == Kind.PREPEND;
        if (adds && (!text.isValueNode() || text.isNull() || text.asText().isEmpty()))
            throw new InvalidSuiteException(where + ": " + name + " has no text");
        return new Change(kind, text.asText());
    }

    /** The changed sentence. */
    public String apply(String sentence, Random random) {
        return switch (kind) {
            case APPEND -> sentence + text;
            case PREPEND -> text + sentence;
            case TYPOS -> {
                String changed = sentence;
                for (int i = 0; i < Integer.parseInt(text); i++) changed = withTypo(changed, random);
                yield changed;
            }
            case UPPER -> sentence.toUpperCase(Locale.ROOT);
            case LOWER -> sentence.toLowerCase(Locale.ROOT);
        };
    }

    /** The first letter of a word stays, as it does for most people who mistype. */
    private static String withTypo(String sentence, Random random) {
        int[] within = IntStream.range(1, sentence.length() - 1)
                .filter(i -> Character.isLetter(sentence.charAt(i - 1))
                        && Character.isLetter(sentence.charAt(i))
                        && Character.isLetter(sentence.charAt(i + 1))
                        && sentence.charAt(i) != sentence.charAt(i + 1))
                .toArray();
        if (within.length == 0) return sentence;
        int at = within[random.nextInt(within.length)];
        return sentence.substring(0, at) + sentence.charAt(at + 1) + sentence.charAt(at) + sentence.substring(at + 2);
    }
}
