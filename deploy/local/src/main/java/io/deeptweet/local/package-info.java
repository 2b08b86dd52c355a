// SPDX-License-Identifier: Apache-2.0
/**
 * A real Kafka broker and a real schema registry as child processes, for {@code deeptweet up} and for integration
 * tests. Knows nothing of DeepTweet.
 */
package io.deeptweet.local;
