// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.tail;

import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;

/** The topics, by the names that {@code tail} knows them by: these are typed, so they are in lower case. */
enum TailTopic {
    raw(Topics.RAW),
    scored(Topics.SCORED),
    shadow(Topics.SHADOW),
    labeled(Topics.LABELED),
    windows(Topics.WINDOWS),
    drift(Topics.DRIFT),
    rejected(Topics.REJECTED),
    models(Topics.MODELS),
    rounds(Topics.ROUNDS);

    private final Topic topic;

    TailTopic(Topic topic) {
        this.topic = topic;
    }

    Topic topic() {
        return topic;
    }
}
