// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.serde.RegistryUnavailableException;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.trainer.data.DataException;
import io.deeptweet.trainer.train.TrainingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * How every command reports a failure: one sentence on standard error, after the command's name, and an exit code. A
 * failure of any other kind is a defect, and comes with its stack trace.
 */
public final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    /** Exit code: failed, for the reason printed. */
    static final int FAILED = ExitCode.SOFTWARE;

    /** Exit code: wrong usage. */
    static final int USAGE = ExitCode.USAGE;

    /** Exit code: something cannot be reached, such as Kafka. */
    static final int UNREACHABLE = 3;

    private record Failure(int exitCode, String sentence) {}

    @Override
    public int handleExecutionException(Exception exception, CommandLine command, ParseResult arguments)
            throws Exception {
        Failure failure = known(exception).orElseThrow(() -> exception);
        print(command, failure.sentence);
        if (failure.exitCode == USAGE) printHelpHint(command);
        return failure.exitCode;
    }

    /** The sentence, and how to get help. The whole help would scroll the sentence out of sight. */
    @Override
    public int handleParseException(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        print(command, exception.getMessage());
        UnmatchedArgumentException.printSuggestions(exception, command.getErr());
        printHelpHint(command);
        return USAGE;
    }

    private static void printHelpHint(CommandLine command) {
        command.getErr().println("Usage and options: " + name(command) + " --help");
    }

    private static void print(CommandLine command, String sentence) {
        // A sentence may quote what others wrote: names of models, columns of tables.
        String line = name(command) + ": " + UntrustedText.oneLine(sentence);
        command.getErr().println(command.getColorScheme().errorText(line));
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    private static Optional<Failure> known(Exception exception) {
        if (exception instanceof CommandFailedException failure)
            return Optional.of(new Failure(failure.exitCode(), failure.getMessage()));
        if (exception instanceof UncheckedIOException unchecked) return known(unchecked.getCause());
        if (exception instanceof KafkaException kafka) return Optional.of(ofKafka(kafka));
        if (exception instanceof IOException
                || exception instanceof InvalidArtefactException
                || exception instanceof DataException
                || exception instanceof TrainingRun.DivergedException
                || exception instanceof InvalidModelException)
            return Optional.of(new Failure(FAILED, sentence(exception)));
        return Optional.empty();
    }

    /** What is wrong, after the file's name, which the exceptions of {@code java.nio.file} keep apart. */
    private static String sentence(Exception exception) {
        if (exception instanceof NoSuchFileException missing)
            return missing.getFile() + " does not exist: check the path";
        return exception instanceof FileSystemException failed
                ? failed.getFile() + ": " + reason(failed)
                : reason(exception);
    }

    /** What is wrong, without the file's name. */
    static String reason(Exception exception) {
        if (exception instanceof NoSuchFileException) return "no such folder";
        if (exception instanceof AccessDeniedException) return "no permission";
        if (exception instanceof FileAlreadyExistsException) return "it is a file, a folder is needed";
        if (exception instanceof FileSystemException failed && failed.getReason() != null) return failed.getReason();
        return exception.getMessage() == null ? exception.toString() : exception.getMessage();
    }

    private static Failure ofKafka(KafkaException exception) {
        // Kafka wraps: the cause names the setting that is wrong, or what did not answer.
        String message = exception.getMessage()
                + (exception.getCause() instanceof KafkaException cause ? ": " + cause.getMessage() : "");
        if (has(exception, ConfigException.class))
            return new Failure(USAGE, message + ": correct --bootstrap-servers, --registry or --kafka-config");
        if (has(exception, RegistryUnavailableException.class))
            return new Failure(UNREACHABLE, message + ": start it, or name another by --registry");
        if (has(exception, TimeoutException.class) || has(exception, DisconnectException.class))
            return new Failure(
                    UNREACHABLE,
                    "Kafka does not answer (" + message + "): start it, or name another by --bootstrap-servers");
        return new Failure(FAILED, message);
    }

    private static boolean has(Throwable exception, Class<?> type) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause())
            if (type.isInstance(cause)) return true;
        return false;
    }

    /** A failure with a sentence of its own, and the exit code that its cause has. */
    static CommandFailedException ofCause(Throwable cause, String sentence) {
        int exitCode = cause instanceof KafkaException kafka ? ofKafka(kafka).exitCode : FAILED;
        return exitCode == UNREACHABLE
                ? CommandFailedException.unreachable(sentence)
                : CommandFailedException.failed(sentence, cause);
    }
}
