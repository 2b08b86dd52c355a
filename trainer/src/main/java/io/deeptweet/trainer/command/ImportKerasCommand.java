// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.trainer.keras.KerasImport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code import-keras}: a model that was trained in Python. */
@Command(
        name = "import-keras",
        description = {
            "Converts a Keras model to DeepTweet's format.",
            "",
            "The model is a whole one in HDF5 (model.save('model.h5')): Embedding, Bidirectional(LSTM),"
                    + " GlobalMaxPooling1D and Dense(1, sigmoid), with or without dropout between them. Its tokenizer"
                    + " is the output of tokenizer.to_json(), with an oov_token.",
            "",
            "Keras pads texts to one length; without mask_zero its LSTM reads the padding, and its pooling includes"
                    + " it. DeepTweet never pads: it gives the probability that Keras gives for the text's own tokens."
                    + " Of a text that is too long, DeepTweet reads the first tokens, Keras' pad_sequences the last"
                    + " ones unless it has truncating='post'. So measure the converted model with deeptweet evaluate."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet import-keras model.h5 --tokenizer tokenizer.json \\",
            "      --pipeline paper-v3 --out models/keras.safetensors",
            "  deeptweet evaluate --model models/keras.safetensors --data tweets.csv"
        })
final class ImportKerasCommand implements Callable<Integer> {
    private static final int LONGEST = 9999;

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "FILE", description = "Keras model, in HDF5.")
    private Path model;

    @Option(names = "--tokenizer", required = true, paramLabel = "FILE", description = "Keras tokenizer, as JSON.")
    private Path tokenizer;

    @Option(
            names = "--pipeline",
            required = true,
            paramLabel = "NAME",
            description = "How texts became tokens before the tokenizer saw them: paper-v1, paper-v3, deeptweet or"
                    + " deeptweet-2.")
    private String pipeline;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "First tokens of a text that are read, 1 to " + LONGEST
                    + " (default: the length that the model was padded to, or " + KerasImport.DEFAULT_MAXIMUM_LENGTH
                    + " if it takes any).")
    private Optional<Integer> maximumLength;

    @Option(
            names = "--name",
            defaultValue = "keras",
            paramLabel = "NAME",
            description = "Beginning of the model's version (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "File to write the model to.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        TextPipeline texts = Options.accepted(() -> TextPipeline.named(pipeline));
        Options.accepted(() -> ModelArtefact.requireName(name));
        if (maximumLength.filter(length -> length < 1 || length > LONGEST).isPresent())
            throw CommandFailedException.usage("--max-length is " + maximumLength.get() + ": use 1 to " + LONGEST);
        InputFiles.readable(tokenizer);
        InputFiles.readable(model);
        OutputPaths.file(out);
        KerasImport imported = KerasImport.read(model, tokenizer, texts, maximumLength, name);
        OutputPaths.write(out, () -> imported.model().write(out));
        print(imported);
        return 0;
    }

    private void print(KerasImport imported) throws IOException {
        PrintWriter terminal = command.commandLine().getOut();
        ModelArtefact artefact = imported.model();
        int words = artefact.vocabulary().words().size();
        long ofPipeline = imported.wordsOfPipeline();
        terminal.printf(
                Locale.ROOT,
                "%s: Keras %s, embedding of %,d rows and %d columns, %d units in each direction%n",
                model.getFileName(),
                imported.keras().version(),
                imported.keras().weights().words(),
                artefact.weights().embeddingSize(),
                artefact.weights().units());
        terminal.printf(
                Locale.ROOT,
                "%,d words and one for all others; %,d rows of the embedding had no word%n",
                words,
                imported.rowsWithoutWord());
        terminal.printf(
                Locale.ROOT,
                "%,d of the words are tokens of the pipeline %s%s%n",
                ofPipeline,
                pipeline,
                ofPipeline == words ? "" : "; the others never occur: check that --pipeline is the right one");
        if (!imported.keras().masked())
            terminal.println("Keras read the padding (no mask_zero), DeepTweet never pads: measure this model with"
                    + " deeptweet evaluate");
        terminal.printf(Locale.ROOT, "%s written to %s (%,d bytes)%n", artefact.version(), out, Files.size(out));
        terminal.flush();
    }
}
