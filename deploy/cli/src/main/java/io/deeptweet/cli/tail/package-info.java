// SPDX-License-Identifier: Apache-2.0
/** The command {@code tail}, which prints a topic's records. */
package io.deeptweet.cli.tail;
