// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.distill.Distillation;
import io.deeptweet.trainer.network.NativeThreads;
import io.deeptweet.trainer.train.FrozenLayers;
import io.deeptweet.trainer.train.Hyperparameters;
import io.deeptweet.trainer.train.ModelTrainer;
import io.deeptweet.trainer.train.TrainedModel;
import io.deeptweet.trainer.train.TrainingResult;
import io.deeptweet.trainer.train.TrainingTargets;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fine-tune}: a model from another and from newer texts. */
@Command(
        name = "fine-tune",
        description = {
            "Trains a model further on other labelled texts and writes the result with its evaluation. Pipeline, vocabulary and maximum length stay the parent's.",
            "",
            "Three fifths of the texts are learned, a fifth tells when to stop and which epoch to keep, and a fifth measures the result. Texts of --rehearse are mixed in, "
                    + "so that what they taught is not forgotten; none of them changes the side that train gave it with the same seed."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        defaultValueProvider = SettingDefaults.OfFineTune.class,
        footer = {
            "",
            "Examples:",
            "  fine-tune --model v1.safetensors --data newer.csv --rehearse training.csv.gz --out v2.safetensors",
            "  fine-tune --data mine.csv --no-rehearsal --freeze encoder --out mine.safetensors",
            "",
            "Exit codes: 0 the model was written, 1 it was not, 2 wrong usage."
        })
final class FineTuneCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions parent;

    @Mixin
    private DataOptions data;

    @Mixin
    private TrainingOptions options;

    @Option(
            names = "--name",
            defaultValue = "fine-tuned",
            paramLabel = "NAME",
            description = "What the model's version begins with.")
    private String name;

    @Option(
            names = "--rehearse",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Labelled texts that the parent learned from, of which some are learned again.")
    private List<Path> rehearse = List.of();

    @Option(names = "--rehearsal", paramLabel = "RATIO", description = "So many earlier texts for each new one.")
    private double rehearsal;

    @Option(names = "--no-rehearsal", description = "Learn from the new texts alone, and forget some of the old.")
    private boolean withoutRehearsal;

    @Option(
            names = "--freeze",
            paramLabel = "NAME",
            description = "What keeps the parent's weights: none, embedding, or encoder (all but the last layer).")
    private Freeze freeze;

    @Option(names = "--epochs", paramLabel = "N", description = "Most passes over the training texts.")
    private int epochs;

    @Option(names = "--learning-rate", paramLabel = "RATE", description = "Adam's learning rate, at first.")
    private double learningRate;

    /** As users write it. */
    enum Freeze {
        none(FrozenLayers.NONE),
        embedding(FrozenLayers.EMBEDDING),
        encoder(FrozenLayers.ENCODER);

        private final FrozenLayers meant;

        Freeze(FrozenLayers meant) {
            this.meant = meant;
        }
    }

    @Override
    public Integer call() throws IOException, InvalidArtefactException, InvalidModelException {
        PrintWriter terminal = spec.commandLine().getOut();
        settings();
        if (rehearse.isEmpty() != withoutRehearsal)
            throw options.wrong(
                    "give either --rehearse with the texts that the parent learned from, or --no-rehearsal");
        options.folder();

        ModelArtefact from = parent.read();
        Split.Assignments sides = new Split.Assignments();
        options.holdOut(sides, from.pipeline(), from.maximumLength());
        List<TrainingData> earlier = new ArrayList<>();
        if (!rehearse.isEmpty()) {
            List<DataSet> sets = new ArrayList<>();
            for (Path file : rehearse) sets.add(DataSetReader.read(file));
            earlier.add(TrainingData.of(
                    sets, from.pipeline(), from.maximumLength(), 0, Split.FROM_SCRATCH, options.seed, sides));
        }
        TrainingData fresh = TrainingData.of(
                data.read(),
                from.pipeline(),
                from.maximumLength(),
                options.limit,
                Split.FINE_TUNING,
                options.seed,
                sides);
        fresh = options.withUnlabeled(fresh, from.pipeline(), from.maximumLength(), sides);
        Map<String, List<Example>> others = earlier.isEmpty()
                ? Map.of()
                : Map.of("earlier test", earlier.get(0).split().test());
        options.write(made(from, fresh, earlier, others, terminal), terminal);
        return 0;
    }

    /** All that was asked for, by the options' names; what can't be is wrong usage. */
    Map<String, Object> settings() {
        if (!(rehearsal > 0)) throw options.wrong("--rehearsal is " + rehearsal + ": a number above 0 is needed");
        Map<String, Object> settings = hyperparameters().settings();
        settings.put("--rehearsal", withoutRehearsal ? 0 : rehearsal);
        return settings;
    }

    private Hyperparameters hyperparameters() {
        return options.hyperparameters(name, epochs, learningRate, freeze.meant);
    }

    /** Fresh material, and as much of the earlier as the options say. */
    TrainingData material(TrainingData fresh, List<TrainingData> earlier) {
        return fresh.withRehearsal(withoutRehearsal ? List.of() : earlier, rehearsal, options.seed);
    }

    /**
     * A model from another and from fresh material, made as the options say.
     *
     * @param earlier what is rehearsed
     * @param others more texts to measure on, by what they are
     */
    TrainedModel made(
            ModelArtefact from,
            TrainingData fresh,
            List<TrainingData> earlier,
            Map<String, List<Example>> others,
            PrintWriter terminal)
            throws IOException {
        earlier.forEach(terminal::println);
        terminal.println(fresh);
        terminal.flush();
        TrainingData material = material(fresh, earlier);

        NativeThreads.limit(options.threads);
        Hyperparameters hyperparameters = hyperparameters();
        TerminalProgress progress = TerminalProgress.on(terminal);
        TrainingTargets targets = Distillation.fineTuning(
                fresh,
                material.split(),
                KernelScorer.of(from),
                hyperparameters.teacherShare(),
                TrainedModel.teacherFile(options.out),
                progress);
        TrainingResult result = new ModelTrainer(hyperparameters)
                .fineTune(
                        from.weights(),
                        targets,
                        from.vocabulary(),
                        Optional.of(TrainedModel.checkpointFolder(options.out)),
                        progress);
        return TrainedModel.of(
                name, Optional.of(from), TrainedModel.InputEncoding.of(from), material, settings(), result, others);
    }
}
