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
 * A network of the paper's kind as Keras saves a whole model to HDF5: {@code Embedding}, {@code Bidirectional(LSTM)},
 * {@code GlobalMaxPooling1D} and {@code Dense(1, sigmoid)}, with dropout between them or none.
 *
 * <p>Its equations are {@link Weights}' own; only the gates stand in another order (Keras: input, forget, block input,
 * output). What is not in the weights is padding: Keras fills texts up to one length, and unless the embedding masks it
 * ({@code mask_zero}), the LSTM reads the padding and the pooling sees it. DeepTweet never pads, so the two agree on
 * texts that fill Keras' length, or on any text that Keras is given alone and unpadded.
 *
 * @param version of the Keras that saved it
 * @param inputLength to how many tokens it padded its texts; empty if it takes any number
 * @param masked whether it did not read the padding
 * @param weights with the embedding's rows as Keras numbers them
 * @see <a href="https://keras.io/api/layers/recurrent_layers/lstm/">Keras: LSTM layer</a>
 */
public record KerasModel(String version, OptionalInt inputLength, boolean masked, Weights weights) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> NEEDED = List.of("Embedding", "Bidirectional", "GlobalMaxPooling1D", "Dense");
    /** Which do nothing once a network is trained. */
    private static final List<String> PASSING = List.of("InputLayer", "Dropout", "SpatialDropout1D");
    /** Keras' gates in the order of {@link Weights.Lstm}. */
    private static final int[] GATES = {2, 1, 3, 0};

    /** An array of the file, row by row. */
    private record Array(String name, int[] shape, float[] values) {}

    /** What a file holds: the network's description, and each layer's arrays in Keras' order. */
    private record Contents(String config, String version, Map<String, List<Array>> layers) {}

    /**
     * Reads a file.
     *
     * @throws DataException if it is none of Keras' whole models in HDF5, or a network of another kind; the message
     *     names the file and what is wrong
     * @throws IOException if it can't be read
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
                        file + " holds no whole Keras model: save it by model.save('….h5'), not its weights alone");
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
        } catch (RuntimeException e) { // whatever jHDF comes to on bytes that are not HDF5, or cut short
            throw new DataException(file + " can't be read as HDF5: " + e.getMessage());
        }
    }

    /** In the order of {@code weight_names}, by which Keras itself reads them back. */
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
            throw new DataException(dataset.getPath() + " holds no floating-point numbers");
        float[] floats = new float[doubles.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) doubles[i];
        return floats;
    }

    private static KerasModel of(Contents contents) {
        List<Layer> all = layers(contents);
        List<Layer> layers =
                all.stream().filter(layer -> !PASSING.contains(layer.kind)).toList();
        List<String> kinds = layers.stream().map(Layer::kind).toList();
        if (!kinds.equals(NEEDED))
            throw new DataException("its layers are " + String.join(", ", kinds) + "; DeepTweet's network has "
                    + String.join(", ", NEEDED) + ", with dropout between or not");
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
        Weights weights = new Weights(rows.shape[0], size, units, rows.values, forward, backward, last, bias);
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
                    "layer " + bidirectional.name + " wraps " + lstm.kind + "; DeepTweet's network has LSTM");
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

    /** Each row's four blocks of columns in the order of {@link Weights.Lstm}. */
    private static float[] reordered(float[] values, int units) {
        float[] reordered = new float[values.length];
        for (int row = 0; row < values.length; row += 4 * units)
            for (int gate = 0; gate < 4; gate++)
                System.arraycopy(values, row + GATES[gate] * units, reordered, row + gate * units, units);
        return reordered;
    }

    /** Of a Sequential or of a functional model, whose layers of these kinds can only follow each other. */
    private static List<Layer> layers(Contents contents) {
        JsonNode config;
        try {
            config = JSON.readTree(contents.config).path("config");
        } catch (JsonProcessingException e) {
            throw new DataException("its model_config is no JSON");
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
        /** Refuses another value than this one. */
        void require(String option, String value, String otherwise) {
            JsonNode given = config.path(option);
            String found = given.isMissingNode() ? otherwise : given.isValueNode() ? given.asText() : given.toString();
            if (!found.equals(value))
                throw new DataException(
                        "layer " + name + " has " + option + " " + found + "; DeepTweet's network has " + value);
        }

        int size(String option) {
            int size = config.path(option).asInt();
            if (size < 1) throw new DataException("layer " + name + " has no " + option);
            return size;
        }

        /** The layer's array at that place, if it has this name and shape. */
        Array array(int index, String last, int... shape) {
            if (index >= arrays.size())
                throw new DataException(
                        "layer " + name + " has " + arrays.size() + " arrays of weights: its " + last + " is missing");
            Array array = arrays.get(index);
            if (!array.name.matches("(.*/)?" + last + "(:\\d+)?"))
                throw new DataException("weights " + array.name + " stand where layer " + name + " has its " + last);
            if (!Arrays.equals(array.shape, shape))
                throw new DataException("weights " + array.name + " have the shape " + Arrays.toString(array.shape)
                        + ", need " + Arrays.toString(shape));
            return array;
        }
    }
}
