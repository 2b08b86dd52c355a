// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import io.deeptweet.local.LogLimit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** How much of the logs is kept. */
final class LogOptions {
    private static final int MOST_FILES = 1_000;

    /** In bytes; of less, the line that says that the broker is ready could be deleted before it is seen. */
    private static final long LEAST_KEPT = 256 << 10;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--log-size",
            paramLabel = "SIZE",
            defaultValue = "10m",
            converter = Size.class,
            description = "Largest log file of a process, in kilobytes (64k) or megabytes; a new one is started then"
                    + " (default: ${DEFAULT-VALUE}).")
    private long size;

    @Option(
            names = "--log-files",
            paramLabel = "N",
            defaultValue = "5",
            description = "Most log files of a process; the oldest is deleted (default: ${DEFAULT-VALUE}).")
    private int files;

    /** @throws ParameterException if there is no such number of files, or too little is kept */
    void requireValid() {
        if (files < 2 || files > MOST_FILES)
            throw new ParameterException(command.commandLine(), "--log-files is " + files + ": use 2 to " + MOST_FILES);
        if (size * files < LEAST_KEPT)
            throw new ParameterException(
                    command.commandLine(),
                    "--log-size and --log-files keep " + (size * files >> 10) + " kB of a process: use "
                            + (LEAST_KEPT >> 10) + " kB or more, such as --log-size 64k --log-files 4");
    }

    LogLimit limit() {
        return new LogLimit(size, files);
    }

    /** Reads {@code 64k} and {@code 10m} as bytes. */
    static final class Size implements ITypeConverter<Long> {
        private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,5})([kKmM])");

        @Override
        public Long convert(String text) {
            Matcher matcher = TEXT.matcher(text);
            if (!matcher.matches())
                throw new TypeConversionException("is " + text + ": use 1k to 999999m, such as 64k or 10m");
            return Long.parseLong(matcher.group(1)) << (matcher.group(2).equalsIgnoreCase("k") ? 10 : 20);
        }
    }
}
