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
 * The vocabulary of Keras' {@code Tokenizer}, as its {@code to_json()} gives it. Keras numbers words from 1 on, the
 * most frequent first; 0 is padding; with an {@code oov_token}, number 1 stands for the words that it does not know,
 * and of the others it reads those below {@code num_words}.
 *
 * @param vocabulary the words that it reads, in the order of their numbers
 * @param numbers (vocabulary) what Keras numbers the words in each row: 0 for padding, that of the {@code oov_token}
 *     for unknown ones
 * @see <a href="https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/text/Tokenizer">TensorFlow:
 *     Tokenizer</a>
 */
public record KerasTokenizer(Vocabulary vocabulary, int[] numbers) {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Reads a file.
     *
     * @throws DataException if it is no tokenizer, or one that a {@link Vocabulary} can't stand for; the message names
     *     the file and what is wrong
     * @throws IOException if it can't be read
     */
    public static KerasTokenizer read(Path file) throws IOException {
        String json = Files.readString(file);
        try {
            return of(json);
        } catch (DataException e) {
            throw new DataException(file + ": " + e.getMessage());
        } catch (JsonProcessingException e) {
            throw new DataException(file + " is no tokenizer in JSON: write what Keras' tokenizer.to_json() gives");
        }
    }

    private static KerasTokenizer of(String json) throws JsonProcessingException {
        JsonNode config = unquoted(JSON.readTree(json)).path("config");
        JsonNode index = unquoted(config.path("word_index"));
        if (!index.isObject() || index.isEmpty())
            throw new DataException("it has no word_index: write what Keras' tokenizer.to_json() gives");
        if (config.path("char_level").asBoolean())
            throw new DataException("its tokens are characters (char_level), DeepTweet's are words");
        if (!config.hasNonNull("oov_token"))
            throw new DataException(
                    "it has no oov_token: it leaves unknown words out, where DeepTweet reads them as one unknown word; make the tokenizer with one, and the model with that tokenizer");
        String unknown = config.path("oov_token").asText();
        int limit = config.hasNonNull("num_words") ? config.path("num_words").asInt() : Integer.MAX_VALUE;
        Map<Integer, String> words = new TreeMap<>();
        index.fields().forEachRemaining(word -> {
            int number = word.getValue().asInt();
            if (number < 1)
                throw new DataException("its word_index gives " + word.getKey() + " the number " + word.getValue()
                        + ": numbers from 1 on are needed");
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
     * What JSON may be wrapped in as a string, as {@code to_json()} does with the index, and
     * {@code json.dump(tokenizer.to_json(), …)} with all.
     */
    private static JsonNode unquoted(JsonNode node) throws JsonProcessingException {
        return node.isTextual() ? JSON.readTree(node.asText()) : node;
    }

    /**
     * A network's weights with the embedding's rows in the order of this vocabulary; rows that no word has are left
     * out.
     *
     * @param network whose rows are as Keras numbers them
     * @throws DataException if the network has too few rows
     */
    public Weights ordered(Weights network) {
        int size = network.embeddingSize();
        float[] embedding = new float[numbers.length * size];
        for (int row = 0; row < numbers.length; row++) {
            if (numbers[row] >= network.words())
                throw new DataException("the tokenizer numbers words up to " + numbers[numbers.length - 1]
                        + ", but the embedding's input_dim is " + network.words() + ": they are not of one model");
            System.arraycopy(network.embedding(), numbers[row] * size, embedding, row * size, size);
        }
        return new Weights(
                numbers.length,
                size,
                network.units(),
                embedding,
                network.forward(),
                network.backward(),
                network.dense(),
                network.denseBias());
    }
}
