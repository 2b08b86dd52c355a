// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.Scorer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How many recent tweets, whose labels nobody knows, the candidate classifies otherwise than the active model.
 *
 * @param texts their number; each sequence of tokens counts once
 * @param changed those among them that the candidate classifies otherwise
 */
public record VerdictChange(int texts, int changed) {
    /** From fewer texts the share would be too uncertain. */
    static final int LEAST = 100;

    /** Compares two models; a text without a token says nothing about either. */
    static VerdictChange of(ModelArtefact reader, Scorer active, Scorer candidate, List<String> recent) {
        Set<List<String>> seen = new HashSet<>();
        int changed = 0;
        for (String text : recent) {
            List<String> tokens = reader.pipeline().tokens(text);
            if (tokens.isEmpty()
                    || !seen.add(List.copyOf(tokens.subList(0, Math.min(tokens.size(), reader.maximumLength())))))
                continue;
            if (active.score(text).sentiment() != candidate.score(text).sentiment()) changed++;
        }
        return new VerdictChange(seen.size(), changed);
    }

    /** The share of changed verdicts, in [0, 1]. */
    public double share() {
        return texts == 0 ? 0 : (double) changed / texts;
    }

    /** Whether there are enough texts to judge by. */
    boolean isReliable() {
        return texts >= LEAST;
    }
}
