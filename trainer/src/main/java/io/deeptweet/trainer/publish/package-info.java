// SPDX-License-Identifier: Apache-2.0
/** Publishes and activates models on {@code sentiment.models}, and writes to Kafka in transactions. */
package io.deeptweet.trainer.publish;
