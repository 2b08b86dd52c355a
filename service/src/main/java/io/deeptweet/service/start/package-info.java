// SPDX-License-Identifier: Apache-2.0
/**
 * Starts a service: waits for Kafka and the schema registry, creates and checks the topics, and tells log and readiness
 * what the start waits for.
 */
package io.deeptweet.service.start;
