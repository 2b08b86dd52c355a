// SPDX-License-Identifier: Apache-2.0
/** The command {@code status}, which asks services and Kafka how they are. */
package io.deeptweet.cli.status;
