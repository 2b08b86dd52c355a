// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.time.Instant;
import java.util.Optional;

/** Checks the values of labels, whether they come from HTTP, a file or Kafka. */
public final class LabelCheck {
    private LabelCheck() {}

    /**
     * Finds the first fault of a label.
     *
     * @param received when the label was received; {@code labeledAt} may be later by
     *     {@link TweetLimits#LARGEST_CLOCK_LEAD} at most
     * @return empty if the label is valid
     */
    public static Optional<CheckedLabel.Invalid> fault(LabeledTweet tweet, Instant received) {
        if (tweet.getId().isBlank()) return invalid(Reason.NO_ID, "the label names no tweet: its id is blank");
        if (tweet.getText().isBlank()) return invalid(Reason.NO_TEXT, "the labelled tweet has no text");
        if (tweet.getText().length() > TweetLimits.LONGEST_LABELED_TEXT)
            return tooLong(Reason.TOO_LARGE, "the text", tweet.getText(), TweetLimits.LONGEST_LABELED_TEXT);
        if (tweet.getId().length() > TweetLimits.LONGEST_NAME)
            return tooLong(Reason.INVALID_FIELD, "the id", tweet.getId(), TweetLimits.LONGEST_NAME);
        if (tweet.getLabeledBy().isBlank())
            return invalid(Reason.INVALID_FIELD, "labeledBy is blank: say who or what gave the label");
        if (tweet.getLabeledBy().length() > TweetLimits.LONGEST_NAME)
            return tooLong(Reason.INVALID_FIELD, "labeledBy", tweet.getLabeledBy(), TweetLimits.LONGEST_NAME);
        // Compared as instants: a written date may be beyond what fits in milliseconds.
        Instant at = tweet.getLabeledAt();
        if (at.isBefore(Instant.EPOCH)) return invalid(Reason.INVALID_FIELD, "labeledAt is " + at + ", before 1970");
        if (at.isAfter(received.plus(TweetLimits.LARGEST_CLOCK_LEAD)))
            return invalid(Reason.INVALID_FIELD, "labeledAt is in the future: " + at);
        return Optional.empty();
    }

    private static Optional<CheckedLabel.Invalid> tooLong(Reason reason, String what, String value, int longest) {
        return invalid(reason, what + " has " + value.length() + " characters, more than " + longest);
    }

    private static Optional<CheckedLabel.Invalid> invalid(Reason reason, String detail) {
        return Optional.of(new CheckedLabel.Invalid(reason, detail));
    }
}
