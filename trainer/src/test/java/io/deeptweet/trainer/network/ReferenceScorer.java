// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.Ngrams;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.util.List;

/**
 * The definition of a score, for comparison with other scorers: the logit of DL4J's own layers plus the logit of the
 * n-grams. Slow.
 */
public final class ReferenceScorer implements Scorer {
    private final String version;
    private final TextPipeline pipeline;
    private final int maximumLength;
    private final Vocabulary vocabulary;
    private final float bias;
    private final float[] ngrams;
    private final BiLstm network;

    private ReferenceScorer(ModelArtefact model) {
        this.version = model.version();
        this.pipeline = model.pipeline();
        this.maximumLength = model.maximumLength();
        this.vocabulary = model.vocabulary();
        this.bias = model.weights().denseBias();
        this.ngrams = model.weights().ngrams();
        this.network = BiLstm.of(model.weights(), BiLstm.Encoder.STOCK);
    }

    /** A scorer of a model. */
    public static ReferenceScorer of(ModelArtefact model) {
        return new ReferenceScorer(model);
    }

    @Override
    public Score score(String text) {
        List<String> tokens = pipeline.tokens(text);
        List<String> read = tokens.subList(0, Math.min(tokens.size(), maximumLength));
        double network = probability(vocabulary.rows(read, maximumLength));
        double logit = Math.log(network / (1 - network))
                + Ngrams.of(read, ngrams.length).logit(ngrams);
        return new Score((float) (1 / (1 + Math.exp(-logit))), version);
    }

    /**
     * The probability that the network alone gives, without n-grams. Synchronized, since a network serves one thread at
     * a time.
     *
     * @param rows of the vocabulary
     */
    public synchronized float probability(int[] rows) {
        return rows.length == 0 ? (float) (1 / (1 + Math.exp(-bias))) : network.probabilities(new int[][] {rows})[0];
    }

    @Override
    public String version() {
        return version;
    }
}
