// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.trainer.command.Trainer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
        StringWriter output = new StringWriter();
        StringWriter error = new StringWriter();
        int code = Trainer.commandLine()
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(error, true))
                .execute(all.toArray(String[]::new));
        return new CommandRun(code, output.toString(), error.toString());
    }
}
