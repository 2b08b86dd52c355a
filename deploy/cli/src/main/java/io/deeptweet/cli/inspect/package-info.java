// SPDX-License-Identifier: Apache-2.0
/** The command {@code inspect}: says what a file of tweets holds, without a broker. */
package io.deeptweet.cli.inspect;
