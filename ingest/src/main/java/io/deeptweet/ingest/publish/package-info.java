// SPDX-License-Identifier: Apache-2.0
/** Sends tweets and rejected records to Kafka. */
package io.deeptweet.ingest.publish;
