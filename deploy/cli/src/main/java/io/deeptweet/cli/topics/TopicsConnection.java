// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.topics;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.trainer.command.CommandFailedException;
import io.deeptweet.trainer.command.KafkaConnection;
import io.deeptweet.trainer.command.KafkaOptions;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** Connects the commands to Kafka. */
final class TopicsConnection {
    private TopicsConnection() {}

    /** @throws CommandFailedException if nothing accepts connections at Kafka's address */
    static Admin open(KafkaOptions options, Installation installation) {
        Map<String, String> client = options.clientSettings(installation.clientEnvironment());
        new KafkaConnection(client).brokerFault().ifPresent(fault -> {
            throw CommandFailedException.unreachable(fault);
        });
        return Admin.create(Map.copyOf(client));
    }
}
