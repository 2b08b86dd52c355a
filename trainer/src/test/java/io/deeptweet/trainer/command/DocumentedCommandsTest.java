// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The command lines of the README and of {@code docs/} are ones that the commands accept. */
class DocumentedCommandsTest {
    /** In a code block or as inline code. */
    private static final Pattern COMMAND = Pattern.compile("(?:deploy/)?deeptweet ([a-z-]+ [^`\n]*)");

    private static List<Path> pages() throws IOException {
        Path root = Path.of("..").toAbsolutePath().normalize();
        List<Path> pages = new ArrayList<>(List.of(root.resolve("README.md")));
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
    }

    @Test
    void everyCommandLineOfTheDocumentationParses() throws IOException {
        Set<String> commands = Trainer.commandLine().getSubcommands().keySet();
        int checked = 0;
        for (Path page : pages()) {
            for (String line : CommandWords.lines(Files.readString(page))) {
                Matcher matcher = COMMAND.matcher(line);
                while (matcher.find()) {
                    // Files of arguments are named from the repository's root.
                    List<String> words = CommandWords.of(matcher.group(1)).stream()
                            .map(word -> word.startsWith("@") ? "@../" + word.substring(1) : word)
                            .toList();
                    if (words.size() < 2 || !commands.contains(words.get(0))) continue;
                    assertThatCode(() -> Trainer.commandLine().parseArgs(words.toArray(String[]::new)))
                            .as(page.getFileName() + ": " + line)
                            .doesNotThrowAnyException();
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(10);
    }
}
