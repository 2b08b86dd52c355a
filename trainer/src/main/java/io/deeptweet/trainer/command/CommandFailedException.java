// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

/** A command cannot be carried out, for a reason that it foresees: one sentence for the user, and the exit code. */
public final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    private CommandFailedException(int exitCode, String sentence, Throwable cause) {
        super(sentence, cause);
        this.exitCode = exitCode;
    }

    /** A failure with the exit code {@link Failures#FAILED}. */
    public static CommandFailedException failed(String sentence) {
        return new CommandFailedException(Failures.FAILED, sentence, null);
    }

    /** A failure with the exit code {@link Failures#FAILED}. */
    public static CommandFailedException failed(String sentence, Throwable cause) {
        return new CommandFailedException(Failures.FAILED, sentence, cause);
    }

    /** A failure with the exit code {@link Failures#USAGE}. */
    public static CommandFailedException usage(String sentence) {
        return new CommandFailedException(Failures.USAGE, sentence, null);
    }

    /** A failure with the exit code {@link Failures#UNREACHABLE}. */
    public static CommandFailedException unreachable(String sentence) {
        return new CommandFailedException(Failures.UNREACHABLE, sentence, null);
    }

    /** The same failure, its sentence after other words. */
    CommandFailedException after(String words) {
        return new CommandFailedException(exitCode, words + getMessage(), this);
    }

    /** The exit code of the command. */
    public int exitCode() {
        return exitCode;
    }
}
