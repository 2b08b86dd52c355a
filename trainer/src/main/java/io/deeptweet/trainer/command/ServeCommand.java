// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.trainer.service.TrainerService;
import io.quarkus.runtime.Quarkus;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;

@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description =
                "Runs the trainer as a service: publishes the default model where there is none, takes labels at /labels, fine-tunes in rounds, and lists models at /models and rounds at /rounds.",
        footerHeading = "%nSettings are properties or environment variables, such as:%n",
        footer = {"  KAFKA_BOOTSTRAP_SERVERS=localhost:9092 KAFKA_SCHEMA_REGISTRY_URL=http://localhost:8081 … serve"})
final class ServeCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        AtomicInteger exitCode = new AtomicInteger();
        Quarkus.run(TrainerService.class, (code, failure) -> exitCode.set(code));
        return exitCode.get();
    }
}
