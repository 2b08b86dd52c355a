// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.tail;

import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;

/** The topics, by the names that {@code tail} knows them by: these are typed, so they are in lower case. */
enum TailTopic {
    raw,
    scored,
    shadow,
    deleted,
    labeled,
    windows,
    drift,
    alerts,
    rules,
    rejected,
    models,
    rounds,
    audit,
    positions,
    feeds;

    Topic topic() {
        return switch (this) {
            case raw -> Topics.RAW;
            case scored -> Topics.SCORED;
            case shadow -> Topics.SHADOW;
            case deleted -> Topics.DELETED;
            case labeled -> Topics.LABELED;
            case windows -> Topics.WINDOWS;
            case drift -> Topics.DRIFT;
            case alerts -> Topics.ALERTS;
            case rules -> Topics.ALERT_RULES;
            case rejected -> Topics.REJECTED;
            case models -> Topics.MODELS;
            case rounds -> Topics.ROUNDS;
            case audit -> Topics.AUDIT;
            case positions -> Topics.POSITIONS;
            case feeds -> Topics.FEEDS;
        };
    }
}
