// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file in the safetensors format: named tensors and a map of strings. It is plain data: reading one runs no code.
 *
 * <p>Layout: the length of the header in 8 bytes, little-endian; the header, a JSON object in UTF-8, padded with spaces
 * to a multiple of 8 bytes; the bytes of the tensors, little-endian, one after the other in the header's order. The
 * same contents always give the same bytes. The reader trusts nothing: it checks every length and offset before it uses
 * it.
 *
 * @param header the JSON header with its padding
 * @param metadata the {@code __metadata__} of the header
 * @param tensors in the file's order
 * @see <a href="https://github.com/huggingface/safetensors#format">The safetensors format</a>
 */
public record Safetensors(String header, Map<String, String> metadata, List<Tensor> tensors) {
    private static final String METADATA = "__metadata__";
    private static final int ALIGNMENT = 8;
    private static final String NO_MODEL = "; it is no model that train, fine-tune or import-keras has written";
    /** Limits the memory that a damaged length can take; a real header has a few kilobytes. */
    private static final int LARGEST_HEADER = 8 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The number types of tensors that DeepTweet stores. */
    public enum Type {
        /** Single precision. */
        F32(Float.BYTES),
        /** Half precision. */
        F16(Short.BYTES),
        /** Whole numbers from -128 to 127. */
        I8(Byte.BYTES),
        /** Bytes. */
        U8(Byte.BYTES);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    /**
     * A tensor.
     *
     * @param shape the sizes, the slowest first; each positive or zero
     * @param bytes row by row, little-endian; shared, do not change them
     */
    public record Tensor(String name, Type type, List<Integer> shape, byte[] bytes) {
        public Tensor {
            shape = List.copyOf(shape);
            long length = shape.stream().mapToLong(Integer::longValue).reduce(type.bytes, Math::multiplyExact);
            if (length != bytes.length || shape.stream().anyMatch(size -> size < 0))
                throw new IllegalArgumentException("tensor " + name + " has " + bytes.length + " bytes: " + type + " "
                        + shape + " takes " + length);
        }

        /** A tensor of floats. */
        public static Tensor of(String name, float[] values, Integer... shape) {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            return new Tensor(name, Type.F32, List.of(shape), bytes.array());
        }

        /**
         * A tensor of half precision, with the values rounded.
         *
         * @throws IllegalArgumentException if a value is NaN or beyond half precision; the message names the tensor and
         *     the index
         */
        static Tensor halves(String name, float[] values, Integer... shape) {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < values.length; i++) {
                try {
                    bytes.putShort(HalfPrecision.of(values[i]));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "tensor " + name + " holds " + values[i] + " at " + i + ": " + e.getMessage(), e);
                }
            }
            return new Tensor(name, Type.F16, List.of(shape), bytes.array());
        }

        /** A tensor of bytes. */
        public static Tensor of(String name, byte[] values) {
            return new Tensor(name, Type.U8, List.of(values.length), values);
        }

        /**
         * The values of a tensor of single or half precision, row by row.
         *
         * @throws IllegalStateException if it has another type
         */
        public float[] floats() {
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            float[] values = new float[bytes.length / type.bytes];
            switch (type) {
                case F32 -> buffer.asFloatBuffer().get(values);
                case F16 -> {
                    for (int i = 0; i < values.length; i++) values[i] = HalfPrecision.toFloat(buffer.getShort());
                }
                default -> throw new IllegalStateException("tensor " + name + " holds " + type + ", not floats");
            }
            return values;
        }
    }

    public Safetensors {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = List.copyOf(tensors);
    }

    /** Makes a file. Metadata and tensors keep their iteration order. */
    public static Safetensors of(Map<String, String> metadata, List<Tensor> tensors) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode strings = root.putObject(METADATA);
        metadata.forEach(strings::put);
        long offset = 0;
        for (Tensor tensor : tensors) {
            ObjectNode entry =
                    root.putObject(tensor.name()).put("dtype", tensor.type().name());
            ArrayNode shape = entry.putArray("shape");
            tensor.shape().forEach(shape::add);
            entry.putArray("data_offsets").add(offset).add(offset += tensor.bytes().length);
        }
        String json = root.toString();
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return new Safetensors(json + " ".repeat(Math.floorMod(-length, ALIGNMENT)), metadata, tensors);
    }

    /**
     * Reads a file.
     *
     * @throws InvalidArtefactException if the file is cut short or too long, the header is not valid JSON of this
     *     format, or a tensor overlaps another, leaves a gap, is out of order, has another length than its shape, or a
     *     type that is not in {@link Type}
     */
    public static Safetensors read(byte[] file) throws InvalidArtefactException {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() < Long.BYTES)
            throw new InvalidArtefactException(
                    "the file has " + file.length + " bytes: too short for a header" + NO_MODEL);
        long length = in.getLong();
        if (length < 2 || length > LARGEST_HEADER)
            throw new InvalidArtefactException("the header's length is given as " + length + " bytes" + NO_MODEL);
        if (length > in.remaining())
            throw new InvalidArtefactException(
                    "the header's length is given as " + length + " bytes, but only " + in.remaining() + " follow");
        String header = utf8(in.slice(in.position(), (int) length));
        in.position(in.position() + (int) length);
        JsonNode root = json(header);

        Map<String, String> metadata = new LinkedHashMap<>();
        List<Tensor> tensors = new ArrayList<>();
        long offset = 0;
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                strings(field.getValue(), metadata);
            } else {
                Tensor tensor = tensor(field.getKey(), field.getValue(), offset, in);
                tensors.add(tensor);
                offset += tensor.bytes().length;
            }
        }
        if (in.hasRemaining()) throw new InvalidArtefactException(in.remaining() + " bytes follow the last tensor");
        return new Safetensors(header, metadata, tensors);
    }

    /** The bytes of the file. */
    public byte[] toBytes() {
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES
                        + head.length
                        + tensors.stream()
                                .mapToInt(tensor -> tensor.bytes().length)
                                .sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(head.length).put(head);
        tensors.forEach(tensor -> out.put(tensor.bytes()));
        return out.array();
    }

    /**
     * Reads only the metadata of a header.
     *
     * @throws InvalidArtefactException if the header is not a JSON object, or its metadata not a map of strings
     */
    static Map<String, String> metadata(String header) throws InvalidArtefactException {
        Map<String, String> metadata = new LinkedHashMap<>();
        JsonNode node = json(header).get(METADATA);
        if (node != null) strings(node, metadata);
        return metadata;
    }

    private static String utf8(ByteBuffer bytes) throws InvalidArtefactException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidArtefactException("the header is not UTF-8", e);
        }
    }

    private static JsonNode json(String header) throws InvalidArtefactException {
        try {
            JsonNode root = JSON.readTree(header);
            if (!root.isObject()) throw new InvalidArtefactException("the header is no JSON object");
            return root;
        } catch (JsonProcessingException e) {
            throw new InvalidArtefactException("the header is no valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void strings(JsonNode node, Map<String, String> metadata) throws InvalidArtefactException {
        if (!node.isObject()) throw new InvalidArtefactException(METADATA + " is no JSON object");
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual())
                throw new InvalidArtefactException(METADATA + "." + field.getKey() + " is no string");
            metadata.put(field.getKey(), field.getValue().textValue());
        }
    }

    private static Tensor tensor(String name, JsonNode entry, long begin, ByteBuffer in)
            throws InvalidArtefactException {
        Type type = type(name, entry.path("dtype"));
        List<Long> offsets = numbers(name, "data_offsets", entry.path("data_offsets"));
        if (offsets.size() != 2) throw new InvalidArtefactException("tensor " + name + " has no two data_offsets");
        if (offsets.get(0) != begin)
            throw new InvalidArtefactException(
                    "tensor " + name + " begins at byte " + offsets.get(0) + ", where " + begin + " is next");
        long length = offsets.get(1) - begin;
        if (length < 0 || length > in.remaining())
            throw new InvalidArtefactException("tensor " + name + " takes " + length + " bytes, but " + in.remaining()
                    + " are left: the file is cut short");
        List<Long> shape = numbers(name, "shape", entry.path("shape"));
        long needed = type.bytes;
        for (long size : shape) {
            if (size > Integer.MAX_VALUE || (needed *= size) > Integer.MAX_VALUE)
                throw new InvalidArtefactException("tensor " + name + " has the shape " + shape + ": too large");
        }
        if (needed != length)
            throw new InvalidArtefactException("tensor " + name + " has " + length + " bytes, but " + type
                    + " of the shape " + shape + " takes " + needed);
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return new Tensor(name, type, shape.stream().map(Long::intValue).toList(), bytes);
    }

    private static Type type(String name, JsonNode dtype) throws InvalidArtefactException {
        for (Type type : Type.values()) if (type.name().equals(dtype.textValue())) return type;
        throw new InvalidArtefactException(
                "tensor " + name + " has the dtype " + dtype + ": F32, F16, I8 and U8 are known");
    }

    private static List<Long> numbers(String name, String what, JsonNode array) throws InvalidArtefactException {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode number : array) {
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0)
                throw new InvalidArtefactException(
                        "tensor " + name + " has " + what + " " + array + ": whole numbers from 0 are allowed");
            numbers.add(number.longValue());
        }
        if (!array.isArray()) throw new InvalidArtefactException("tensor " + name + " has no list of " + what);
        return numbers;
    }
}
