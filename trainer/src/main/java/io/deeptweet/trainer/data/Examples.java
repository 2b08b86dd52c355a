// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.model.text.TextPipeline;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The examples of labelled texts, each sequence of tokens once: texts with the same tokens are one text for the
 * network, so they must not be on two sides of a split.
 */
public record Examples(List<Example> examples, DroppedRows dropped) {
    /**
     * Tokenizes texts. Of texts with the same tokens the first is kept, or none if their labels differ.
     *
     * @param maximumLength tokens that are read of a text, the first ones
     */
    public static Examples of(List<LabeledText> texts, TextPipeline pipeline, int maximumLength) {
        Map<List<String>, LabeledText> first = new LinkedHashMap<>();
        Set<List<String>> contradicted = new HashSet<>();
        int empty = 0;
        int duplicate = 0;
        for (LabeledText text : texts) {
            List<String> tokens = pipeline.tokens(text.text());
            List<String> read = tokens.subList(0, Math.min(tokens.size(), maximumLength));
            if (read.isEmpty()) {
                empty++;
                continue;
            }
            LabeledText before = first.putIfAbsent(read, text);
            if (before == null) continue;
            duplicate++;
            if (before.label() != text.label()) contradicted.add(read);
        }
        first.keySet().removeAll(contradicted);
        List<Example> examples = new ArrayList<>(first.size());
        first.forEach((tokens, text) -> examples.add(new Example(text, tokens)));
        Map<String, Integer> dropped = new LinkedHashMap<>();
        dropped.put(DroppedRows.NO_TOKENS, empty);
        dropped.put(DroppedRows.DUPLICATE, duplicate);
        dropped.put(DroppedRows.CONTRADICTION, contradicted.size());
        return new Examples(examples, new DroppedRows(dropped));
    }
}
