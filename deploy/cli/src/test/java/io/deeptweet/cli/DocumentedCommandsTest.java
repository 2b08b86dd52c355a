// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.deeptweet.cli.stack.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The command line accepts the commands of README, contributing guide and {@code docs/}. A test of the trainer checks
 * the trainer's own.
 */
class DocumentedCommandsTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Set<String> OURS = Set.of("up", "tail", "status", "bench", "torture", "topics", "feeds");
    /** Up to the end of a code span, a pipe, or a comment. */
    private static final Pattern COMMAND = Pattern.compile("deploy/deeptweet ([a-z-]+(?: [^`|#]*)?)");

    private static final Pattern WORD = Pattern.compile("'([^']*)'|[^ ]+");
    private static final Pattern MODULES = Pattern.compile("mvn [^`]*-pl ([a-z,/-]+)");
    private static final Pattern SERVICE = Pattern.compile("([a-z-]+)/target/quarkus-app/quarkus-run\\.jar");

    private static List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            List<Path> pages = new ArrayList<>(
                    docs.filter(page -> page.toString().endsWith(".md")).toList());
            pages.add(ROOT.resolve("README.md"));
            pages.add(ROOT.resolve("CONTRIBUTING.md"));
            for (Path page : pages) lines.addAll(Files.readAllLines(page));
        }
        return lines;
    }

    @Test
    void everyCommandLineOfTheDocumentationParses() throws IOException {
        int checked = 0;
        for (String line : lines()) {
            Matcher matcher = COMMAND.matcher(line);
            while (matcher.find()) {
                String[] words = words(matcher.group(1));
                if (!OURS.contains(words[0])) continue;
                assertThatCode(() -> DeepTweet.commandLine(new Installation(ROOT, Map.of()))
                                .parseArgs(words))
                        .as(line)
                        .doesNotThrowAnyException();
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(10);
    }

    /** As a shell splits them. */
    private static String[] words(String line) {
        return WORD.matcher(line)
                .results()
                .map(word -> word.group(1) != null ? word.group(1) : word.group())
                .toArray(String[]::new);
    }

    @Test
    void theModulesAndServicesThatTheDocumentationNamesExist() throws IOException {
        for (String line : lines()) {
            Matcher modules = MODULES.matcher(line);
            while (modules.find())
                for (String module : modules.group(1).split(",", -1))
                    assertThat(ROOT.resolve(module).resolve("pom.xml")).as(line).exists();
            Matcher service = SERVICE.matcher(line);
            while (service.find())
                assertThat(ROOT.resolve(service.group(1)).resolve("pom.xml"))
                        .as(line)
                        .exists();
        }
    }
}
