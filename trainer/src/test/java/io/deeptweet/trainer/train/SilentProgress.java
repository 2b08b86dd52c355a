// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import java.time.Duration;

/** Tells nobody. */
class SilentProgress implements TrainingProgress {
    static final SilentProgress INSTANCE = new SilentProgress();

    @Override
    public void teacherEncoded(int done, int all, double textsPerSecond, Duration left) {}

    @Override
    public void teacherEpoch(int done, int all, Duration left) {}

    @Override
    public void resumed(int epochs) {}

    @Override
    public void batch(int epoch, double share, double loss, double samplesPerSecond, Duration left) {}

    @Override
    public void epoch(Epoch epoch, boolean best) {}
}
