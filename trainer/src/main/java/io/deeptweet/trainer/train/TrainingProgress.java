// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import java.time.Duration;

/** Receives the progress of a training. All methods do nothing unless they are overridden. */
public interface TrainingProgress {
    /** Reports nothing. */
    TrainingProgress NONE = new TrainingProgress() {};

    /**
     * The teacher has encoded some of the texts.
     *
     * @param done texts so far
     * @param all texts in total
     * @param left estimated time until all texts are encoded
     */
    default void teacherEncoded(int done, int all, double textsPerSecond, Duration left) {}

    /**
     * The teacher's head has been trained for an epoch.
     *
     * @param done epochs so far
     * @param all epochs in total
     * @param left estimated time until the last epoch is done
     */
    default void teacherEpoch(int done, int all, Duration left) {}

    /**
     * An interrupted training resumes from its checkpoint.
     *
     * @param epochs that are done already
     */
    default void resumed(int epochs) {}

    /**
     * A step of training is done.
     *
     * @param epoch from 1
     * @param share of the epoch that is done, in (0, 1]
     * @param loss mean over the epoch so far
     * @param samplesPerSecond over the epoch so far
     * @param left estimated time until the last epoch is done
     */
    default void batch(int epoch, double share, double loss, double samplesPerSecond, Duration left) {}

    /**
     * An epoch is trained and evaluated on the validation texts.
     *
     * @param best whether its validation loss is the lowest so far
     */
    default void epoch(Epoch epoch, boolean best) {}
}
