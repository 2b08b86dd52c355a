// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.schemas.published.InvalidModelException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code score}: the sentiment of lines of text. */
@Command(
        name = "score",
        description = {
            "Scores lines of text from standard input.",
            "",
            "Reads UTF-8, one text a line, and writes a line of JSON for each: text, sentiment, the probabilities of"
                    + " the three classes, and the strongest words with what each adds to the logits of polarity and"
                    + " opinion. With a model of two classes, neutral and every opinion are 0."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  echo \"I didn't think I'd like it, but it's great\" | deeptweet score",
            "  deeptweet score --model models/my-model.safetensors < tweets.txt \\",
            "      | jq -r 'select(.probabilities.negative > 0.9) | .text'"
        })
final class ScoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--words",
            defaultValue = "3",
            paramLabel = "N",
            description = "Strongest words of each text, 0 or more (default: ${DEFAULT-VALUE}).")
    private int words;

    private record Line(String text, String sentiment, Map<String, Float> probabilities, Map<String, Word> words) {}

    private record Word(double polarity, double opinion) {}

    @Override
    public Integer call() throws IOException, InvalidArtefactException, InvalidModelException {
        Options.atLeast("--words", 0, words);
        KernelScorer scorer = KernelScorer.of(model.read());
        PrintWriter out = command.commandLine().getOut();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String text = in.readLine(); text != null; text = in.readLine()) {
            out.println(TerminalJson.line(scored(text, scorer)));
            if (out.checkError())
                throw CommandFailedException.failed(
                        "standard output cannot be written to: whoever reads it has stopped, or the disk is full");
        }
        return 0;
    }

    private Line scored(String text, KernelScorer scorer) {
        Explanation explanation = scorer.explain(text);
        Score score = explanation.score();
        Map<String, Float> probabilities = new LinkedHashMap<>();
        for (SentimentClass sentiment : SentimentClass.values())
            probabilities.put(sentiment.label(), score.of(sentiment));
        Map<String, Word> strongest = new LinkedHashMap<>();
        for (Explanation.Term term : explanation.decisive(words))
            strongest.put(term.token(), new Word(rounded(term.polarity()), rounded(term.opinion())));
        return new Line(text, score.sentiment().label(), probabilities, strongest);
    }

    /** To three decimals. */
    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
