// SPDX-License-Identifier: Apache-2.0
/** Traces of records on their way through Kafka. */
package io.deeptweet.service.trace;
