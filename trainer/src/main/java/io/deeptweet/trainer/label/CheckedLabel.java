// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.reject.Rejection;

/** A record that should be a label, after the check. */
public sealed interface CheckedLabel {
    /** It is a valid label. */
    record Valid(LabeledTweet tweet) implements CheckedLabel {}

    /**
     * It is not.
     *
     * @param reason the kind of fault
     * @param detail the fault in a sentence
     */
    record Invalid(Rejection.Reason reason, String detail) implements CheckedLabel {}
}
