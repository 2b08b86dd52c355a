// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.keras;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The vocabulary of Keras' {@code Tokenizer}, from the JSON of its {@code to_json()}. Keras numbers words from 1, the
 * most frequent first; 0 is padding. With an {@code oov_token}, 1 is the number of unknown words. Words whose number is
 * not below {@code num_words} are unknown.
 *
 * @param vocabulary the known words, in the order of their numbers
 * @param numbers (vocabulary) Keras' number of each row: 0 for padding, that of the {@code oov_token} for the unknown
 *     token, then those of the words
 * @see <a href="https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/text/Tokenizer">TensorFlow:
 *     Tokenizer</a>
 */
public record KerasTokenizer(Vocabulary vocabulary, int[] numbers) {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Reads a file.
     *
     * @throws DataException if it is not a tokenizer, or cannot be a {@link Vocabulary}; the message names the file and
     *     the reason
     * @throws IOException if it cannot be read
     */
    public static KerasTokenizer read(Path file) throws IOException {
        String json = Files.readString(file);
        try {
            return of(json);
        } catch (DataException e) {
            throw new DataException(file + ": " + e.getMessage());
        } catch (JsonProcessingException e) {
            throw new DataException(
                    file + " is not a tokenizer in JSON: write the output of tokenizer.to_json() to it");
        }
    }

    private static KerasTokenizer of(String json) throws JsonProcessingException {
        JsonNode config = parsed(JSON.readTree(json)).path("config");
        JsonNode index = parsed(config.path("word_index"));
        if (!index.isObject() || index.isEmpty())
            throw new DataException("it has no word_index: write the output of Keras' tokenizer.to_json() to it");
        if (config.path("char_level").asBoolean())
            throw new DataException(
                    "its tokens are characters (char_level): only a tokenizer of words can be imported");
        if (!config.hasNonNull("oov_token"))
            throw new DataException(
                    "it has no oov_token, so it drops unknown words: train the model with a tokenizer that has one, as"
                            + " DeepTweet reads unknown words as one token");
        String unknown = config.path("oov_token").asText();
        int limit = config.hasNonNull("num_words") ? config.path("num_words").asInt() : Integer.MAX_VALUE;
        Map<Integer, String> words = new TreeMap<>();
        index.fields().forEachRemaining(word -> {
            int number = word.getValue().asInt();
            if (number < 1)
                throw new DataException("its word_index gives " + word.getKey() + " the number " + word.getValue()
                        + ": numbers start at 1");
            if (number < limit && words.put(number, word.getKey()) != null)
                throw new DataException("its word_index gives two words the number " + number);
        });
        int unknownNumber = index.path(unknown).asInt();
        if (!unknown.equals(words.remove(unknownNumber)))
            throw new DataException("its word_index does not hold its oov_token " + unknown + " below num_words");
        List<Integer> numbers = new ArrayList<>(List.of(0, unknownNumber));
        numbers.addAll(words.keySet());
        try {
            return new KerasTokenizer(
                    Vocabulary.of(List.copyOf(words.values())),
                    numbers.stream().mapToInt(Integer::intValue).toArray());
        } catch (IllegalArgumentException e) {
            throw new DataException(e.getMessage());
        }
    }

    /**
     * Parses JSON within a JSON string: {@code to_json()} writes the index so, and
     * {@code json.dump(tokenizer.to_json(), …)} everything.
     */
    private static JsonNode parsed(JsonNode node) throws JsonProcessingException {
        return node.isTextual() ? JSON.readTree(node.asText()) : node;
    }

    /**
     * A network's weights with the embedding's rows in the order of this vocabulary. Rows without a word are dropped.
     *
     * @param network with rows in Keras' order
     * @throws DataException if the network has too few rows
     */
    public Weights ordered(Weights network) {
        int size = network.embeddingSize();
        float[] embedding = new float[numbers.length * size];
        for (int row = 0; row < numbers.length; row++) {
            if (numbers[row] >= network.words())
                throw new DataException("the tokenizer numbers words up to " + numbers[numbers.length - 1]
                        + ", but the embedding's input_dim is " + network.words()
                        + ": use the tokenizer and the model of one training");
            System.arraycopy(network.embedding(), numbers[row] * size, embedding, row * size, size);
        }
        return new Weights(
                numbers.length,
                size,
                network.units(),
                embedding,
                network.forward(),
                network.backward(),
                network.heads());
    }
}
