// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.schemas.published.InvalidModelException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code score}: sentiments of lines of text. */
@Command(
        name = "score",
        description =
                "Reads texts from standard input, one a line in UTF-8, and writes for each a line of JSON: text, sentiment, probability of being positive, and the words that decided, each with what it added to the logit.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  echo \"I didn't think I'd like it, but it's great\" | score",
            "  score --model models/mine.safetensors < tweets.txt | jq -r 'select(.sentiment == \"negative\") | .text'",
            "",
            "Exit codes: 0 all were scored, 1 not, 2 wrong usage."
        })
final class ScoreCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    @Spec
    private CommandSpec command;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--words",
            defaultValue = "3",
            paramLabel = "N",
            description = "So many of the words that decided (default: ${DEFAULT-VALUE}).")
    private int words;

    private record Line(String text, String sentiment, float probability, List<Word> words) {}

    private record Word(String word, double logit) {}

    @Override
    public Integer call() throws IOException, InvalidArtefactException, InvalidModelException {
        KernelScorer scorer = KernelScorer.of(model.read());
        PrintWriter out = command.commandLine().getOut();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String text = in.readLine(); text != null && !out.checkError(); text = in.readLine()) {
            Explanation explanation = scorer.explain(text);
            out.println(JSON.writeValueAsString(new Line(
                    text,
                    explanation.score().positive() ? "positive" : "negative",
                    explanation.score().probability(),
                    explanation.decisive(words).stream()
                            .map(term -> new Word(term.token(), Math.round(term.logit() * 1000) / 1000.0))
                            .toList())));
        }
        return 0;
    }
}
