// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.trainer.data.DataException;
import io.deeptweet.trainer.train.TrainingRun;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says in one sentence what went wrong; only what nobody foresaw comes with a stack trace. */
final class Failures implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments)
            throws Exception {
        command.getErr().println(command.getColorScheme().errorText(sentence(failure)));
        return ExitCode.SOFTWARE;
    }

    private static String sentence(Exception failure) throws Exception {
        if (failure instanceof NoSuchFileException missing) return missing.getFile() + " does not exist";
        if (failure instanceof AccessDeniedException denied)
            return denied.getFile() + " can't be opened: no permission";
        if (failure instanceof FileAlreadyExistsException there)
            return there.getFile() + " is a file, a folder is needed";
        if (failure instanceof IOException
                || failure instanceof InvalidArtefactException
                || failure instanceof DataException
                || failure instanceof TrainingRun.DivergedException
                || failure instanceof InvalidModelException) return failure.getMessage();
        // Kafka wraps: the cause says what is wrong with which setting, or who did not answer.
        if (failure instanceof KafkaException)
            return failure.getMessage()
                    + (failure.getCause() instanceof KafkaException cause ? ": " + cause.getMessage() : "");
        throw failure;
    }
}
