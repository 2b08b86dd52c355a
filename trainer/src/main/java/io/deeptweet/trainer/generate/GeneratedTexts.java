// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.generate;

import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.trainer.generate.SentenceTemplates.Capability;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Generates sentences with known labels, such as negated or contrasting opinions and neutral sentences about people and
 * places. The capabilities take turns, and the classes of each capability do.
 */
public final class GeneratedTexts {
    /** A capability's class counts as exhausted after so many sentences in a row that were there before. */
    private static final int MOST_REPEATS = 200;

    private final SentenceTemplates templates;
    private final Random random;
    private final WritingStyle style;
    private final Set<String> sentences = new HashSet<>();
    private final Set<String> texts = new HashSet<>();

    private GeneratedTexts(long seed) {
        templates = SentenceTemplates.shipped();
        random = new Random(seed);
        style = new WritingStyle(templates, random);
    }

    /**
     * Sentences, all different. The same count and seed give the same sentences; a larger count gives more after them.
     *
     * @param count how many; fewer are returned if the templates give no more
     */
    public static List<GeneratedText> of(int count, long seed) {
        if (count < 0) throw new IllegalArgumentException("count is " + count + ": use zero or more");
        return new GeneratedTexts(seed).generated(count);
    }

    private List<GeneratedText> generated(int count) {
        List<Turns> capabilities = new ArrayList<>();
        for (Capability capability : templates.capabilities())
            capabilities.add(new Turns(capability, capabilities.size()));
        List<GeneratedText> generated = new ArrayList<>();
        while (generated.size() < count && !capabilities.isEmpty()) {
            for (Turns capability : capabilities)
                if (generated.size() < count) capability.next().ifPresent(generated::add);
            capabilities.removeIf(capability -> capability.open.isEmpty());
        }
        return generated;
    }

    /** A new sentence of some templates; empty if they are exhausted. */
    private Optional<String> sentence(List<String> of, SentimentClass label) {
        for (int repeats = 0; repeats < MOST_REPEATS; repeats++) {
            String sentence = templates.filled(of.get(random.nextInt(of.size())), random);
            if (!sentences.add(sentence)) continue;
            String text = style.written(sentence, label);
            if (texts.add(text)) return Optional.of(text);
        }
        return Optional.empty();
    }

    /** A capability, whose classes take turns. */
    private final class Turns {
        private final Map<SentimentClass, List<String>> templates;
        private final List<SentimentClass> open;
        private int turn;

        /** @param first turn; not all capabilities begin with the same class */
        Turns(Capability capability, int first) {
            templates = capability.templates();
            open = new ArrayList<>(templates.keySet());
            turn = first;
        }

        /** The next sentence; empty if the class whose turn it is has none any more. */
        Optional<GeneratedText> next() {
            SentimentClass label = open.get(turn++ % open.size());
            Optional<String> sentence = sentence(templates.get(label), label);
            if (sentence.isEmpty()) open.remove(label);
            return sentence.map(text -> new GeneratedText(text, label));
        }
    }
}
