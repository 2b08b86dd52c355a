// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.topics;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.schemas.topic.FoundTopic;
import io.deeptweet.schemas.topic.Replication;
import io.deeptweet.schemas.topic.TopicAdmin;
import io.deeptweet.schemas.topic.TopicCheck;
import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.command.KafkaOptions;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code topics check}: the topics, and what is wrong with them. Changes nothing. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the topics with partitions, replicas and settings that differ; changes nothing.",
            "",
            "Exit code 1 if a service would refuse to start with them."
        })
final class CheckCommand implements Callable<Integer> {
    private static final String ROW = "%-50s %10s %8s %19s%n";

    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private ReplicaOption replicas;

    @Mixin
    private ApplicationOption application;

    CheckCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        try (Admin admin = TopicsConnection.open(kafka, installation)) {
            Set<String> names = TopicAdmin.names(admin);
            List<String> ours = Topics.all().stream().map(topic -> topic.name()).toList();
            List<String> shown = names.stream()
                    .filter(name -> ours.contains(name) || name.startsWith(application.id() + "-"))
                    .toList();
            out.printf(ROW, "topic", "partitions", "replicas", "min.insync.replicas");
            Map<String, FoundTopic> found = TopicAdmin.describe(admin, shown);
            found.values()
                    .forEach(topic -> out.printf(
                            Locale.ROOT,
                            ROW,
                            topic.name(),
                            topic.partitions(),
                            topic.replicas(),
                            topic.settings().get("min.insync.replicas")));
            List<TopicDifference> differences = TopicCheck.differences(
                    Topics.all().stream()
                            .filter(topic -> names.contains(topic.name()))
                            .toList(),
                    found,
                    new Replication(TopicAdmin.brokers(admin), replicas.allowSingle()));
            differences.forEach(out::println);
            ours.stream()
                    .filter(name -> !names.contains(name))
                    .forEach(name -> out.println("topic " + name
                            + " is missing: the services create it, or deploy/deeptweet topics create"));
            out.flush();
            return differences.stream().anyMatch(TopicDifference::fatal) ? 1 : 0;
        }
    }
}
