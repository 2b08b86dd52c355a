// SPDX-License-Identifier: Apache-2.0
/**
 * The trainer's commands, one class per command: each reads its options, calls the domain packages, and prints. Options
 * that several commands share are mixins, named {@code …Options}; {@link io.deeptweet.trainer.command.Failures} turns
 * every failure into a sentence and an exit code.
 */
package io.deeptweet.trainer.command;
