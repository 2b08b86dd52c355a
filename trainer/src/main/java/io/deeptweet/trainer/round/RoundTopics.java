// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.trainer.label.LabelProgress;
import io.deeptweet.trainer.label.LabelReader;
import io.deeptweet.trainer.label.LabelStore;
import io.deeptweet.trainer.publish.ModelTopic;
import java.util.Map;

/**
 * The topics that rounds read.
 *
 * @param kafka client settings: {@code bootstrap.servers}, security
 */
record RoundTopics(Map<String, Object> kafka, SchemaIds ids, ModelTopic models, RoundTopic rounds, DriftTopic drift) {
    static RoundTopics of(Map<String, Object> kafka, SchemaIds ids, ModelTopic models) {
        return new RoundTopics(kafka, ids, models, new RoundTopic(kafka, ids), new DriftTopic(kafka, ids));
    }

    /** A reader of {@code tweets.labeled}, to be closed. */
    LabelReader labels(LabelStore store, LabelProgress progress, LabelReader.Observer observer) {
        return new LabelReader(kafka, ids, store, progress, observer);
    }
}
