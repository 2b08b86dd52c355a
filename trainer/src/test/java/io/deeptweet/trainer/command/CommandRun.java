// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** What a command of the trainer printed, and its exit code. */
public record CommandRun(int code, String output, String error) {
    /** Runs a command with the options that lead to a broker and a registry. */
    public static CommandRun of(Map<String, Object> client, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--bootstrap-servers",
                client.get("bootstrap.servers").toString(),
                "--registry",
                client.get("schema.registry.url").toString()));
        return of(all.toArray(String[]::new));
    }

    /** Runs a command. */
    public static CommandRun of(String... arguments) {
        StringWriter output = new StringWriter();
        StringWriter error = new StringWriter();
        CommandLine command =
                Trainer.commandLine().setOut(new PrintWriter(output, true)).setErr(new PrintWriter(error, true));
        return new CommandRun(command.execute(arguments), output.toString(), error.toString());
    }
}
