package io.deeptweet.trainer.command;

import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.Layout;
import io.deeptweet.trainer.data.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that reads labelled texts. */
final class DataOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--data",
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description = "Labelled texts, plain or gzip. Sentiment140's, TweetEval's and Kaggle's layouts are known, and any table whose header names text and sentiment.")
  private List<Path> files;

  @Option(names = "--text-column", paramLabel = "NAME", description = "The column of the texts.")
  private Optional<String> textColumn;

  @Option(names = "--label-column", paramLabel = "NAME", description = "The column of the labels.")
  private Optional<String> labelColumn;

  @Option(names = "--negative", split = ",", paramLabel = "VALUE", description = "Labels that mean negative.")
  private Set<String> negative = Set.of();

  @Option(names = "--positive", split = ",", paramLabel = "VALUE", description = "Labels that mean positive.")
  private Set<String> positive = Set.of();

  @Option(names = "--drop", split = ",", paramLabel = "VALUE", description = "Labels whose texts are left out.")
  private Set<String> drop = Set.of();

  /** The files' texts, each file by its own layout. */
  List<DataSet> read() throws IOException {
    if (textColumn.isPresent() != labelColumn.isPresent()) throw wrong("--text-column and --label-column go together");
    List<DataSet> sets = new ArrayList<>();
    for (Path file : files) sets.add(read(file));
    return sets;
  }

  private DataSet read(Path file) throws IOException {
    boolean relabelled = !negative.isEmpty() || !positive.isEmpty() || !drop.isEmpty();
    if (textColumn.isEmpty() && !relabelled) return Table.read(file);
    Layout layout = textColumn.isPresent() ? Layout.named(Table.delimiter(file), textColumn.get(), labelColumn.get()) : Table.layout(file);
    try {
      return Table.read(file, layout.withLabels(negative, positive, drop));
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(command.commandLine(), sentence);
  }
}
