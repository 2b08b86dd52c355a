// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.trainer.data.DataException;
import io.deeptweet.trainer.keras.KerasModel;
import io.deeptweet.trainer.keras.KerasTokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code import-keras}: a model that was trained in Python. */
@Command(
        name = "import-keras",
        description = {
            "Writes a model that Keras trained as one of DeepTweet's, with the same weights and vocabulary.",
            "",
            "The model is a whole one in HDF5 (model.save('model.h5')): Embedding, Bidirectional(LSTM), GlobalMaxPooling1D and Dense(1, sigmoid), with dropout between or not. "
                    + "Its tokenizer is what tokenizer.to_json() gives, and has an oov_token.",
            "",
            "Keras pads texts to one length, and without mask_zero its LSTM reads the padding and its pooling sees it. DeepTweet never pads: it gives the probability that Keras gives for the text's own tokens alone. "
                    + "Where a text is too long, DeepTweet reads its first tokens; Keras' pad_sequences keeps the last unless told truncating='post'. So measure the result with evaluate."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  import-keras model.h5 --tokenizer tokenizer.json --pipeline paper-v3 --out models/keras.safetensors",
            "  evaluate --model models/keras.safetensors --data tweets.csv",
            "",
            "Exit codes: 0 the model was written, 1 it was not, 2 wrong usage."
        })
final class ImportKerasCommand implements Callable<Integer> {
    private static final int LONGEST = 64;
    private static final JsonMapper JSON = new JsonMapper();

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "FILE", description = "The model in HDF5.")
    private Path model;

    @Option(names = "--tokenizer", required = true, paramLabel = "FILE", description = "The tokenizer's JSON.")
    private Path tokenizer;

    @Option(
            names = "--pipeline",
            required = true,
            paramLabel = "NAME",
            description =
                    "How texts become tokens, as they did before the tokenizer saw them: paper-v1, paper-v3 or deeptweet.")
    private String pipeline;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description =
                    "How many tokens of a text are read, the first ones (default: the length that the model was padded to, or "
                            + LONGEST + " if it took any).")
    private Optional<Integer> maximumLength;

    @Option(
            names = "--name",
            defaultValue = "keras",
            paramLabel = "NAME",
            description = "What the model's version begins with (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Where to write the model (safetensors).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        PrintWriter terminal = command.commandLine().getOut();
        TextPipeline texts;
        try {
            texts = TextPipeline.named(pipeline);
            ModelArtefact.requireName(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
        if (maximumLength.filter(length -> length < 1 || length > 9999).isPresent())
            throw new ParameterException(
                    command.commandLine(), "--max-length is " + maximumLength.get() + ": 1 to 9999 is needed");

        KerasTokenizer vocabulary = KerasTokenizer.read(tokenizer);
        KerasModel keras = KerasModel.read(model);
        Weights weights = vocabulary.ordered(keras.weights());
        ModelArtefact artefact = artefact(texts, vocabulary, keras, weights);
        Files.createDirectories(out.toAbsolutePath().getParent());
        artefact.write(out);

        List<String> words = vocabulary.vocabulary().words();
        long given = words.stream()
                .filter(word -> texts.tokens(word).equals(List.of(word)))
                .count();
        terminal.printf(
                "%s: Keras %s, embedding of %,d rows and %d columns, %d units a side%n",
                model.getFileName(),
                keras.version(),
                keras.weights().words(),
                weights.embeddingSize(),
                weights.units());
        terminal.printf(
                "%,d words and one for all others; %,d rows of the embedding had none%n",
                words.size(), keras.weights().words() - weights.words());
        terminal.printf(
                "%,d of the words are tokens of the pipeline %s%s%n",
                given,
                pipeline,
                given == words.size() ? "" : "; the others never come out of it: was another one used?");
        if (!keras.masked())
            terminal.println(
                    "Keras read the padding (no mask_zero), DeepTweet never pads: measure this model with evaluate");
        terminal.printf("%s written to %s (%,d bytes)%n", artefact.version(), out, Files.size(out));
        terminal.flush();
        return 0;
    }

    private ModelArtefact artefact(TextPipeline texts, KerasTokenizer vocabulary, KerasModel keras, Weights weights) {
        Map<String, String> report = new LinkedHashMap<>();
        report.put("name", name);
        report.put("imported_from", model.getFileName() + " of Keras " + keras.version());
        int length = maximumLength.orElse(keras.inputLength().orElse(LONGEST));
        try {
            return ModelArtefact.of(
                    name,
                    texts,
                    length,
                    vocabulary.vocabulary(),
                    weights,
                    new ModelArtefact.Provenance(
                            Optional.empty(),
                            Instant.now().truncatedTo(ChronoUnit.SECONDS),
                            "unknown, imported from Keras",
                            JSON.valueToTree(report).toString()));
        } catch (IllegalArgumentException e) {
            throw new DataException(model + ": " + e.getMessage());
        }
    }
}
