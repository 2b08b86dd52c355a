// SPDX-License-Identifier: Apache-2.0
/** The command {@code bench}, which measures the whole stream on this machine. */
package io.deeptweet.cli.bench;
