// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import io.deeptweet.cli.stack.Installation;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command that has run in this JVM: what it printed, and its exit code. */
public record CommandRun(int code, String out, String err) {
    /** Runs a command line as {@code deploy/deeptweet} does. */
    public static CommandRun of(Installation installation, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands = DeepTweet.commandLine(installation)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        int code = commands.execute(arguments);
        return new CommandRun(code, out.toString(), err.toString());
    }
}
