// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.keras;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.trainer.data.DataException;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A network of the paper's architecture that Keras has saved as a whole model in HDF5: {@code Embedding},
 * {@code Bidirectional(LSTM)}, {@code GlobalMaxPooling1D} and {@code Dense(1, sigmoid)}, with or without dropout
 * between them.
 *
 * <p>Its equations are those of {@link Weights}, with another order of the gates (Keras: input, forget, block input,
 * output). Padding differs: Keras pads texts to one length, and unless the embedding masks the padding
 * ({@code mask_zero}), the LSTM and the pooling read it. DeepTweet never pads. So the two agree on texts of Keras'
 * length, and on texts that Keras scores alone and unpadded.
 *
 * @param version of Keras that saved it
 * @param inputLength tokens to which texts are padded; empty if the network reads texts of any length
 * @param masked whether the padding is masked
 * @param weights with the embedding's rows in Keras' order
 * @see <a href="https://keras.io/api/layers/recurrent_layers/lstm/">Keras: LSTM layer</a>
 */
public record KerasModel(String version, OptionalInt inputLength, boolean masked, Weights weights) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> REQUIRED = List.of("Embedding", "Bidirectional", "GlobalMaxPooling1D", "Dense");
    /** Layers without effect on the scores of a trained network. */
    private static final List<String> IGNORED = List.of("InputLayer", "Dropout", "SpatialDropout1D");
    /** Index of Keras' gate for each gate of {@link Weights.Lstm}. */
    private static final int[] GATES = {2, 1, 3, 0};

    /** An array of the file, in row-major order. */
    private record Array(String name, int[] shape, float[] values) {}

    /** A file's content: the network's JSON configuration, and each layer's arrays in Keras' order. */
    private record Contents(String config, String version, Map<String, List<Array>> layers) {}

    /**
     * Reads a file.
     *
     * @throws DataException if it is not a whole Keras model in HDF5, or has another architecture; the message names
     *     the file and the reason
     * @throws IOException if it cannot be read
     */
    public static KerasModel read(Path file) throws IOException {
        if (!Files.exists(file)) throw new NoSuchFileException(file.toString());
        Contents contents = contents(file);
        try {
            return of(contents);
        } catch (DataException e) {
            throw new DataException(file + ": " + e.getMessage());
        }
    }

    private static Contents contents(Path file) {
        try (HdfFile hdf = new HdfFile(file)) {
            Attribute config = hdf.getAttribute("model_config");
            if (config == null || !(hdf.getChild("model_weights") instanceof Group weights))
                throw new DataException(
                        file + " is not a whole Keras model: save it with model.save('….h5'), not only its weights");
            Map<String, List<Array>> layers = new LinkedHashMap<>();
            for (Node layer : weights) if (layer instanceof Group group) layers.put(group.getName(), arrays(group));
            Attribute version = hdf.getAttribute("keras_version");
            return new Contents(
                    config.getData().toString(),
                    version == null
                            ? "of an unknown version"
                            : version.getData().toString(),
                    layers);
        } catch (DataException e) {
            throw e;
        } catch (RuntimeException e) { // jHDF throws many kinds for bytes that are not HDF5 or incomplete
            throw new DataException(file + " cannot be read as HDF5: " + e.getMessage());
        }
    }

    /** A layer's arrays in the order of {@code weight_names}, in which Keras reads them. */
    private static List<Array> arrays(Group layer) {
        List<Array> arrays = new ArrayList<>();
        Attribute names = layer.getAttribute("weight_names");
        if (names == null || names.isEmpty() || !(names.getData() instanceof String[] paths)) return arrays;
        for (String path : paths) {
            Dataset dataset = layer.getDatasetByPath(path);
            arrays.add(new Array(layer.getName() + "/" + path, dataset.getDimensions(), floats(dataset)));
        }
        return arrays;
    }

    private static float[] floats(Dataset dataset) {
        Object values = dataset.getDataFlat();
        if (values instanceof float[] floats) return floats;
        if (!(values instanceof double[] doubles))
            throw new DataException(dataset.getPath() + " has no floating-point numbers");
        float[] floats = new float[doubles.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) doubles[i];
        return floats;
    }

    private static KerasModel of(Contents contents) {
        List<Layer> all = layers(contents);
        List<Layer> layers =
                all.stream().filter(layer -> !IGNORED.contains(layer.kind)).toList();
        List<String> kinds = layers.stream().map(Layer::kind).toList();
        if (!kinds.equals(REQUIRED))
            throw new DataException("its layers are " + String.join(", ", kinds) + ": only a network of "
                    + String.join(", ", REQUIRED) + ", with or without dropout, can be imported");
        Layer embedding = layers.get(0);
        Layer bidirectional = layers.get(1);
        Layer pooling = layers.get(2);
        Layer dense = layers.get(3);
        bidirectional.require("merge_mode", "concat", "concat");
        Layer lstm = lstm(bidirectional, "layer", false);
        if (bidirectional.config.hasNonNull("backward_layer")) lstm(bidirectional, "backward_layer", true);
        pooling.require("data_format", "channels_last", "channels_last");
        dense.require("units", "1", "missing");
        dense.require("activation", "sigmoid", "linear");

        Array rows = embedding.array(0, "embeddings", embedding.size("input_dim"), embedding.size("output_dim"));
        int size = rows.shape[1];
        int units = lstm.size("units");
        boolean biased = lstm.config.path("use_bias").asBoolean(true);
        Weights.Lstm forward = lstm(bidirectional, 0, size, units, biased);
        Weights.Lstm backward = lstm(bidirectional, biased ? 3 : 2, size, units, biased);
        float[] last = dense.array(0, "kernel", 2 * units, 1).values;
        float bias = dense.config.path("use_bias").asBoolean(true) ? dense.array(1, "bias", 1).values[0] : 0;
        Weights weights = new Weights(
                rows.shape[0], size, units, rows.values, forward, backward, List.of(new Weights.Head(last, bias)));
        return new KerasModel(
                contents.version,
                inputLength(all),
                embedding.config.path("mask_zero").asBoolean(),
                weights);
    }

    /** The LSTM that a Bidirectional wraps. */
    private static Layer lstm(Layer bidirectional, String which, boolean backwards) {
        JsonNode wrapped = bidirectional.config.path(which);
        Layer lstm =
                new Layer(wrapped.path("class_name").asText(), bidirectional.name, wrapped.path("config"), List.of());
        if (!lstm.kind.equals("LSTM"))
            throw new DataException(
                    "layer " + bidirectional.name + " wraps " + lstm.kind + ": only LSTM can be imported");
        lstm.require("activation", "tanh", "missing");
        lstm.require("recurrent_activation", "sigmoid", "missing"); // hard_sigmoid was Keras' default before 2.3
        lstm.require("return_sequences", "true", "false");
        lstm.require("go_backwards", Boolean.toString(backwards), "false");
        lstm.require("time_major", "false", "false");
        return lstm;
    }

    private static Weights.Lstm lstm(Layer layer, int from, int size, int units, boolean biased) {
        float[] input = layer.array(from, "kernel", size, 4 * units).values;
        float[] recurrent = layer.array(from + 1, "recurrent_kernel", units, 4 * units).values;
        float[] bias = biased ? layer.array(from + 2, "bias", 4 * units).values : new float[4 * units];
        return new Weights.Lstm(reordered(input, units), reordered(recurrent, units), reordered(bias, units));
    }

    /** The four blocks of columns of each row in the order of {@link Weights.Lstm}. */
    private static float[] reordered(float[] values, int units) {
        float[] reordered = new float[values.length];
        for (int row = 0; row < values.length; row += 4 * units)
            for (int gate = 0; gate < 4; gate++)
                System.arraycopy(values, row + GATES[gate] * units, reordered, row + gate * units, units);
        return reordered;
    }

    /** The layers of a sequential model, or of a functional one, in which layers of these kinds are a chain. */
    private static List<Layer> layers(Contents contents) {
        JsonNode config;
        try {
            config = JSON.readTree(contents.config).path("config");
        } catch (JsonProcessingException e) {
            throw new DataException("its model_config is not JSON");
        }
        List<Layer> layers = new ArrayList<>();
        for (JsonNode layer : config.isArray() ? config : config.path("layers")) { // an array before Keras 2.2.3
            String name = layer.path("config").path("name").asText();
            layers.add(new Layer(
                    layer.path("class_name").asText(),
                    name,
                    layer.path("config"),
                    contents.layers.getOrDefault(name, List.of())));
        }
        return layers;
    }

    private static OptionalInt inputLength(List<Layer> layers) {
        for (Layer layer : layers)
            for (String option : new String[] {"batch_shape", "batch_input_shape"})
                if (layer.config.path(option).path(1).isInt())
                    return OptionalInt.of(layer.config.path(option).path(1).asInt());
        return OptionalInt.empty();
    }

    private record Layer(String kind, String name, JsonNode config, List<Array> arrays) {
        /**
         * Requires a value of an option.
         *
         * @param defaultValue of the option where the configuration does not have it
         */
        void require(String option, String value, String defaultValue) {
            JsonNode given = config.path(option);
            String found =
                    given.isMissingNode() ? defaultValue : given.isValueNode() ? given.asText() : given.toString();
            if (!found.equals(value))
                throw new DataException(
                        "layer " + name + " has " + option + " " + found + ": only " + value + " can be imported");
        }

        int size(String option) {
            int size = config.path(option).asInt();
            if (size < 1) throw new DataException("layer " + name + " has no " + option);
            return size;
        }

        /** The layer's array at that index, which must have that name and shape. */
        Array array(int index, String last, int... shape) {
            if (index >= arrays.size())
                throw new DataException(
                        "layer " + name + " has " + arrays.size() + " arrays of weights: its " + last + " is missing");
            Array array = arrays.get(index);
            if (!array.name.matches("(.*/)?" + last + "(:\\d+)?"))
                throw new DataException(
                        "weights " + array.name + " are in the place of the " + last + " of layer " + name);
            if (!Arrays.equals(array.shape, shape))
                throw new DataException("weights " + array.name + " have the shape " + Arrays.toString(array.shape)
                        + ", not " + Arrays.toString(shape));
            return array;
        }
    }
}
