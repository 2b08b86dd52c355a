// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.deeptweet.model.RandomModels;
import io.deeptweet.model.artefact.Safetensors.Tensor;
import io.deeptweet.model.artefact.Safetensors.Type;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file that is no valid model, and what its refusal says. Changed headers stand in {@code hostile-headers.txt},
 * everything else here.
 */
record HostileArtefact(String name, byte[] file, String refusal) {
    static final ModelArtefact VALID = RandomModels.withNgrams(List.of("good", "bad", "😀", "café"), 3, 2, 8, 1);
    private static final ModelArtefact TWO_HEADS =
            RandomModels.withHeads(2, List.of("good", "bad", "😀", "café"), 3, 2, 8, 1);
    private static final byte[] BYTES = VALID.toBytes();
    private static final int HEADER = VALID.file().header().getBytes(UTF_8).length;
    private static final int DATA = Long.BYTES + HEADER;
    private static final Pattern REPEATED = Pattern.compile("\\{\\{(.+?)\\*(\\d+)\\}\\}");

    static Stream<HostileArtefact> all() throws IOException {
        return Stream.of(headers(), lengths(), contents(), weights(), HostileRounding.all())
                .flatMap(List::stream);
    }

    @Override
    public String toString() {
        return name;
    }

    private static List<HostileArtefact> headers() throws IOException {
        String lines;
        try (InputStream in = HostileArtefact.class.getResourceAsStream("/hostile-headers.txt")) {
            lines = new String(in.readAllBytes(), UTF_8);
        }
        List<HostileArtefact> all = new ArrayList<>();
        for (String line : lines.split("\n", -1)) {
            if (line.isBlank() || line.startsWith("#")) continue;
            int arrow = line.indexOf(" => ");
            int bar = line.lastIndexOf(" | ");
            String find = line.substring(0, arrow);
            String replacement = bar < arrow + 4 ? "" : line.substring(arrow + 4, bar);
            Matcher found = Pattern.compile(find).matcher(VALID.file().header().strip());
            if (!found.find()) throw new IllegalStateException("the header has no " + find);
            String header = found.replaceFirst(Matcher.quoteReplacement(expanded(replacement)));
            all.add(new HostileArtefact(line, file(header.getBytes(UTF_8)), line.substring(bar + 3)));
        }
        return all;
    }

    private static String expanded(String written) {
        String text = written.replace("\\uFEFF", "\uFEFF").replace("\\n", "\n");
        return REPEATED.matcher(text)
                .replaceAll(
                        recipe -> Matcher.quoteReplacement(recipe.group(1).repeat(Integer.parseInt(recipe.group(2)))));
    }

    private static List<HostileArtefact> lengths() {
        List<HostileArtefact> all = new ArrayList<>();
        all.add(new HostileArtefact("an empty file", new byte[0], "the file has 0 bytes"));
        all.add(new HostileArtefact("seven bytes", new byte[7], "the file has 7 bytes"));
        all.add(new HostileArtefact("eight zero bytes", new byte[8], "the header's length is given as 0"));
        all.add(new HostileArtefact("a gigabyte of nothing, as it says", length(1L << 30), "the header's length"));
        for (long length : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 31, 1L << 32, (8L << 20) + 1})
            all.add(new HostileArtefact(
                    "a header of " + length + " bytes", length(length), "the header's length is given as " + length));
        all.add(new HostileArtefact(
                "a header that goes beyond the file", length(BYTES.length), "only " + (BYTES.length - 8) + " follow"));
        all.add(new HostileArtefact("a header that ends early", length(HEADER - 8L), "the header is no valid JSON"));
        all.add(new HostileArtefact("a header that takes a weight", length(HEADER + 4L), "the header is no"));
        all.add(new HostileArtefact("a big-endian length", bigEndian(), "the header's length is given as"));
        for (int size : new int[] {9, DATA / 2, DATA - 1})
            all.add(new HostileArtefact("the first " + size + " bytes", Arrays.copyOf(BYTES, size), "follow"));
        for (int size : new int[] {DATA, DATA + 1, DATA + 72, BYTES.length - 1})
            all.add(new HostileArtefact(
                    "the first " + size + " bytes", Arrays.copyOf(BYTES, size), "the file is cut short"));
        for (int more : new int[] {1, 8, 1 << 20})
            all.add(new HostileArtefact(
                    "with " + more + " more bytes",
                    Arrays.copyOf(BYTES, BYTES.length + more),
                    more + " bytes follow the last tensor"));
        return all;
    }

    private static List<HostileArtefact> contents() {
        List<HostileArtefact> all = new ArrayList<>();
        for (String magic : List.of("PK\u0003\u0004", "\u0080\u0004\u0095", "\u0089HDF\r\n\u001a\n", "GGUF"))
            all.add(new HostileArtefact(
                    "a file of another format, " + magic.strip(),
                    Arrays.copyOf(magic.getBytes(ISO_8859_1), 4096),
                    "the header"));
        all.add(new HostileArtefact("a header in Latin-1", withHeaderByte(0xe9), "the header is not UTF-8"));
        all.add(new HostileArtefact("a header with half a character", withHeaderByte(0xc3), "the header is not UTF-8"));
        all.add(new HostileArtefact("a header with a zero byte", withHeaderByte(0), "the header is no valid JSON"));
        all.add(new HostileArtefact(
                "a header in UTF-16", file(VALID.file().header().getBytes(UTF_16LE)), "the header is no valid JSON"));
        all.add(vocabulary("bytes that are not UTF-8", new byte[] {'a', '\n', (byte) 0xff}, "is not UTF-8"));
        all.add(vocabulary("an encoded surrogate", new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, "is not UTF-8"));
        all.add(vocabulary("a word twice", "a\nb\nb\nc".getBytes(UTF_8), "tensor vocabulary: "));
        all.add(vocabulary("an empty word", "a\n\nb\nc".getBytes(UTF_8), "tensor vocabulary: "));
        all.add(vocabulary("a line feed at the end", "a\nb\nc\nd\n".getBytes(UTF_8), "tensor vocabulary: "));
        all.add(vocabulary("no words", new byte[0], "the vocabulary has 2 rows, but the embedding 6"));
        all.add(vocabulary("a word too few", "a\nb\nc".getBytes(UTF_8), "the vocabulary has 5 rows"));
        all.add(vocabulary("a word too many", "a\nb\nc\nd\ne".getBytes(UTF_8), "the vocabulary has 7 rows"));
        all.add(vocabulary("other words", "a\nb\nc\nd".getBytes(UTF_8), "belongs to other contents"));
        all.add(tensors(
                "a tensor twice",
                tensors -> {
                    tensors.add(tensors.get(0));
                    return tensors;
                },
                "begins at byte 471, where 0 is next"));
        all.add(tensors("no tensors", tensors -> List.of(), "tensor embedding is missing"));
        all.add(tensors(
                "a tensor that nobody knows",
                tensors -> {
                    tensors.add(Tensor.of("payload", new byte[1000]));
                    return tensors;
                },
                "tensor payload is unknown"));
        all.add(tensors(
                "an attention layer",
                tensors -> {
                    tensors.add(Tensor.of("encoder.layer.0.attention.self.query.weight", new float[4], 2, 2));
                    return tensors;
                },
                "is unknown"));
        all.add(tensors(
                "other weights of the same version",
                tensors -> {
                    byte[] changed = tensors.get(0).bytes().clone();
                    changed[0] ^= 1;
                    tensors.set(0, new Tensor("embedding", Type.F16, List.of(6, 3), changed));
                    return tensors;
                },
                "belongs to other contents"));
        for (int buckets : new int[] {0, 3, 6, 7})
            all.add(replaced(
                    "n-grams in " + buckets + " buckets", ngrams(buckets), "needs one dimension, a power of two"));
        all.add(replaced("n-grams in two dimensions", ngrams(2, 4), "one dimension"));
        all.add(replaced("n-grams as bytes", Tensor.of("ngrams.weight", new byte[8]), "has the dtype U8, needs I8"));
        all.add(replaced("an embedding of one row", Tensor.halves("embedding", new float[3], 1, 3), "are too small"));
        all.add(replaced("an embedding of no width", Tensor.halves("embedding", new float[0], 6, 0), "are too small"));
        all.add(replaced(
                "an LSTM without units", Tensor.of("lstm.forward.recurrent", new float[0], 0, 8), "are too small"));
        all.add(replaced(
                "an LSTM of other units than its inputs",
                Tensor.of("lstm.forward.recurrent", new float[36], 3, 12),
                "tensor lstm.forward.input has the shape [3, 8], needs [3, 12]"));
        all.add(replaced(
                "a bias of a head without weights",
                Tensor.of("dense.bias", new float[2], 2),
                "tensor dense.weight has the shape [4, 1], needs [4, 2]"));
        all.add(replaced(
                "a head without a bias",
                Tensor.of("dense.weight", new float[8], 4, 2),
                "tensor dense.weight has the shape [4, 2], needs [4, 1]"));
        for (int heads : new int[] {0, 3})
            all.add(replaced(
                    heads + " heads",
                    Tensor.of("dense.bias", new float[heads], heads),
                    "tensor dense.bias has the shape [" + heads + "], needs [1] or [2]: one per head"));
        all.add(replaced("biases as a matrix", Tensor.of("dense.bias", new float[2], 1, 2), "needs [1] or [2]"));
        all.add(ofTwoHeads("n-grams of one head", 8));
        all.add(ofTwoHeads("n-grams of each head in a row", 2, 8));
        all.add(ofTwoHeads("n-grams of three heads", 8, 3));
        all.add(ofTwoHeads("n-grams of two heads in three buckets", 3, 2));
        all.add(ofTwoHeads("n-grams in three dimensions", 8, 2, 1));
        all.add(ofTwoHeads("n-grams of no dimension"));
        return all;
    }

    /** Each tensor of weights without it, and with a value that is no number. */
    private static List<HostileArtefact> weights() {
        List<HostileArtefact> all = new ArrayList<>();
        float[] hostile = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        for (Tensor tensor : VALID.file().tensors()) {
            if (tensor.type() == Type.F32) {
                float[] values = tensor.floats();
                values[values.length - 1] = hostile[all.size() % hostile.length];
                all.add(replaced(
                        tensor.name() + " with " + values[values.length - 1],
                        Tensor.of(tensor.name(), values, tensor.shape().toArray(Integer[]::new)),
                        "tensor " + tensor.name() + " holds " + values[values.length - 1]));
            }
            if (!tensor.name().equals("ngrams.weight"))
                all.add(without("without " + tensor.name(), tensor.name(), "tensor " + tensor.name() + " is missing"));
        }
        return all;
    }

    static HostileArtefact without(String name, String tensor, String refusal) {
        return tensors(
                name,
                tensors -> {
                    tensors.removeIf(one -> one.name().equals(tensor));
                    return tensors;
                },
                refusal);
    }

    private static HostileArtefact vocabulary(String name, byte[] words, String refusal) {
        HostileArtefact made = replaced(name, Tensor.of("vocabulary", words), refusal);
        return new HostileArtefact("a vocabulary with " + name, made.file, refusal);
    }

    static HostileArtefact replaced(String name, Tensor tensor, String refusal) {
        return tensors(name, tensors -> replace(tensors, tensor), refusal);
    }

    /** Replaces the tensor of the same name. */
    private static List<Tensor> replace(List<Tensor> tensors, Tensor tensor) {
        tensors.replaceAll(one -> one.name().equals(tensor.name()) ? tensor : one);
        return tensors;
    }

    private static Tensor ngrams(Integer... shape) {
        int size = Stream.of(shape).reduce(1, Math::multiplyExact);
        return new Tensor("ngrams.weight", Type.I8, List.of(shape), new byte[size]);
    }

    /** A model of two heads with n-grams of another shape. */
    private static HostileArtefact ofTwoHeads(String name, Integer... shape) {
        return new HostileArtefact(
                "two heads with " + name,
                changed(TWO_HEADS, tensors -> replace(tensors, ngrams(shape))),
                "tensor ngrams.weight has the shape " + List.of(shape) + ", needs a power of two and 2 heads");
    }

    static HostileArtefact tensors(String name, UnaryOperator<List<Tensor>> change, String refusal) {
        return new HostileArtefact(name, changed(VALID, change), refusal);
    }

    private static byte[] changed(ModelArtefact model, UnaryOperator<List<Tensor>> change) {
        List<Tensor> tensors = change.apply(new ArrayList<>(model.file().tensors()));
        return Safetensors.of(model.file().metadata(), tensors).toBytes();
    }

    private static byte[] file(byte[] header) {
        return ByteBuffer.allocate(Long.BYTES + header.length + BYTES.length - DATA)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(BYTES, DATA, BYTES.length - DATA)
                .array();
    }

    private static byte[] length(long length) {
        byte[] file = BYTES.clone();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        return file;
    }

    private static byte[] bigEndian() {
        byte[] file = BYTES.clone();
        ByteBuffer.wrap(file).putLong(HEADER);
        return file;
    }

    private static byte[] withHeaderByte(int value) {
        byte[] file = BYTES.clone();
        file[Long.BYTES + 4] = (byte) value;
        return file;
    }
}
