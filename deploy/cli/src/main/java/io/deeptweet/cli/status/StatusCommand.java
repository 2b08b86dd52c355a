// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.status;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.ServiceClient;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.trainer.command.CommandFailedException;
import io.deeptweet.trainer.command.KafkaOptions;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code status}: what runs, and how it is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Shows services, models, feeds, drift, topics and lag.",
            "",
            "Every classifier that shares the work is found, wherever it runs, by the addresses that they tell each"
                    + " other. Exit code 3 if something is down."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deploy/deeptweet status",
            "  deploy/deeptweet status --json | jq .topics",
            "  deploy/deeptweet status --json |",
            "      jq -r '.services.classifier.instances[] | .address + \" \" + .says.activeModel'"
        })
public final class StatusCommand implements Callable<Integer> {
    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--json", description = "Prints a JSON object.")
    private boolean json;

    /** @param installation where a running stack has left its addresses */
    public StatusCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() {
        Map<String, String> running = installation.runningStack().addresses().orElse(Map.of());
        List<String> down = new ArrayList<>();
        ObjectNode status = new ServiceStatus(running, down, ServiceClient.of(installation.environment())).read();
        KafkaStatus broker = new KafkaStatus(kafka.clientSettings(installation.clientEnvironment()));
        status.put("broker", broker.address());
        broker.read(status.putObject("topics")).ifPresent(fault -> {
            status.put("brokerFault", fault);
            down.add(fault);
        });
        PrintWriter out = command.commandLine().getOut();
        if (json)
            out.println(status.toPrettyString().lines().map(UntrustedText::json).collect(Collectors.joining("\n")));
        else new StatusText(out).print(status);
        out.flush();
        if (!down.isEmpty()) throw CommandFailedException.unreachable(String.join("; ", down));
        return 0;
    }
}
