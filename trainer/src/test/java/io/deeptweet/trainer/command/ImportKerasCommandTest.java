// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With files in the layout of Keras 2 and 3. */
class ImportKerasCommandTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int WORDS = 12;
    private static final int SIZE = 5;
    private static final int UNITS = 3;

    private static final String CONFIG = """
      {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
        {"class_name": "InputLayer", "config": {"name": "embedding_input", "batch_input_shape": [null, 7]}},
        {"class_name": "Embedding", "config":
          {"name": "embedding", "input_dim": 12, "output_dim": 5, "mask_zero": false}},
        {"class_name": "SpatialDropout1D", "config": {"name": "spatial_dropout1d", "rate": 0.2}},
        {"class_name": "Bidirectional", "config": {"name": "both_ways", "merge_mode": "concat", "layer":
          {"class_name": "LSTM", "config": {"name": "lstm", "units": 3,
            "activation": "tanh", "recurrent_activation": "sigmoid",
            "return_sequences": true, "go_backwards": false, "use_bias": true, "unit_forget_bias": true}}}},
        {"class_name": "GlobalMaxPooling1D", "config": {"name": "pooling", "data_format": "channels_last"}},
        {"class_name": "Dropout", "config": {"name": "dropout", "rate": 0.2}},
        {"class_name": "Dense", "config": {"name": "dense", "units": 1, "activation": "sigmoid", "use_bias": true}}]}}
      """;

    /** Words 1 to 11 are used; 12 is beyond num_words. */
    private static final String TOKENIZER = """
      {"class_name": "Tokenizer", "config":
        {"num_words": 12, "lower": true, "split": " ", "char_level": false, "oov_token": "<OOV>",
        "word_index": "{\\"<OOV>\\": 1, \\"the\\": 2, \\"good\\": 3, \\"bad\\": 4, \\"day\\": 5, \\"rain\\": 6, \
      \\"sun\\": 7, \\"so\\": 8, \\"not\\": 9, \\"at\\": 10, \\"all\\": 11, \\"rare\\": 12}"}}
      """;

    @TempDir
    Path folder;

    private final Random random = new Random(1);
    private final float[][] embedding = halves(matrix(WORDS, SIZE));
    private final float[][][] forward = {matrix(SIZE, 4 * UNITS), matrix(UNITS, 4 * UNITS), matrix(1, 4 * UNITS)};
    private final float[][][] backward = {matrix(SIZE, 4 * UNITS), matrix(UNITS, 4 * UNITS), matrix(1, 4 * UNITS)};
    private final float[][] dense = matrix(2 * UNITS, 1);
    private final float bias = 0.3f;

    private float[][] matrix(int rows, int columns) {
        float[][] matrix = new float[rows][columns];
        for (float[] row : matrix) for (int i = 0; i < columns; i++) row[i] = (float) random.nextGaussian();
        return matrix;
    }

    /** Rounded to what half precision holds, as in the file of the imported model. */
    private static float[][] halves(float[][] matrix) {
        for (float[] row : matrix) for (int i = 0; i < row.length; i++) row[i] = Math.round(row[i] * 256) / 256f;
        return matrix;
    }

    /** Each layer's arrays by their path in the layer, as Keras 2 names them. */
    private Map<String, Map<String, Object>> arrays() {
        Map<String, Map<String, Object>> arrays = new LinkedHashMap<>();
        arrays.put("embedding", new LinkedHashMap<>(Map.of("embedding/embeddings:0", embedding)));
        arrays.put("spatial_dropout1d", Map.of());
        Map<String, Object> lstm = new LinkedHashMap<>();
        for (String side : new String[] {"forward", "backward"}) {
            float[][][] weights = side.equals("forward") ? forward : backward;
            String cell = "both_ways/" + side + "_lstm/lstm_cell_1/";
            lstm.put(cell + "kernel:0", weights[0]);
            lstm.put(cell + "recurrent_kernel:0", weights[1]);
            lstm.put(cell + "bias:0", weights[2][0]);
        }
        arrays.put("both_ways", lstm);
        Map<String, Object> last = new LinkedHashMap<>();
        last.put("dense/kernel:0", dense);
        last.put("dense/bias:0", new float[] {bias});
        arrays.put("dense", last);
        return arrays;
    }

    private Path model(String config, Map<String, Map<String, Object>> arrays) {
        Path file = folder.resolve("model.h5");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putAttribute("model_config", config);
            hdf.putAttribute("keras_version", "2.15.0");
            WritableGroup weights = hdf.putGroup("model_weights");
            arrays.forEach((layer, byPath) -> {
                WritableGroup group = weights.putGroup(layer);
                if (!byPath.isEmpty())
                    group.putAttribute("weight_names", byPath.keySet().toArray(String[]::new));
                Map<String, WritableGroup> groups = new LinkedHashMap<>();
                byPath.forEach((path, array) -> {
                    WritableGroup at = group;
                    String[] steps = path.split("/");
                    for (int i = 0; i + 1 < steps.length; i++) {
                        WritableGroup above = at;
                        String step = steps[i];
                        at = groups.computeIfAbsent(
                                String.join("/", Arrays.copyOf(steps, i + 1)), prefix -> above.putGroup(step));
                    }
                    at.putDataset(steps[steps.length - 1], array);
                });
            });
        }
        return file;
    }

    private CommandRun imports(Path model, String tokenizer, String... options) throws Exception {
        return imports("paper-v3", model, tokenizer, options);
    }

    private CommandRun imports(String pipeline, Path model, String tokenizer, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "import-keras",
                model.toString(),
                "--tokenizer",
                Files.writeString(folder.resolve("tokenizer.json"), tokenizer).toString(),
                "--pipeline",
                pipeline,
                "--out",
                folder.resolve("out/keras.safetensors").toString()));
        all.addAll(List.of(options));
        return CommandRun.of(all.toArray(String[]::new));
    }

    /** Keras' own equations, gate by gate: input, forget, block input, output. */
    private double keras(int... numbers) {
        double logit = bias;
        double[] first = pooled(numbers, forward);
        int[] reversed = new int[numbers.length];
        for (int i = 0; i < reversed.length; i++) reversed[i] = numbers[numbers.length - 1 - i];
        double[] second = pooled(reversed, backward);
        for (int j = 0; j < UNITS; j++) logit += dense[j][0] * first[j] + dense[UNITS + j][0] * second[j];
        return sigmoid(logit);
    }

    private double[] pooled(int[] numbers, float[][][] weights) {
        double[] h = new double[UNITS];
        double[] c = new double[UNITS];
        double[] most = new double[UNITS];
        Arrays.fill(most, Double.NEGATIVE_INFINITY);
        for (int number : numbers) {
            double[] z = new double[4 * UNITS];
            for (int k = 0; k < z.length; k++) {
                z[k] = weights[2][0][k];
                for (int e = 0; e < SIZE; e++) z[k] += embedding[number][e] * weights[0][e][k];
                for (int j = 0; j < UNITS; j++) z[k] += h[j] * weights[1][j][k];
            }
            for (int j = 0; j < UNITS; j++) {
                double i = sigmoid(z[j]);
                double f = sigmoid(z[UNITS + j]);
                double block = Math.tanh(z[2 * UNITS + j]);
                double o = sigmoid(z[3 * UNITS + j]);
                c[j] = f * c[j] + i * block;
                h[j] = o * Math.tanh(c[j]);
                most[j] = Math.max(most[j], h[j]);
            }
        }
        return most;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Test
    void anImportedModelGivesKerasProbabilities() throws Exception {
        CommandRun run = imports(model(CONFIG, arrays()), TOKENIZER, "--name", "mine");
        assertThat(run.code()).as(run.error()).isZero();
        assertThat(run.output())
                .contains(
                        "Keras 2.15.0, embedding of 12 rows and 5 columns, 3 units in each direction",
                        "10 words and one for all others; 0 rows",
                        "10 of the words are tokens of the pipeline paper-v3\n",
                        "no mask_zero");
        ModelArtefact model = ModelArtefact.read(folder.resolve("out/keras.safetensors"));
        assertThat(model.version()).startsWith("mine-");
        assertThat(model.maximumLength()).as("to which Keras padded").isEqualTo(7);
        assertThat(model.pipeline().name()).isEqualTo("paper-v3");
        assertThat(model.vocabulary().words())
                .containsExactly("the", "good", "bad", "day", "rain", "sun", "so", "not", "at", "all");
        KernelScorer scorer = KernelScorer.of(model);
        assertThat(scorer.score("the day").polarity()).isCloseTo((float) keras(2, 5), within(1e-6f));
        assertThat(scorer.score("Not so good at all!").polarity())
                .isCloseTo((float) keras(9, 8, 3, 10, 11), within(1e-6f));
        assertThat(scorer.score("rare snow, bad day").polarity())
                .as("unknown words")
                .isCloseTo((float) keras(1, 1, 4, 5), within(1e-6f));
        assertThat(keras(2, 5)).as("order counts").isNotCloseTo(keras(5, 2), within(1e-3));
    }

    /** As Keras 3 writes it: other names, more attributes, no bias; and a tokenizer whose JSON was encoded twice. */
    @Test
    void otherLayoutsAreRead() throws Exception {
        JsonNode config = JSON.readTree(CONFIG.replace("batch_input_shape\": [null, 7]", "batch_shape\": [null, null]")
                .replace("\"use_bias\": true", "\"use_bias\": false")
                .replace("\"mask_zero\": false", "\"mask_zero\": true"));
        ObjectNode both = (ObjectNode) config.at("/config/layers/3/config");
        both.set("backward_layer", both.path("layer").deepCopy());
        ((ObjectNode) both.at("/backward_layer/config")).put("go_backwards", true);
        Map<String, Map<String, Object>> arrays = new LinkedHashMap<>();
        arrays().forEach((layer, byPath) -> {
            Map<String, Object> renamed = new LinkedHashMap<>();
            byPath.forEach((path, array) -> {
                if (!path.endsWith("bias:0")) renamed.put("sequential/" + path.replace(":0", ""), array);
            });
            arrays.put(layer, renamed);
        });
        CommandRun run =
                imports(model(config.toString(), arrays), JSON.writeValueAsString(TOKENIZER), "--max-length", "4");
        assertThat(run.code()).as(run.error()).isZero();
        assertThat(run.output()).doesNotContain("mask_zero");
        Arrays.fill(forward[2][0], 0);
        Arrays.fill(backward[2][0], 0);
        double logit = Math.log(keras(6, 7) / (1 - keras(6, 7))) - bias;
        ModelArtefact model = ModelArtefact.read(folder.resolve("out/keras.safetensors"));
        assertThat(KernelScorer.of(model).score("rain sun").polarity())
                .isCloseTo((float) sigmoid(logit), within(1e-6f));
        assertThat(model.maximumLength()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3/config/layer/config/recurrent_activation | 'hard_sigmoid' | layer both_ways has"
                        + " recurrent_activation hard_sigmoid: only sigmoid can be imported",
                "3/config/layer/config/activation | 'relu' | layer both_ways has activation relu: only tanh can be"
                        + " imported",
                "3/config/layer/config/go_backwards | true | layer both_ways has go_backwards true: only false can"
                        + " be imported",
                "3/config/layer/config/return_sequences | false | has return_sequences false",
                "3/config/layer/class_name | 'GRU' | layer both_ways wraps GRU",
                "3/config/backward_layer | {'class_name': 'GRU'} | layer both_ways wraps GRU",
                "3/config/merge_mode | 'sum' | layer both_ways has merge_mode sum: only concat can be imported",
                "3/config/layer/config/units | 4 | both_ways/both_ways/forward_lstm/lstm_cell_1/kernel:0 have the"
                        + " shape [5, 12], not [5, 16]",
                "1/config/input_dim | 13 | embedding/embedding/embeddings:0 have the shape [12, 5], not [13, 5]",
                "3/config/name | 'renamed' | layer renamed has 0 arrays of weights: its kernel is missing",
                "4/class_name | 'GlobalAveragePooling1D' | its layers are Embedding, Bidirectional,"
                        + " GlobalAveragePooling1D, Dense: only a network of Embedding, Bidirectional,"
                        + " GlobalMaxPooling1D, Dense, with or without dropout, can be imported",
                "2/class_name | 'Conv1D' | its layers are Embedding, Conv1D, Bidirectional",
                "6/config/units | 2 | layer dense has units 2: only 1 can be imported",
                "6/config/activation | 'softmax' | layer dense has activation softmax",
            },
            quoteCharacter = '`')
    void anotherNetworkIsRefused(String where, String value, String reason) throws Exception {
        JsonNode config = JSON.readTree(CONFIG);
        JsonPointer pointer = JsonPointer.compile("/config/layers/" + where);
        ((ObjectNode) config.at(pointer.head()))
                .set(pointer.last().getMatchingProperty(), JSON.readTree(value.replace('\'', '"')));
        CommandRun run = imports(model(config.toString(), arrays()), TOKENIZER);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.error().strip().lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("deeptweet import-keras: " + folder.resolve("model.h5") + ": ")
                .contains(reason);
        assertThat(folder.resolve("out/keras.safetensors")).doesNotExist();
    }

    @Test
    void weightsThatAreMissingOrNoNumbersAreRefused() throws Exception {
        Map<String, Map<String, Object>> arrays = arrays();
        arrays.get("both_ways").remove("both_ways/backward_lstm/lstm_cell_1/bias:0");
        assertThat(imports(model(CONFIG, arrays), TOKENIZER).error())
                .contains("layer both_ways has 5 arrays of weights: its bias is missing");
        arrays.get("both_ways").remove("both_ways/forward_lstm/lstm_cell_1/bias:0");
        assertThat(imports(model(CONFIG, arrays), TOKENIZER).error())
                .contains("weights both_ways/both_ways/backward_lstm/lstm_cell_1/kernel:0 are in the place of the bias"
                        + " of layer both_ways");
        embedding[3][2] = Float.NaN;
        assertThat(imports(model(CONFIG, arrays()), TOKENIZER).error()).contains("model.h5: ", "embedding", "NaN");
    }

    @Test
    void aFileThatIsNoWholeModelIsOneSentence() throws Exception {
        Path whole = model(CONFIG, arrays());
        byte[] bytes = Files.readAllBytes(whole);
        for (int length : new int[] {0, 4, 600, bytes.length / 2}) {
            CommandRun run = imports(Files.write(folder.resolve("cut.h5"), Arrays.copyOf(bytes, length)), TOKENIZER);
            assertThat(run.code()).as(length + " bytes").isEqualTo(1);
            assertThat(run.error().strip().lines())
                    .as(length + " bytes")
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("cut.h5");
        }
        assertThat(imports(
                                Files.write(
                                        folder.resolve("new.keras"),
                                        "PK\3\4 and more".getBytes(StandardCharsets.ISO_8859_1)),
                                TOKENIZER)
                        .error())
                .contains("new.keras cannot be read as HDF5");
        assertThat(imports(folder.resolve("none.h5"), TOKENIZER).error().strip())
                .endsWith("none.h5 does not exist: check the path");
        Path weights = folder.resolve("weights.h5");
        try (WritableHdfFile hdf = HdfFile.write(weights)) {
            hdf.putGroup("embedding");
        }
        assertThat(imports(weights, TOKENIZER).error())
                .contains("weights.h5 is not a whole Keras model: save it with model.save");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"oov_token\": \"<OOV>\" | \"oov_token\": null | it has no oov_token, so it drops unknown words",
                "\"oov_token\": \"<OOV>\" | \"oov_token\": \"<other>\" | its word_index does not hold its oov_token"
                        + " <other>",
                "\"char_level\": false | \"char_level\": true | its tokens are characters",
                "\"num_words\": 12 | \"num_words\": null | numbers words up to 12, but the embedding's input_dim is 12",
                "\\\"bad\\\": 4 | \\\"bad\\\": 3 | its word_index gives two words the number 3",
                "\\\"bad\\\": 4 | \\\"bad\\\": 0 | its word_index gives bad the number 0",
                "word_index | words | it has no word_index",
                "{\"class_name\" | {class_name | is not a tokenizer in JSON",
            })
    void aTokenizerThatCannotBeMappedIsRefused(String part, String instead, String reason) throws Exception {
        CommandRun run = imports(model(CONFIG, arrays()), TOKENIZER.replace(part, instead));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.error().strip().lines()).hasSize(1).first().asString().contains(reason);
    }

    @Test
    void wordsThatThePipelineNeverGivesAreCounted() throws Exception {
        CommandRun run = imports("paper-v1", model(CONFIG, arrays()), TOKENIZER);
        assertThat(run.output())
                .contains("5 of the words are tokens of the pipeline paper-v1; the others never occur: check that"
                        + " --pipeline is the right one");
        CommandRun refused = imports("bert", folder.resolve("model.h5"), TOKENIZER);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.error()).contains("there is no text pipeline bert");
    }
}
