// SPDX-License-Identifier: Apache-2.0
/** Kills and freezes the processes of a stack under load, and accounts for every record afterwards. */
package io.deeptweet.cli.torture;
