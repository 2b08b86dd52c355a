// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.progress;

/** What the start does where the group's offsets are gone, or the records at them. */
public enum LostOffsets {
    /** Refuses to start, and says what is lost. */
    STOP,
    /** Goes on at the recorded progress, or at the earliest record behind it. */
    RECORDED,
    /** Starts again at the earliest record. */
    EARLIEST
}
