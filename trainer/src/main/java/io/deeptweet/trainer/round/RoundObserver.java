// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.trainer.label.LabelReader;

/** Is notified of labels that are read and of rounds that end, such as for metrics. */
public interface RoundObserver extends LabelReader.Observer {
    /** A round was committed. */
    void ended(TrainingRound round);
}
