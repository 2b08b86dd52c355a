// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.guard;

import io.deeptweet.trainer.data.LabeledText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plain English sentences with a clear sentiment, generated from the templates and words of
 * {@code behavioural-cases.txt}. Free of any data set's licence, so the program ships them.
 *
 * @see <a href="https://doi.org/10.18653/v1/2020.acl-main.442">Ribeiro et al.: Beyond Accuracy: Behavioral Testing of
 *     NLP Models with CheckList, 2020</a>
 */
public final class BehaviouralCases {
    private static final String RESOURCE = "/behavioural-cases.txt";

    private BehaviouralCases() {}

    /** All cases, always in the same order. */
    public static List<LabeledText> all() {
        try (InputStream resource = BehaviouralCases.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) throw new IllegalStateException(RESOURCE + " is missing: build the project again");
            return generate(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", e);
        }
    }

    /** @throws IllegalStateException if a section is missing or empty */
    static List<LabeledText> generate(String source) {
        Map<String, List<String>> sections = sections(source);
        List<LabeledText> cases = new ArrayList<>();
        for (String kind : List.of("adjective", "verb")) {
            List<String> positive = section(sections, "positive " + kind);
            List<String> negative = section(sections, "negative " + kind);
            for (String template : section(sections, kind + " template")) {
                fill(template, kind, positive, true, cases);
                fill(template, kind, negative, false, cases);
            }
            for (String template : section(sections, "negated " + kind + " template"))
                fill(template, kind, positive, false, cases);
        }
        section(sections, "positive sentence").forEach(sentence -> cases.add(new LabeledText(sentence, true)));
        section(sections, "negative sentence").forEach(sentence -> cases.add(new LabeledText(sentence, false)));
        return List.copyOf(cases);
    }

    private static void fill(
            String template, String kind, List<String> words, boolean positive, List<LabeledText> cases) {
        for (String word : words) cases.add(new LabeledText(template.replace("{" + kind + "}", word), positive));
    }

    private static Map<String, List<String>> sections(String source) {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : source.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#")) continue;
            if (line.startsWith("[") && line.endsWith("]")) {
                current = new ArrayList<>();
                sections.put(line.substring(1, line.length() - 1), current);
            } else {
                current.add(line);
            }
        }
        return sections;
    }

    private static List<String> section(Map<String, List<String>> sections, String name) {
        List<String> lines = sections.getOrDefault(name, List.of());
        if (lines.isEmpty()) throw new IllegalStateException("the behavioural cases have no section [" + name + "]");
        return lines;
    }
}
