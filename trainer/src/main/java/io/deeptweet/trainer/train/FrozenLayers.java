// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

/** The layers that keep their parent's weights in fine-tuning. */
public enum FrozenLayers {
    /** All layers are trained. */
    NONE,
    /** The embedding stays: training is faster, and a published version sends far fewer changed tensors. */
    EMBEDDING,
    /**
     * All layers stay but the last one, which is fitted as a logistic regression on the encoder's output. The n-grams
     * are trained as well.
     */
    ENCODER
}
