// SPDX-License-Identifier: Apache-2.0
/** Kills and freezes the processes of a stack under load, and checks every record afterwards. */
package io.deeptweet.cli.torture;
