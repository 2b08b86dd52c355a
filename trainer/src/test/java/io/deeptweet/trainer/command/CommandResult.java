// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** What a command printed, and its exit code. */
record CommandResult(int code, String out, String err) {
    static CommandResult of(List<String> arguments) {
        return of(arguments.toArray(String[]::new));
    }

    static CommandResult of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                Trainer.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new CommandResult(command.execute(arguments), out.toString(), err.toString());
    }
}
