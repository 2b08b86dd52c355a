// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.jmh;

import io.deeptweet.model.artefact.Weights;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes a network as an ONNX model: Gather, LSTM (bidirectional), ReduceMax, Gemm, Sigmoid. Input: {@code rows}, INT64
 * (length, texts). Output: {@code probability}, FLOAT (texts, 1).
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a> for the numbers of the fields
 * @see <a href="https://onnx.ai/onnx/operators/onnx__LSTM.html">LSTM</a> for the order of the gates: input, output,
 *     forget, block input
 */
final class OnnxModel {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;
    private static final int OPSET = 14;
    private static final int[] GATES = {3, 2, 1, 0}; // ONNX's gates in DL4J's order

    private OnnxModel() {}

    static byte[] of(Weights weights) {
        int units = weights.units();
        int size = weights.embeddingSize();
        List<Weights.Lstm> directions = List.of(weights.forward(), weights.backward());
        Message graph = new Message()
                .message(1, node("Gather", List.of("embedding", "rows"), "tokens"))
                .message(
                        1,
                        node("LSTM", List.of("tokens", "input", "recurrent", "bias"), "outputs")
                                .message(
                                        5,
                                        new Message()
                                                .text(1, "direction")
                                                .text(4, "bidirectional")
                                                .number(20, 3))
                                .message(
                                        5,
                                        new Message()
                                                .text(1, "hidden_size")
                                                .number(3, units)
                                                .number(20, 2)))
                .message(
                        1,
                        node(
                                        "ReduceMax",
                                        List.of("outputs"),
                                        "largest") // (length, 2, texts, units) -> (2, texts, units)
                                .message(
                                        5,
                                        new Message()
                                                .text(1, "axes")
                                                .number(8, 0)
                                                .number(20, 7))
                                .message(
                                        5,
                                        new Message()
                                                .text(1, "keepdims")
                                                .number(3, 0)
                                                .number(20, 2)))
                .message(
                        1,
                        node("Transpose", List.of("largest"), "by_text")
                                .message(
                                        5,
                                        new Message()
                                                .text(1, "perm")
                                                .number(8, 1)
                                                .number(8, 0)
                                                .number(8, 2)
                                                .number(20, 7)))
                .message(1, node("Reshape", List.of("by_text", "shape"), "pooled"))
                .message(1, node("Gemm", List.of("pooled", "dense", "dense_bias"), "logit"))
                .message(1, node("Sigmoid", List.of("logit"), "probability"))
                .text(2, "deeptweet")
                .message(5, floats("embedding", weights.embedding(), weights.words(), size))
                .message(
                        5,
                        floats(
                                "input",
                                gates(
                                        directions.stream()
                                                .map(Weights.Lstm::input)
                                                .toList(),
                                        size,
                                        units),
                                2,
                                4 * units,
                                size))
                .message(
                        5,
                        floats(
                                "recurrent",
                                gates(
                                        directions.stream()
                                                .map(Weights.Lstm::recurrent)
                                                .toList(),
                                        units,
                                        units),
                                2,
                                4 * units,
                                units))
                .message(5, floats("bias", bias(directions, units), 2, 8 * units))
                .message(5, floats("dense", weights.polarity().dense(), 2 * units, 1))
                .message(5, floats("dense_bias", new float[] {weights.polarity().bias()}, 1))
                .message(
                        5,
                        new Message()
                                .number(1, 2)
                                .number(2, INT64)
                                .text(8, "shape")
                                .bytes(9, bytes(16, b -> b.putLong(-1).putLong(2L * units))))
                .message(11, value("rows", INT64, "length", "texts"))
                .message(12, value("probability", FLOAT, "texts", "one"));
        return new Message()
                .number(1, 7)
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, OPSET))
                .toBytes();
    }

    /** Rearranges the matrices (rows, 4 * units) of both directions to (2, 4 * units, rows). */
    private static float[] gates(List<float[]> directions, int rows, int units) {
        float[] to = new float[8 * units * rows];
        int at = 0;
        for (float[] direction : directions)
            for (int gate : GATES)
                for (int unit = 0; unit < units; unit++)
                    for (int row = 0; row < rows; row++) to[at++] = direction[(row * 4 + gate) * units + unit];
        return to;
    }

    /** (2, 8 * units) the biases of the input, and zeros for the biases of the recurrence. */
    private static float[] bias(List<Weights.Lstm> directions, int units) {
        float[] to = new float[16 * units];
        for (int direction = 0; direction < 2; direction++)
            for (int i = 0; i < 4; i++)
                System.arraycopy(
                        directions.get(direction).bias(), GATES[i] * units, to, (direction * 8 + i) * units, units);
        return to;
    }

    private static Message node(String type, List<String> inputs, String output) {
        Message node = new Message();
        inputs.forEach(input -> node.text(1, input));
        return node.text(2, output).text(4, type);
    }

    private static Message floats(String name, float[] values, int... shape) {
        Message tensor = new Message();
        for (int size : shape) tensor.number(1, size);
        return tensor.number(2, FLOAT)
                .text(8, name)
                .bytes(9, bytes(4 * values.length, b -> b.asFloatBuffer().put(values)));
    }

    private static Message value(String name, int type, String... shape) {
        Message dimensions = new Message();
        for (String dimension : shape) dimensions.message(1, new Message().text(2, dimension));
        return new Message()
                .text(1, name)
                .message(
                        2,
                        new Message().message(1, new Message().number(1, type).message(2, dimensions)));
    }

    private static byte[] bytes(int size, Consumer<ByteBuffer> write) {
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        write.accept(buffer);
        return buffer.array();
    }

    /**
     * Encodes a Protocol Buffers message.
     *
     * @see <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>
     */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message bytes(int field, byte[] value) {
            varint(((long) field << 3) | 2);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.toBytes());
        }

        byte[] toBytes() {
            return out.toByteArray();
        }

        private void varint(long value) {
            long left = value;
            for (; (left & ~0x7FL) != 0; left >>>= 7) out.write((int) ((left & 0x7F) | 0x80));
            out.write((int) left);
        }
    }
}
