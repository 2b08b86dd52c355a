// SPDX-License-Identifier: Apache-2.0
/** The command {@code deeptweet}: one package per command, below; here is how they are put together. */
package io.deeptweet.cli;
