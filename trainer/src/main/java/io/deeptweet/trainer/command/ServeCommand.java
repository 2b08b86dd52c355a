// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.trainer.service.TrainerService;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code serve}: the trainer as a service. */
@Command(
        name = "serve",
        description = {
            "Runs the trainer as a service, until it is stopped.",
            "",
            "Publishes the default model where there is none, takes labels at /labels, runs fine-tuning rounds, and"
                    + " lists models at /models and rounds at /rounds. Settings are properties or environment"
                    + " variables; docs/settings.md lists them."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet serve",
            "  KAFKA_BOOTSTRAP_SERVERS=broker:9092 DEEPTWEET_ROUND_LABELS=500 deeptweet serve"
        })
final class ServeCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return TrainerService.serve();
    }
}
