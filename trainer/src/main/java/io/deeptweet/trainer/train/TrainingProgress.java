// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import java.time.Duration;

/** Is told how training goes on. */
public interface TrainingProgress {
    /**
     * The teacher read some of the texts.
     *
     * @param done how many so far
     * @param all how many there are
     * @param left until it has read them all
     */
    void teacherEncoded(int done, int all, double textsPerSecond, Duration left);

    /**
     * The teacher learned the labels of what it read.
     *
     * @param done how many times so far
     * @param all how many times it will
     * @param left until then
     */
    void teacherEpoch(int done, int all, Duration left);

    /** An earlier training goes on, of which so many epochs are done. */
    void resumed(int epochs);

    /**
     * A batch was learned.
     *
     * @param epoch from 1
     * @param share of the epoch that is done, in (0, 1]
     * @param loss mean over the epoch so far
     * @param samplesPerSecond over the epoch so far
     * @param left until the last epoch would be done
     */
    void batch(int epoch, double share, double loss, double samplesPerSecond, Duration left);

    /**
     * An epoch is over and validated.
     *
     * @param best whether its weights are the best so far, and kept
     */
    void epoch(Epoch epoch, boolean best);
}
