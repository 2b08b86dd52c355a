// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.audit;

import io.deeptweet.schemas.text.UntrustedText;
import java.util.Optional;

/**
 * Who changes which model scores, and why.
 *
 * @param channel how it is asked for: {@code http}, {@code command}, {@code round} or {@code start}
 * @param actor who does it; on one line, cut to {@value #LONGEST_ACTOR} characters
 * @param reason in a sentence; on one line, cut to {@value #LONGEST_REASON} characters; may be empty
 */
public record ChangeOrigin(String channel, String actor, String reason) {
    /** Most characters of a reason, in UTF-16 units. */
    public static final int LONGEST_REASON = 500;

    private static final int LONGEST_ACTOR = 100;

    public ChangeOrigin {
        actor = UntrustedText.shortened(UntrustedText.oneLine(actor), LONGEST_ACTOR);
        reason = UntrustedText.shortened(UntrustedText.oneLine(reason).strip(), LONGEST_REASON);
    }

    /**
     * A request over HTTP.
     *
     * @param user who has authenticated; empty if nobody has
     */
    public static ChangeOrigin http(Optional<String> user, String reason) {
        return new ChangeOrigin("http", user.orElse("unknown"), reason);
    }

    /** A command, by the operating system's user who runs it. */
    public static ChangeOrigin command(String reason) {
        return new ChangeOrigin("command", System.getProperty("user.name", "unknown"), reason);
    }

    /** A round of fine-tuning. */
    public static ChangeOrigin round(int number, String reason) {
        return new ChangeOrigin("round", "round " + number, reason);
    }

    /** The start of the trainer. */
    public static ChangeOrigin start(String reason) {
        return new ChangeOrigin("start", "trainer", reason);
    }
}
