// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.network.BiLstm;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The shape of a model that is trained from scratch. A fine-tuned model takes it over from its parent.
 *
 * @param pipeline from text to tokens
 * @param maximumLength tokens that are read of a text, the first ones; at least 1
 * @param vocabularySize most rows of the vocabulary, padding and unknown included; at least 3
 * @param embeddingSize columns of the embedding; at least 1
 * @param units of the LSTM in each direction; at least 1
 */
public record Architecture(TextPipeline pipeline, int maximumLength, int vocabularySize, int embeddingSize, int units) {
    /** The shipped models'. The paper's network has 80 units, and no n-grams beside it. */
    public static final Architecture DEFAULT =
            new Architecture(TextPipeline.deepTweet2(), 64, Vocabulary.DEFAULT_SIZE, 150, 32);

    public Architecture {
        requireAtLeast(1, "maximum length", maximumLength);
        requireAtLeast(3, "vocabulary", vocabularySize);
        requireAtLeast(1, "embedding", embeddingSize);
        requireAtLeast(1, "units", units);
    }

    private static void requireAtLeast(int least, String name, int value) {
        if (value < least) throw new IllegalArgumentException(name + " is " + value + ": use " + least + " or more");
    }

    /** The values by the names of {@code train}'s options. */
    public Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("--pipeline", pipeline.name());
        settings.put("--max-length", maximumLength);
        settings.put("--vocabulary", vocabularySize);
        settings.put("--embedding", embeddingSize);
        settings.put("--units", units);
        return settings;
    }

    /**
     * The network for a vocabulary, which may have fewer rows than {@link #vocabularySize}.
     *
     * @param heads 1 for two classes, 2 for three
     */
    public BiLstm.Shape network(Vocabulary vocabulary, int heads) {
        return new BiLstm.Shape(vocabulary.size(), embeddingSize, units, heads);
    }
}
