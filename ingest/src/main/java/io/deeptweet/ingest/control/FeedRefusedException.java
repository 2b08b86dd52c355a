// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.control;

/** A change of a feed is not made. The message is a sentence for whoever asked for it. */
public final class FeedRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why a change is not made. */
    public enum Kind {
        /** A value is wrong. */
        INVALID,
        /** There is no such feed. */
        UNKNOWN,
        /** The feed is such that the change cannot be made. */
        CONFLICT,
        /** Kafka has not taken the change, or this instance has not applied it yet. */
        UNAVAILABLE
    }

    private final Kind kind;

    FeedRefusedException(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
