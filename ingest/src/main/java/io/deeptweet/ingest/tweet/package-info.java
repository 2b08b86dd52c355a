// SPDX-License-Identifier: Apache-2.0
/** Parses records into tweets and checks them. Needs neither Kafka nor HTTP. */
package io.deeptweet.ingest.tweet;
