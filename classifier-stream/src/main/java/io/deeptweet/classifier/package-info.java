// SPDX-License-Identifier: Apache-2.0
/**
 * The Kafka Streams topology that scores tweets and counts windows. Start at
 * {@link io.deeptweet.classifier.SentimentTopology}.
 */
package io.deeptweet.classifier;
