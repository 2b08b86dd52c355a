// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.topics;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.schemas.topic.TopicAdmin;
import io.deeptweet.schemas.topic.TopicGrowth;
import io.deeptweet.trainer.command.CommandFailedException;
import io.deeptweet.trainer.command.KafkaOptions;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code topics grow}: gives the topics of tweets more partitions, all of them the same number. */
@Command(
        name = "grow",
        mixinStandardHelpOptions = true,
        description = {
            "Gives tweets.raw, tweets.scored, tweets.shadow and tweets.rejected more partitions.",
            "",
            "Stop the classifiers before, and start them after: they grow their internal topics. Ingest and trainer may"
                    + " go on. Without --partitions, all get as many as the largest of them."
        })
final class GrowCommand implements Callable<Integer> {
    private final Installation installation;

    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--partitions", paramLabel = "N", description = "The new number of partitions.")
    private Optional<Integer> partitions;

    @Mixin
    private ApplicationOption application;

    GrowCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() {
        if (partitions.isPresent() && (partitions.get() < 1 || partitions.get() > 10_000))
            throw CommandFailedException.usage("--partitions is " + partitions.get() + ": use 1 to 10000");
        PrintWriter out = command.commandLine().getOut();
        try (Admin admin = TopicsConnection.open(kafka, installation)) {
            requireNoClassifier(admin);
            TopicGrowth.Growth growth =
                    TopicGrowth.grow(admin, partitions.map(OptionalInt::of).orElse(OptionalInt.empty()));
            new TreeMap<>(growth.before())
                    .forEach((topic, before) ->
                            out.println(topic + " had " + before + " partitions and has " + growth.partitions()));
            if (growth.before().isEmpty())
                out.println("nothing to do: all topics of tweets have " + growth.partitions() + " partitions");
            out.flush();
        }
        return 0;
    }

    private void requireNoClassifier(Admin admin) {
        String applicationId = application.id();
        int members;
        try {
            members = TopicAdmin.await(admin.describeConsumerGroups(List.of(applicationId))
                            .describedGroups()
                            .get(applicationId))
                    .members()
                    .size();
        } catch (GroupIdNotFoundException e) {
            members = 0;
        }
        if (members > 0)
            throw CommandFailedException.unreachable(members + " stream threads of " + applicationId
                    + " are running, and would stop with an error: stop the classifiers first (one that was killed"
                    + " counts until its session ends, 15 s)");
    }
}
