// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import java.util.List;

/**
 * The labels that a round of fine-tuning works with.
 *
 * @param consumed the new labels, of every subset
 * @param earlier a sample of earlier labels for training and validation
 * @param heldOut held-out labels since the last publication, new ones included
 * @param guard a sample of held-out labels from before the last publication
 */
public record RoundLabels(List<Label> consumed, List<Label> earlier, List<Label> heldOut, List<Label> guard) {}
