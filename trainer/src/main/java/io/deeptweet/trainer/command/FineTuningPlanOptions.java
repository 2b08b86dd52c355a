// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.trainer.plan.FineTuningPlan;
import io.deeptweet.trainer.train.FrozenLayers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that decide a fine-tuning: those of {@code fine-tune}, and of {@code benchmark}'s plans. */
@Command(defaultValueProvider = SettingDefaults.OfFineTune.class)
final class FineTuningPlanOptions {
    @Option(
            names = "--name",
            defaultValue = "fine-tuned",
            paramLabel = "NAME",
            description = "Beginning of the model's version (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(
            names = "--rehearsal",
            paramLabel = "RATIO",
            description = "Earlier texts to train on for each new one, above 0 (default: ${DEFAULT-VALUE}).")
    private double rehearsal;

    @Option(
            names = "--no-rehearsal",
            description = "Trains on the new texts alone; the model forgets some of the earlier ones.")
    private boolean withoutRehearsal;

    @Option(
            names = "--freeze",
            paramLabel = "NAME",
            description = "Layers that keep the parent's weights: none, embedding, or encoder, which is all but the"
                    + " last layer (default: ${DEFAULT-VALUE}).")
    private Freeze freeze;

    @Mixin
    private HyperparameterOptions hyperparameters;

    /** As the option has them. */
    enum Freeze {
        none(FrozenLayers.NONE),
        embedding(FrozenLayers.EMBEDDING),
        encoder(FrozenLayers.ENCODER);

        private final FrozenLayers layers;

        Freeze(FrozenLayers layers) {
            this.layers = layers;
        }
    }

    boolean withoutRehearsal() {
        return withoutRehearsal;
    }

    /** @throws CommandFailedException wrong usage, if a value is out of range */
    FineTuningPlan plan() {
        if (!(rehearsal > 0 && rehearsal < Double.POSITIVE_INFINITY))
            throw CommandFailedException.usage("--rehearsal is " + rehearsal + ": use a number above 0");
        return Options.accepted(() -> new FineTuningPlan(
                name, hyperparameters.of(freeze.layers), withoutRehearsal ? 0 : rehearsal, hyperparameters.threads()));
    }
}
