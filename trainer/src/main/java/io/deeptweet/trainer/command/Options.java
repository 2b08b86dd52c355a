// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import java.util.function.Supplier;

/** Checks the values of options, where picocli knows their type only. */
final class Options {
    private Options() {}

    /** @throws CommandFailedException wrong usage, if the value is too small */
    static void atLeast(String option, long least, long value) {
        if (value < least) throw CommandFailedException.usage(option + " is " + value + ": use " + least + " or more");
    }

    /**
     * What a domain class makes of options.
     *
     * @throws CommandFailedException wrong usage, if the class refuses them by an {@link IllegalArgumentException},
     *     whose message then is for the user
     */
    static <T> T accepted(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw CommandFailedException.usage(e.getMessage());
        }
    }
}
