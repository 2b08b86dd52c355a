// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.topics;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.trainer.command.CommandFailedException;
import io.deeptweet.trainer.command.KafkaOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code topics create}: creates the topics that are missing, so that the services need no right to do so. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = "Creates the topics that are missing, as the services would, and checks the others.")
final class CreateCommand implements Callable<Integer> {
    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private ReplicaOption replicas;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "4",
            description = "Partitions of new topics (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            defaultValue = "-1",
            description = "Replicas of new topics (default: the brokers' default.replication.factor).")
    private short replicationFactor;

    CreateCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() {
        TopicSetup setup;
        try {
            setup = new TopicSetup(partitions, replicationFactor, replicas.allowSingle());
        } catch (IllegalArgumentException e) {
            throw CommandFailedException.usage(e.getMessage());
        }
        PrintWriter out = command.commandLine().getOut();
        try (Admin admin = TopicsConnection.open(kafka, installation)) {
            TopicSetup.Outcome outcome = setup.ensure(admin);
            outcome.created().forEach(name -> out.println("created " + name));
            outcome.differences().forEach(out::println);
            if (outcome.created().isEmpty()) out.println("no topic was missing");
            out.flush();
        }
        return 0;
    }
}
