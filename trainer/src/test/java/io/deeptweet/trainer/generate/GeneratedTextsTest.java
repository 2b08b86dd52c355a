// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.trainer.check.WordLists;
import io.deeptweet.trainer.generate.SentenceTemplates.Capability;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GeneratedTextsTest {
    private static final int COUNT = 5_000;

    private final SentenceTemplates templates = SentenceTemplates.shipped();

    @Test
    void asManyTextsAreGeneratedAsAreAskedFor() {
        assertThat(GeneratedTexts.of(0, 1)).isEmpty();
        assertThat(GeneratedTexts.of(COUNT, 1)).hasSize(COUNT);
        assertThatThrownBy(() -> GeneratedTexts.of(-1, 1)).hasMessageContaining("count is -1");
    }

    @Test
    void theSameSeedGivesTheSameTexts() {
        List<GeneratedText> texts = GeneratedTexts.of(COUNT, 7);
        assertThat(GeneratedTexts.of(COUNT, 7)).isEqualTo(texts);
        assertThat(GeneratedTexts.of(COUNT / 2, 7)).isEqualTo(texts.subList(0, COUNT / 2));
        assertThat(GeneratedTexts.of(COUNT, 8)).isNotEqualTo(texts);
    }

    @Test
    void noTextIsThereTwice() {
        assertThat(GeneratedTexts.of(COUNT, 3)).extracting(GeneratedText::text).doesNotHaveDuplicates();
    }

    @Test
    void theClassesAreBalanced() {
        Map<SentimentClass, Long> counts = GeneratedTexts.of(COUNT, 2).stream()
                .collect(Collectors.groupingBy(GeneratedText::label, Collectors.counting()));
        for (SentimentClass label : SentimentClass.values())
            assertThat(counts.get(label)).isBetween(COUNT * 32L / 100, COUNT * 35L / 100);
    }

    @Test
    void everyPlaceIsFilled() {
        for (Capability capability : templates.capabilities())
            for (List<String> of : capability.templates().values())
                for (String template : of)
                    assertThat(templates.fillings(template)).as(template).isPositive();
        assertThat(GeneratedTexts.of(COUNT, 4))
                .extracting(GeneratedText::text)
                .allSatisfy(text -> assertThat(text).isNotBlank().doesNotContain("{", "}", "  "));
    }

    @Test
    void everyCapabilityHasTextsForALargeTrainingSet() {
        for (Capability capability : templates.capabilities())
            capability
                    .templates()
                    .forEach((label, of) -> assertThat(
                                    of.stream().mapToDouble(templates::fillings).sum())
                            .as("%s, %s", capability.name(), label)
                            .isGreaterThan(400_000));
    }

    /** A template is the same whatever its words and its punctuation. */
    @Test
    void noTemplateIsInTheBehaviouralTests() throws IOException {
        Set<String> ours = new HashSet<>();
        for (Capability capability : templates.capabilities())
            capability.templates().values().forEach(of -> of.forEach(template -> ours.add(normalized(template))));
        Set<String> theirs = new HashSet<>();
        for (JsonNode test : checks().path("tests"))
            test.path("templates").forEach(template -> theirs.add(normalized(template.asText())));
        assertThat(theirs).hasSizeGreaterThan(50).doesNotContainAnyElementsOf(ours);
    }

    /** Neither in a list nor in a template. */
    @Test
    void noOpinionWordOfTheBehaviouralTestsIsUsed() throws IOException {
        Set<String> opinions = new HashSet<>();
        for (Map.Entry<String, JsonNode> list : checks().path("words").properties())
            if (list.getKey().startsWith("good") || list.getKey().startsWith("bad"))
                list.getValue().forEach(word -> opinions.add(word.asText()));
        assertThat(opinions).hasSizeGreaterThan(20);
        Stream<String> words = templates.words().values().stream().flatMap(List::stream);
        Stream<String> sentences = templates.capabilities().stream()
                .flatMap(capability -> capability.templates().values().stream())
                .flatMap(List::stream);
        Pattern used = Pattern.compile(opinions.stream()
                .map(Pattern::quote)
                .collect(Collectors.joining("|", "(?i)(?<![\\w-])(?:", ")(?![\\w-])")));
        assertThat(Stream.concat(words, sentences))
                .noneMatch(text -> used.matcher(text).find());
    }

    private static String normalized(String template) {
        String text = template.toLowerCase(Locale.ROOT);
        for (String place : WordLists.places(text)) text = text.replace(place, "{}");
        return text.replaceAll("[^\\p{L}\\p{N}\\p{So}{}' ]", "").strip();
    }

    private static JsonNode checks() throws IOException {
        try (InputStream in = GeneratedTextsTest.class.getResourceAsStream("/checks/english.yaml")) {
            return new YAMLMapper().readTree(in);
        }
    }
}
