package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.Sentiment140;
import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.evaluate.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code evaluate}: how good a model is on labelled texts. */
@Command(
    name = "evaluate",
    description = "Measures a model on every labelled text of a file. What the model was trained on flatters it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  trainer evaluate --model models/v1-base.safetensors --data other.csv",
      "",
      "Exit codes: 0 measured, 1 not, 2 wrong usage."
    })
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--model", required = true, paramLabel = "FILE", description = "The model (safetensors).")
  private Path model;

  @Option(names = "--data", required = true, paramLabel = "FILE", description = "Labelled texts: Sentiment140's CSV, plain or gzip.")
  private Path data;

  @Override
  public Integer call() throws IOException, InvalidArtefactException {
    PrintWriter terminal = spec.commandLine().getOut();
    ModelArtefact artefact = ModelArtefact.read(model);
    DataSet set = Sentiment140.read(data);
    Evaluation evaluation = Evaluation.of(KernelScorer.of(artefact), set.texts());
    terminal.printf("%s on %s: %,d rows, dropped %s%n", artefact.version(), set.name(), set.rows(), set.dropped());
    terminal.print(Report.table(Map.of(artefact.version(), evaluation), List.of(artefact.version())));
    terminal.flush();
    return 0;
  }
}
