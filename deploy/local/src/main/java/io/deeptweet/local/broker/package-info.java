// SPDX-License-Identifier: Apache-2.0
/** What runs in the broker's process. Uses Kafka's server, which is on no other class path. */
package io.deeptweet.local.broker;
