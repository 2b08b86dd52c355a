// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.plan.FineTuningPlan;
import io.deeptweet.trainer.train.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            "Trains a model further on newer labelled texts.",
            "",
            "Pipeline, vocabulary, maximum length and classes are the parent's. Splits the texts into"
                    + " 60 %% for training, 20 %% for validation and 20 %% for the test. Texts of --rehearse are"
                    + " mixed in, so that the model does not forget them; each stays in the subset that train"
                    + " put it in with the same seed.",
            "",
            "Writes the model, and beside it report.md, report.json and pictures. After an interruption, the same"
                    + " command resumes from the last completed epoch."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet fine-tune --model models/my-base.safetensors --data newer.csv \\",
            "      --rehearse training.csv.gz --out models/my-newer.safetensors",
            "  deeptweet fine-tune --data mine.csv --no-rehearsal --freeze encoder \\",
            "      --out models/mine.safetensors"
        })
final class FineTuneCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private ModelOptions parent;

    @Mixin
    private TrainingFileOptions files;

    @Mixin
    private FineTuningPlanOptions options;

    @Option(
            names = "--rehearse",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Labelled texts that the parent was trained on; some of them are trained on again.")
    private List<Path> rehearse = List.of();

    @Override
    public Integer call() throws IOException, InvalidArtefactException, InvalidModelException {
        FineTuningPlan plan = options.plan();
        if (rehearse.isEmpty() != options.withoutRehearsal())
            throw CommandFailedException.usage(
                    "give either --rehearse with the texts that the parent was trained on, or --no-rehearsal");
        files.check(rehearse);
        InputFiles.readable(rehearse);
        ModelArtefact model = parent.read();
        TextPipeline pipeline = model.pipeline();
        int maximumLength = model.maximumLength();
        long seed = plan.hyperparameters().seed();
        Split.Assignments assignments = files.heldOut(pipeline, maximumLength);
        List<TrainingData> earlier = new ArrayList<>();
        if (!rehearse.isEmpty())
            earlier.add(TrainingData.of(
                    DataOptions.read(rehearse).stream()
                            .map(set -> set.forModel(model))
                            .toList(),
                    pipeline,
                    maximumLength,
                    0,
                    Split.FROM_SCRATCH,
                    seed,
                    assignments));
        TrainingData fresh =
                files.read(set -> set.forModel(model), pipeline, maximumLength, Split.FINE_TUNING, seed, assignments);
        Map<String, List<Example>> otherTests = new LinkedHashMap<>();
        earlier.forEach(data -> otherTests.put("earlier test", data.split().test()));

        PrintWriter terminal = command.commandLine().getOut();
        earlier.forEach(terminal::println);
        terminal.println(fresh);
        terminal.flush();
        TrainedModel tuned = plan.train(model, fresh, earlier, otherTests, files.out(), TerminalProgress.on(terminal));
        files.write(tuned, terminal);
        return 0;
    }
}
