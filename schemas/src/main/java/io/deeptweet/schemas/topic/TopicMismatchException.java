// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/**
 * DeepTweet would lose or misplace records with the topics that exist. The message has a sentence for each difference.
 */
public final class TopicMismatchException extends InvalidConfigurationException {
    private static final long serialVersionUID = 1L;

    public TopicMismatchException(List<TopicDifference> differences) {
        super(differences.stream()
                .filter(TopicDifference::fatal)
                .map(TopicDifference::toString)
                .collect(Collectors.joining("; ")));
    }
}
