// SPDX-License-Identifier: Apache-2.0
/** The command {@code up}, which runs the whole stack and shows what the stream does. */
package io.deeptweet.cli.up;
