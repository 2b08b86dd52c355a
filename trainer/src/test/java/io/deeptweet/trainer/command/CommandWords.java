// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Command lines as a shell reads them: words, quotes, and backslashes at the ends of lines. */
final class CommandWords {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    private CommandWords() {}

    /** A text's lines, those joined that a backslash continues. */
    static List<String> lines(String text) {
        return text.replaceAll(" *\\\\\n *", " ").lines().toList();
    }

    /** The words of a command, up to a pipe, a redirection or a comment. */
    static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            String word = Stream.of(matcher.group(1), matcher.group(2), matcher.group(3))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow();
            if (List.of("|", "<", ">", "#", "&&").contains(word)) break;
            words.add(word);
        }
        return words;
    }
}
