// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What every command says of itself. */
class HelpTest {
    private static final String EXIT_CODES = """

            Exit codes:
              0   done
              1   failed, for the reason printed
              2   wrong usage
              3   something cannot be reached, such as Kafka
            """;

    private static Stream<String> commands() {
        return Trainer.commandLine().getSubcommands().keySet().stream().filter(name -> !name.equals("help"));
    }

    private static CommandSpec spec(String name) {
        return Trainer.commandLine().getSubcommands().get(name).getCommandSpec();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandCallsItselfByTheNameThatIsTyped(String name) {
        CommandRun help = CommandRun.of(name, "--help");
        assertThat(help.code()).isZero();
        assertThat(help.output())
                .startsWith("Usage: deeptweet " + name + " ")
                .containsOnlyOnce(EXIT_CODES)
                .contains("\nExamples:\n  ");
        assertThat(help.output().lines()).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandIsDescribedInOneLine(String name) {
        assertThat(spec(name).usageMessage().description()[0])
                .hasSizeLessThan(100)
                .matches("[A-Z][a-z]+s .*[.]")
                .as("one sentence without a format specifier")
                .doesNotContain(". ", "%");
        assertThat(String.join("", spec(name).usageMessage().description()).replace("%%", ""))
                .as("picocli formats descriptions")
                .doesNotContain("%");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void anOptionIsDescribedInOneSentenceWithItsDefault(String name) throws Exception {
        CommandSpec spec = spec(name);
        List<ArgSpec> all = new ArrayList<>(spec.positionalParameters());
        all.addAll(spec.options());
        for (ArgSpec argument : all) {
            String label = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
            assertThat(argument.description()).as(label).hasSize(1);
            String description = argument.description()[0];
            assertThat(description).as(label).endsWith(".").doesNotContain(". ");
            Optional<String> value = defaultValue(argument, spec);
            if (value.isPresent()) assertThat(description).as(label).endsWith("(default: " + value.get() + ").");
        }
    }

    private static Optional<String> defaultValue(ArgSpec argument, CommandSpec spec) throws Exception {
        if (argument.arity().max() == 0) return Optional.empty(); // a flag
        if (argument.defaultValue() != null || spec.defaultValueProvider() == null)
            return Optional.ofNullable(argument.defaultValue());
        return Optional.ofNullable(spec.defaultValueProvider().defaultValue(argument));
    }

    /** Each default stands once, and help shows it. */
    @Test
    void theDefaultsOfTrainingAreThoseOfItsClasses() {
        assertThat(CommandRun.of("train", "--help").output().replaceAll("\\s+", " "))
                .contains(
                        "Units of the LSTM in each direction (default: 32).",
                        "How texts become tokens: deeptweet-2, deeptweet, paper-v1 or paper-v3 (default: deeptweet-2).",
                        "Adam's initial learning rate (default: 0.001).");
        assertThat(CommandRun.of("fine-tune", "--help").output().replaceAll("\\s+", " "))
                .contains(
                        "Adam's initial learning rate (default: 0.0005).",
                        "Earlier texts to train on for each new one, above 0 (default: 5).");
    }

    /** Every example is a command line that parses. */
    @ParameterizedTest
    @MethodSource("commands")
    void anExampleIsACommandThatParses(String name) {
        List<String> lines =
                CommandWords.lines(String.join("\n", spec(name).usageMessage().footer()));
        assertThat(lines).isNotEmpty();
        for (String line : lines) {
            List<String> words = CommandWords.of(line.substring(line.indexOf("deeptweet ")));
            assertThatCode(() -> Trainer.commandLine()
                            .parseArgs(words.subList(1, words.size()).toArray(String[]::new)))
                    .as(line)
                    .doesNotThrowAnyException();
        }
    }

    /** The command line {@code deeptweet} reads names and descriptions from the annotations. */
    @Test
    void theAnnotationsNameAndDescribeTheCommands() {
        List<Class<?>> classes =
                List.of(Trainer.class.getAnnotation(Command.class).subcommands());
        List<String> names = classes.stream()
                .filter(type -> type != HelpCommand.class)
                .map(type -> type.getAnnotation(Command.class).name())
                .toList();
        assertThat(names).containsExactlyElementsOf(commands().toList());
        String help = CommandRun.of("--help").output();
        for (Class<?> type : classes) {
            if (type == HelpCommand.class) continue;
            Command command = type.getAnnotation(Command.class);
            assertThat(help.replaceAll("\\s+", " ")).contains(command.name() + " " + command.description()[0]);
        }
    }

    @Test
    void theVersionIsTheBuilds() {
        assertThat(CommandRun.of("--version").output()).startsWith("DeepTweet ").doesNotContain("0.1.0\n");
        assertThat(CommandRun.of("score", "--version").output())
                .isEqualTo(CommandRun.of("--version").output());
    }

    @Test
    void helpIsACommandToo() {
        assertThat(CommandRun.of("help", "models").output())
                .isEqualTo(CommandRun.of("models", "--help").output());
        assertThat(Arrays.asList(Trainer.class.getAnnotation(Command.class).exitCodeList()))
                .hasSize(4);
        assertThat(new CommandLine(new Trainer()).getCommandName()).isEqualTo("deeptweet");
    }
}
