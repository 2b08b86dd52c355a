// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.trainer.label.LabelProgress;
import io.deeptweet.trainer.label.LabelReader;
import io.deeptweet.trainer.label.LabelStore;
import io.deeptweet.trainer.label.ScoredTweets;
import io.deeptweet.trainer.publish.ModelTopic;
import java.util.List;
import java.util.Map;

/**
 * The topics that rounds read.
 *
 * @param kafka client settings: {@code bootstrap.servers}, security
 */
record RoundTopics(Map<String, Object> kafka, SchemaIds ids, ModelTopic models, RoundTopic rounds, DriftTopic drift) {
    /** Characters of recent texts that a round keeps: about 16 MB. */
    private static final long RECENT_CHARACTERS = 8_000_000;

    static RoundTopics of(Map<String, Object> kafka, SchemaIds ids, ModelTopic models) {
        return new RoundTopics(kafka, ids, models, new RoundTopic(kafka, ids), new DriftTopic(kafka, ids));
    }

    /**
     * Texts of the latest scored tweets, to compare verdicts on.
     *
     * @param most how many of each partition at most
     */
    List<String> recentTexts(int most) {
        return most == 0 ? List.of() : ScoredTweets.latestTexts(kafka, ids, most, RECENT_CHARACTERS);
    }

    /** A reader of {@code tweets.labeled}, to be closed. */
    LabelReader labels(LabelStore store, LabelProgress progress, LabelReader.Observer observer) {
        return new LabelReader(kafka, ids, store, progress, observer);
    }
}
