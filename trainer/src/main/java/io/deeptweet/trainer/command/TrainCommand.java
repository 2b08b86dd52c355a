// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code train}: a model from labelled texts. */
@Command(
        name = "train",
        description = {
            "Trains a model from scratch on labelled texts.",
            "",
            "The model has three classes if one of the files has neutral texts. A file without neutral texts teaches it"
                    + " to tell negative from positive, but not whether a text has an opinion.",
            "",
            "Splits the texts into 80 %% for training, 10 %% for validation and 10 %% for the test. Validation decides"
                    + " when to stop and which epoch to keep.",
            "",
            "Writes the model, and beside it report.md, report.json and pictures. After an interruption, the same"
                    + " command resumes from the last completed epoch."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet train --data training.csv.gz --out models/my-base.safetensors",
            "  deeptweet train --data training.csv.gz --out models/quick.safetensors \\",
            "      --limit 20000 --epochs 2 --teacher-share 0",
            "  deeptweet train --data reviews.tsv tweets.csv --generated 100000 \\",
            "      --sources my-sources.yaml --licences allowed --out models/mine.safetensors"
        })
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private TrainingFileOptions files;

    @Mixin
    private TrainingPlanOptions options;

    @Option(
            names = "--two-classes",
            description = "Trains a model that only tells negative from positive: neutral texts have no label then.")
    private boolean twoClasses;

    @Override
    public Integer call() throws IOException {
        TrainingPlan plan = options.plan();
        files.check(List.of());
        TextPipeline pipeline = plan.architecture().pipeline();
        int maximumLength = plan.architecture().maximumLength();
        TrainingData data = files.read(
                twoClasses ? DataSet::withoutNeutral : UnaryOperator.identity(),
                pipeline,
                maximumLength,
                Split.FROM_SCRATCH,
                plan.hyperparameters().seed(),
                files.heldOut(pipeline, maximumLength));
        PrintWriter terminal = command.commandLine().getOut();
        terminal.println(data);
        terminal.flush();
        files.write(plan.train(data, files.out(), TerminalProgress.on(terminal)), terminal);
        return 0;
    }
}
