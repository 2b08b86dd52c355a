// SPDX-License-Identifier: Apache-2.0
/** Runs the topology: the properties of Kafka Streams, temporary faults, and the shutdown. */
package io.deeptweet.classifier.stream;
