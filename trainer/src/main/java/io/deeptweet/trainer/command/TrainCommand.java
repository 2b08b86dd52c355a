package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.network.BiLstm;
import io.deeptweet.model.network.NativeThreads;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.Dropped;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Examples;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.evaluate.Report;
import io.deeptweet.trainer.train.Encoded;
import io.deeptweet.trainer.train.Epoch;
import io.deeptweet.trainer.train.TrainingRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code train}: a model from labelled texts. */
@Command(
    name = "train",
    description = {
      "Trains a model from scratch on labelled texts and writes it with its evaluation.",
      "",
      "Four fifths of the texts are learned, a tenth tells when to stop and which epoch to keep, and a tenth measures the result.",
      "Beside the model come report.json and report.md."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    footer = {
      "",
      "Examples:",
      "  trainer train --data training.csv.gz --out models/v1-base.safetensors",
      "  trainer train --data training.csv.gz --out quick.safetensors --limit 20000 --epochs 2",
      "",
      "Exit codes: 0 the model was written, 1 it was not, 2 wrong usage."
    })
final class TrainCommand implements Callable<Integer> {
  private static final double VALIDATION = 0.1;
  private static final double TEST = 0.1;

  @Spec private CommandSpec spec;

  @Mixin private DataOptions data;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to write the model (safetensors).")
  private Path out;

  @Option(names = "--name", defaultValue = "v1-base", paramLabel = "NAME", description = "What the model's version begins with.")
  private String name;

  @Option(names = "--pipeline", defaultValue = "deeptweet", paramLabel = "NAME", description = "How texts become tokens: deeptweet, paper-v1 or paper-v3.")
  private String pipeline;

  @Option(names = "--max-length", defaultValue = "64", paramLabel = "N", description = "How many tokens of a text are read, the first ones.")
  private int maximumLength;

  @Option(names = "--vocabulary", defaultValue = "20001", paramLabel = "N", description = "Most rows of the vocabulary, padding and unknown included.")
  private int vocabularySize;

  @Option(names = "--embedding", defaultValue = "150", paramLabel = "N", description = "Size of a token's embedding.")
  private int embeddingSize;

  @Option(names = "--units", defaultValue = "80", paramLabel = "N", description = "Units of the LSTM, each direction.")
  private int units;

  @Option(names = "--epochs", defaultValue = "5", paramLabel = "N", description = "Most passes over the training texts.")
  private int epochs;

  @Option(names = "--patience", defaultValue = "2", paramLabel = "N", description = "Stop after so many epochs without a lower validation loss.")
  private int patience;

  @Option(names = "--batch", defaultValue = "256", paramLabel = "N", description = "Most texts in a step; they are of one length.")
  private int batch;

  @Option(names = "--learning-rate", defaultValue = "0.001", paramLabel = "RATE", description = "Adam's learning rate, which falls to zero over the epochs.")
  private double learningRate;

  @Option(names = "--embedding-dropout", defaultValue = "0.5", paramLabel = "SHARE", description = "Share of the embedding's columns that a step leaves out.")
  private double embeddingDropout;

  @Option(names = "--word-dropout", defaultValue = "0.1", paramLabel = "SHARE", description = "Share of the tokens that a step reads as unknown.")
  private double wordDropout;

  @Option(names = "--dropout", defaultValue = "0.2", paramLabel = "SHARE", description = "Share of the pooled units that a step leaves out.")
  private double denseDropout;

  @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "Of the split, the first weights, the order and dropout.")
  private long seed;

  @Option(names = "--limit", defaultValue = "0", paramLabel = "N", description = "Use so many rows, drawn at random; 0 uses all.")
  private int limit;

  @Option(names = "--threads", defaultValue = "1", paramLabel = "N", description = "Threads of the native code; for matrices this small one is fastest.")
  private int threads;

  @Override
  public Integer call() throws IOException {
    PrintWriter terminal = spec.commandLine().getOut();
    TextPipeline texts = usage(() -> TextPipeline.named(pipeline));
    TrainingRun.Plan plan = usage(() -> new TrainingRun.Plan(epochs, batch, patience, wordDropout, seed));
    usage(() -> training(0));
    usage(() -> ModelArtefact.requireName(name));
    requirePositive("--max-length", maximumLength);
    requirePositive("--threads", threads);
    requirePositive("--embedding", embeddingSize);
    requirePositive("--units", units);
    if (vocabularySize < 3) throw new ParameterException(spec.commandLine(), "--vocabulary is " + vocabularySize + ": at least 3 are needed");
    Path folder = out.toAbsolutePath().getParent();
    Files.createDirectories(folder); // now rather than after an hour

    DataSet set = DataSet.joined(data.read());
    List<LabeledText> drawn = drawn(set.texts());
    Examples examples = Examples.of(drawn, texts, maximumLength);
    Dropped dropped = set.dropped().and(new Dropped(Map.of("over --limit", set.texts().size() - drawn.size()))).and(examples.dropped());
    Split split = Split.stratified(examples.examples(), VALIDATION, TEST, seed);
    Vocabulary vocabulary = Vocabulary.build(split.train().stream().map(Example::tokens), vocabularySize);
    terminal.printf("%s: %,d rows, dropped %s%n", set.name(), set.rows(), dropped);
    terminal.printf("%,d texts to train, %,d to validate, %,d to test; %,d rows of vocabulary%n",
        split.train().size(), split.validation().size(), split.test().size(), vocabulary.size());
    terminal.flush();

    NativeThreads.limit(threads);
    Encoded train = Encoded.of(split.train(), vocabulary);
    BiLstm network = BiLstm.initial(new BiLstm.Shape(vocabulary.size(), embeddingSize, units), training(TrainingRun.steps(train, plan)));
    TrainingRun run = TrainingRun.of(network, train, Encoded.of(split.validation(), vocabulary), plan, TerminalProgress.on(terminal));

    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    // What is measured is what will be used: the artefact's own scorer on the texts as they came.
    Scorer scorer = KernelScorer.of(artefact(texts, vocabulary, run, set, now, "{}"));
    Report report = new Report(name, facts(set, dropped, split, vocabulary), facts(run, split), evaluation(scorer, split.validation()), evaluation(scorer, split.test()));
    ModelArtefact model = artefact(texts, vocabulary, run, set, now, report.toJson());
    model.write(out);
    Files.writeString(folder.resolve("report.json"), report.toPrettyJson());
    Files.writeString(folder.resolve("report.md"), report.toMarkdown());
    terminal.print(Report.table(Map.of("validation", report.validation(), "test", report.test()), List.of("validation", "test")));
    terminal.printf("%s written to %s (%,d bytes), with report.json and report.md%n", model.version(), out, Files.size(out));
    return 0;
  }

  private BiLstm.Training training(int steps) {
    return new BiLstm.Training(learningRate, steps, embeddingDropout, denseDropout, seed);
  }

  private ModelArtefact artefact(TextPipeline texts, Vocabulary vocabulary, TrainingRun run, DataSet set, Instant now, String report) {
    return ModelArtefact.of(name, texts, maximumLength, vocabulary, run.weights(), new ModelArtefact.Provenance(Optional.empty(), now, set.name(), report));
  }

  private static Evaluation evaluation(Scorer scorer, List<Example> examples) {
    return Evaluation.of(scorer, examples.stream().map(Example::source).toList());
  }

  private List<LabeledText> drawn(List<LabeledText> all) {
    if (limit <= 0 || limit >= all.size()) return all;
    List<LabeledText> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(seed));
    return shuffled.subList(0, limit);
  }

  private static Report.Data facts(DataSet set, Dropped dropped, Split split, Vocabulary vocabulary) {
    int[] tokens = split.test().stream().flatMap(example -> example.tokens().stream()).mapToInt(vocabulary::row).toArray();
    double unknown = (double) Arrays.stream(tokens).filter(row -> row == Vocabulary.UNKNOWN).count() / tokens.length;
    return new Report.Data(
        set.name(), set.rows(), dropped.byReason(), split.train().size(), split.validation().size(), split.test().size(), vocabulary.size(), unknown);
  }

  private Report.Training facts(TrainingRun run, Split split) {
    double seconds = run.epochs().stream().mapToDouble(Epoch::seconds).sum();
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("--epochs", epochs);
    settings.put("--patience", patience);
    settings.put("--batch", batch);
    settings.put("--learning-rate", learningRate);
    settings.put("--embedding", embeddingSize);
    settings.put("--units", units);
    settings.put("--embedding-dropout", embeddingDropout);
    settings.put("--word-dropout", wordDropout);
    settings.put("--dropout", denseDropout);
    settings.put("--seed", seed);
    settings.put("--limit", limit);
    settings.put("--threads", threads);
    return new Report.Training(
        pipeline, maximumLength, settings, run.epochs(), run.best(), seconds, run.epochs().size() * split.train().size() / seconds, Report.Platform.here());
  }

  private void requirePositive(String option, int value) {
    if (value < 1) throw new ParameterException(spec.commandLine(), option + " is " + value + ": at least 1 is needed");
  }

  /** What the user's options ask for; what can't be is wrong usage. */
  private <T> T usage(Supplier<T> asked) {
    try {
      return asked.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }
}
