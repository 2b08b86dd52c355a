// SPDX-License-Identifier: Apache-2.0
/** Sends tweets and rejected records to Kafka, those of sources in transactions with their positions. */
package io.deeptweet.ingest.publish;
