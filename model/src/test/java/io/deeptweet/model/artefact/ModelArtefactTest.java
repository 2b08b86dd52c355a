// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deeptweet.model.RandomModels;
import io.deeptweet.model.artefact.Safetensors.Tensor;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelArtefactTest {
    private static final ModelArtefact MODEL = RandomModels.model(List.of("good", "bad", "😀", "café"), 3, 2, 1);

    @TempDir
    Path folder;

    @Test
    void aModelIsReadAsItWasWritten() throws Exception {
        Path file = folder.resolve("model.safetensors");
        MODEL.write(file);
        ModelArtefact read = ModelArtefact.read(file);
        assertThat(read.weights()).usingRecursiveComparison().isEqualTo(MODEL.weights());
        assertThat(read.vocabulary().words()).containsExactly("good", "bad", "😀", "café");
        assertThat(read.pipeline().name()).isEqualTo("deeptweet");
        assertThat(read.maximumLength()).isEqualTo(64);
        assertThat(read.version()).isEqualTo(MODEL.version()).matches("random-[0-9a-f]{8}");
        assertThat(read.parent()).isEmpty();
        assertThat(read.createdAt()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
        assertThat(read.toBytes()).isEqualTo(MODEL.toBytes()).isEqualTo(Files.readAllBytes(file));
        assertThat(folder).isDirectoryContaining("glob:**model.safetensors").isDirectoryNotContaining("glob:**.part");
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void headsAndNgramsAreReadAsTheyWereWritten(int heads) throws Exception {
        ModelArtefact model = RandomModels.withHeads(heads, List.of("good"), 3, 2, 64, 3);
        assertThat(ModelArtefact.read(model.toBytes()).weights())
                .usingRecursiveComparison()
                .isEqualTo(model.weights());
        assertThat(model.weights().buckets()).isEqualTo(64);
        assertThat(model.weights().opinion().isPresent()).isEqualTo(heads == 2);
        assertThat(List.of(
                        RandomModels.withHeads(heads, List.of("good"), 3, 2, 0, 3)
                                .version(),
                        RandomModels.withHeads(3 - heads, List.of("good"), 3, 2, 64, 3)
                                .version()))
                .doesNotContain(model.version());
    }

    @Test
    void theWeightsOfTwoHeadsLieBesideEachOther() {
        ModelArtefact model = RandomModels.withHeads(2, List.of("good"), 3, 2, 8, 3);
        Weights.Head polarity = model.weights().polarity();
        Weights.Head opinion = model.weights().opinion().orElseThrow();
        Map<String, Tensor> tensors = tensors(model);
        assertThat(tensors.get("dense.bias").shape()).containsExactly(2);
        assertThat(tensors.get("dense.bias").floats()).containsExactly(polarity.bias(), opinion.bias());
        assertThat(tensors.get("dense.weight").shape()).containsExactly(4, 2);
        assertThat(tensors.get("dense.weight").floats()).startsWith(polarity.dense()[0], opinion.dense()[0]);
        assertThat(tensors.get("ngrams.weight").shape()).containsExactly(8, 2);
        byte[] ngrams = tensors.get("ngrams.weight").bytes();
        float[] scales = tensors.get("ngrams.scale").floats();
        assertThat(polarity.ngrams()[7]).isEqualTo(ngrams[14] * scales[0]);
        assertThat(opinion.ngrams()[7]).isEqualTo(ngrams[15] * scales[1]);
    }

    private static Map<String, Tensor> tensors(ModelArtefact model) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        model.file().tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
        return tensors;
    }

    @Test
    void theSameModelGivesTheSameBytes() {
        assertThat(RandomModels.model(List.of("good", "bad", "😀", "café"), 3, 2, 1)
                        .toBytes())
                .isEqualTo(MODEL.toBytes());
    }

    @Test
    void theVersionDependsOnWhatChangesAScoreAndOnNothingElse() {
        ModelArtefact.Provenance other =
                new ModelArtefact.Provenance(Optional.of("random-00000000"), Instant.EPOCH, "other data", "{\"a\":1}");
        assertThat(ModelArtefact.of("random", TextPipeline.deepTweet(), 64, MODEL.vocabulary(), MODEL.weights(), other)
                        .version())
                .isEqualTo(MODEL.version());
        assertThat(ModelArtefact.of("random", TextPipeline.deepTweet(), 63, MODEL.vocabulary(), MODEL.weights(), other)
                        .version())
                .isNotEqualTo(MODEL.version());
        assertThat(ModelArtefact.of("random", TextPipeline.paperV1(), 64, MODEL.vocabulary(), MODEL.weights(), other)
                        .version())
                .isNotEqualTo(MODEL.version());
        assertThat(ModelArtefact.of(
                                "random",
                                TextPipeline.deepTweet(),
                                64,
                                Vocabulary.of(List.of("bad", "good", "😀", "café")),
                                MODEL.weights(),
                                other)
                        .version())
                .isNotEqualTo(MODEL.version());
    }

    /** The publisher sends these parts, and the reader joins them. */
    @Test
    void theFileIsTheHeaderFollowedByTheTensors() {
        Safetensors file = MODEL.file();
        byte[] header = file.header().getBytes(UTF_8);
        assertThat(header.length % 8).isZero();
        ByteBuffer joined = ByteBuffer.allocate(MODEL.toBytes().length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header);
        file.tensors().forEach(tensor -> joined.put(tensor.bytes()));
        assertThat(joined.array()).isEqualTo(MODEL.toBytes());
        assertThat(file.tensors())
                .extracting(Tensor::name)
                .containsExactly(
                        "embedding",
                        "lstm.forward.input",
                        "lstm.forward.recurrent",
                        "lstm.forward.bias",
                        "lstm.backward.input",
                        "lstm.backward.recurrent",
                        "lstm.backward.bias",
                        "dense.weight",
                        "dense.bias",
                        "vocabulary");
    }

    @Test
    void pythonReadsTheFileWithItsStandardLibrary() throws Exception {
        Path file = folder.resolve("model.safetensors");
        MODEL.write(file);
        String script = """
        import json, struct, sys
        data = open(sys.argv[1], 'rb').read()
        length = struct.unpack('<Q', data[:8])[0]
        header = json.loads(data[8:8 + length])
        def tensor(name):
            begin, end = header[name]['data_offsets']
            return data[8 + length + begin:8 + length + end]
        print(header['__metadata__']['version'])
        print(header['embedding']['shape'], header['embedding']['dtype'])
        print('%.9g' % struct.unpack('<f', tensor('dense.bias'))[0])
        print('%.9g' % struct.unpack('<18e', tensor('embedding'))[17])
        print(ascii(tensor('vocabulary').decode('utf-8').split('\\n')))
        ends = [entry['data_offsets'][1] for name, entry in header.items() if name != '__metadata__']
        print(max(ends) == len(data) - 8 - length)
        """;
        Process python = start("python3", "-c", script, file.toString());
        String printed = new String(python.getInputStream().readAllBytes(), UTF_8);
        assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(printed.lines().toList())
                .containsExactly(
                        MODEL.version(),
                        "[6, 3] F16",
                        nineDigits(0.1f),
                        nineDigits(MODEL.weights().embedding()[17]),
                        "['good', 'bad', '\\U0001f600', 'caf\\xe9']",
                        "True");
    }

    /** The reference implementation beside this module's sources. */
    @Test
    void theReferenceImplementationInPythonScoresAsTheKernel() throws Exception {
        assumeTrue(
                new String(
                                start("python3", "-c", "import numpy; print('there')")
                                        .getInputStream()
                                        .readAllBytes(),
                                UTF_8)
                        .contains("there"),
                "NumPy is not installed: score.py was not run");
        List<String> words = List.of("good", "bad", "😀", "café");
        for (ModelArtefact model : List.of(
                MODEL,
                RandomModels.withHeads(1, words, 3, 2, 256, 2),
                RandomModels.withHeads(2, words, 3, 2, 0, 3),
                RandomModels.withHeads(2, words, 3, 2, 256, 4),
                RandomModels.withNegation(RandomModels.withHeads(2, words, 3, 2, 256, 5)),
                ModelArtefact.read(FormatVersionTest.ofFormat1(RandomModels.withHeads(2, words, 3, 2, 256, 6))))) {
            Path file = folder.resolve("model.safetensors");
            model.write(file);
            List<String> texts = List.of(
                    "good",
                    "so bad 😀 !",
                    "",
                    "naïve 日本 good bad n't",
                    "good bad ".repeat(50),
                    "I don't like good bad café cannot you good but bad, never 5 good! bad, no one :( bad, not 😀 bad");
            List<List<String>> tokens =
                    texts.stream().map(model.pipeline()::tokens).toList();
            Process python = start("python3", "score.py", file.toString());
            try (OutputStream in = python.getOutputStream()) {
                for (List<String> line : tokens) in.write((String.join(" ", line) + "\n").getBytes(UTF_8));
            }
            List<String> printed = new String(python.getInputStream().readAllBytes(), UTF_8)
                    .lines()
                    .toList();
            assertThat(printed).hasSameSizeAs(texts);
            for (int i = 0; i < texts.size(); i++) {
                Score score = KernelScorer.of(model).score(texts.get(i));
                double[] probabilities = Stream.of(printed.get(i).split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                assertThat(probabilities)
                        .as(texts.get(i))
                        .containsExactly(
                                new double[] {score.negative(), score.neutral(), score.positive()}, within(2e-6));
            }
        }
    }

    /** The format of {@code %.9g}, which distinguishes all floats. */
    private static String nineDigits(float value) {
        return new BigDecimal(value)
                .round(new MathContext(9, RoundingMode.HALF_EVEN))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static Process start(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "python3 is not installed: the artefact was not read with it");
            throw new AssertionError(e);
        }
    }

    @Test
    void everyFileCutShortIsRefused() {
        byte[] whole = MODEL.toBytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ModelArtefact.read(cut)).isInstanceOf(InvalidArtefactException.class);
        }
    }

    @Test
    void anyAlteredByteIsNoticed() {
        byte[] whole = MODEL.toBytes();
        int tensors = 8 + MODEL.file().header().getBytes(UTF_8).length;
        for (int at = tensors; at < whole.length; at++) {
            byte[] altered = whole.clone();
            altered[at] ^= 1;
            assertThatThrownBy(() -> ModelArtefact.read(altered))
                    .as("byte %d", at)
                    .isInstanceOf(InvalidArtefactException.class);
        }
    }

    @Test
    void bytesAfterTheLastTensorAreRefused() {
        assertRefused(Arrays.copyOf(MODEL.toBytes(), MODEL.toBytes().length + 4), "4 bytes follow the last tensor");
    }

    @ParameterizedTest
    @CsvSource({"-1", "0", "1", "9223372036854775807", "4611686018427387904", "2147483648", "100000000"})
    void aHostileHeaderLengthIsRefused(long length) {
        byte[] file = MODEL.toBytes();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        assertRefused(file, "header");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"dtype\":\"F16\" | \"dtype\":\"F64\" | dtype",
                "\"dtype\":\"F16\" | \"dtype\":32 | dtype",
                "\"shape\":[6,3] | \"shape\":[3,6] | the shape",
                "\"shape\":[6,3] | \"shape\":[6,4] | takes 48",
                "\"shape\":[6,3] | \"shape\":[6,-3] | shape",
                "\"shape\":[6,3] | \"shape\":[6,3.0] | shape",
                "\"shape\":[6,3] | \"shape\":[9223372036854775807,9223372036854775807] | too large",
                "\"shape\":[6,3] | \"shape\":[65536,65536,65536,65536] | too large",
                "\"shape\":[6,3] | \"shape\":{} | shape",
                "\"data_offsets\":[0,36] | \"data_offsets\":[4,40] | begins at byte 4",
                "\"data_offsets\":[0,36] | \"data_offsets\":[0,9000] | cut short",
                "\"data_offsets\":[0,36] | \"data_offsets\":[0] | data_offsets",
                "\"data_offsets\":[36,132] | \"data_offsets\":[0,96] | begins at byte 0, where 36 is next",
                "\"lstm.forward.input\" | \"embedding\" | Duplicate",
                "\"lstm.forward.input\" | \"lstm.forward.other\" | lstm.forward.input is missing",
                "\"format_version\":\"2\" | \"format_version\":\"3\" | format_version is 3",
                "\"format_version\":\"2\" | \"format_version\":2 | no string",
                "\"format_version\":\"2\", | '' | no DeepTweet model",
                "\"pipeline\":\"deeptweet\" | \"pipeline\":\"bert\" | no text pipeline bert",
                "\"maximum_length\":\"64\" | \"maximum_length\":\"0\" | maximum_length is 0",
                "\"maximum_length\":\"64\" | \"maximum_length\":\"65\" | belongs to other contents",
                "\"created_at\":\"2026 | \"created_at\":\"x026 | created_at",
                "\"report\":\"{}\" | \"repart\":\"{}\" | no report",
                "{\"__metadata__\" | [\"__metadata__\" | no valid JSON",
            })
    void aWrongHeaderIsRefusedWithTheReason(String from, String to, String reason) {
        assertThat(MODEL.file().header()).contains(from);
        assertRefused(
                withHeader(header -> header.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to))), reason);
    }

    @Test
    void aHeaderThatIsNotUtf8IsRefused() {
        byte[] file = MODEL.toBytes();
        file[20] = (byte) 0xFF;
        assertRefused(file, "UTF-8");
    }

    @Test
    void aNestedHeaderIsRefused() {
        assertRefused(withHeader(header -> "[".repeat(100_000)), "no valid JSON");
    }

    @ParameterizedTest
    @CsvSource({"NaN, 7FFF", "NaN, FC01", "Infinity, 7C00", "-Infinity, FC00"})
    void aWeightThatIsNotFiniteIsRefused(float value, String half) {
        byte[] rows = MODEL.file().tensors().get(0).bytes().clone();
        ByteBuffer.wrap(rows).order(ByteOrder.LITTLE_ENDIAN).putShort(14, (short) Integer.parseInt(half, 16));
        List<Tensor> tensors = new ArrayList<>(MODEL.file().tensors());
        tensors.set(0, new Tensor("embedding", Safetensors.Type.F16, List.of(6, 3), rows));
        assertRefused(
                Safetensors.of(MODEL.file().metadata(), tensors).toBytes(),
                "tensor embedding holds " + value + " at 7");
    }

    @Test
    void aVocabularyOfAnotherSizeIsRefused() {
        assertThatThrownBy(() -> ModelArtefact.of(
                        "m",
                        TextPipeline.deepTweet(),
                        64,
                        Vocabulary.of(List.of("good")),
                        MODEL.weights(),
                        provenance()))
                .hasMessage("the vocabulary has 3 rows, but the embedding 6");
    }

    @Test
    void anUnknownTensorIsRefused() {
        List<Tensor> tensors = new ArrayList<>(MODEL.file().tensors());
        tensors.add(Tensor.of("extra", new float[] {1}, 1));
        assertRefused(Safetensors.of(MODEL.file().metadata(), tensors).toBytes(), "tensor extra is unknown");
    }

    @Test
    void metadataThatLaterVersionsAddIsRead() throws Exception {
        Map<String, String> metadata = new LinkedHashMap<>(MODEL.file().metadata());
        metadata.put("temperature", "1.1");
        assertThat(ModelArtefact.read(
                                Safetensors.of(metadata, MODEL.file().tensors()).toBytes())
                        .version())
                .isEqualTo(MODEL.version());
    }

    @Test
    void anInvalidNameIsRefused() {
        for (String name : List.of("", "-v1", "v 1", "v1/x", "é", "x".repeat(65)))
            assertThatThrownBy(() -> ModelArtefact.requireName(name))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFileIsNamedInTheMessage() throws Exception {
        Path file = Files.write(folder.resolve("broken.safetensors"), new byte[3]);
        assertThatThrownBy(() -> ModelArtefact.read(file))
                .hasMessageStartingWith(file + ": the file has 3 bytes: too short for a header; it is no model");
    }

    private static ModelArtefact.Provenance provenance() {
        return new ModelArtefact.Provenance(Optional.empty(), Instant.EPOCH, "none", "{}");
    }

    private static byte[] withHeader(UnaryOperator<String> change) {
        Safetensors file = MODEL.file();
        return new Safetensors(change.apply(file.header()), file.metadata(), file.tensors()).toBytes();
    }

    private static void assertRefused(byte[] file, String reason) {
        assertThatThrownBy(() -> ModelArtefact.read(file))
                .isInstanceOf(InvalidArtefactException.class)
                .hasMessageContaining(reason);
    }
}
