// SPDX-License-Identifier: Apache-2.0
/** The trainer's commands, each of which runs in a JVM of its own. */
package io.deeptweet.cli.trainer;
