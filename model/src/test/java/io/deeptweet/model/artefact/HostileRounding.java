// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import static io.deeptweet.model.artefact.HostileArtefact.replaced;
import static io.deeptweet.model.artefact.HostileArtefact.tensors;
import static io.deeptweet.model.artefact.HostileArtefact.without;

import io.deeptweet.model.artefact.Safetensors.Tensor;
import io.deeptweet.model.artefact.Safetensors.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What half precision, the scale of n-grams and the marks of negation can hold, and must not. */
final class HostileRounding {
    private HostileRounding() {}

    static List<HostileArtefact> all() {
        List<HostileArtefact> all = new ArrayList<>();
        for (int half : new int[] {0x7C00, 0xFC00, 0x7C01, 0x7FFF, 0xFE00}) {
            byte[] rows = HostileArtefact.VALID.file().tensors().get(0).bytes().clone();
            ByteBuffer.wrap(rows).order(ByteOrder.LITTLE_ENDIAN).putShort(34, (short) half);
            all.add(replaced(
                    "an embedding with the half " + Integer.toHexString(half),
                    new Tensor("embedding", Type.F16, List.of(6, 3), rows),
                    "tensor embedding holds " + HalfPrecision.toFloat((short) half) + " at 17"));
        }
        for (float scale : new float[] {0, -0f, -1, -Float.MIN_VALUE, Float.MAX_VALUE, 2.7e36f})
            all.add(replaced(
                    "n-grams of the scale " + scale,
                    Tensor.of("ngrams.scale", new float[] {scale}, 1),
                    "tensor ngrams.scale holds " + scale + ": it must be positive"));
        all.add(replaced(
                "n-grams of two scales for one head",
                Tensor.of("ngrams.scale", new float[] {1, 1}, 2),
                "tensor ngrams.scale has the shape [2], needs [1]"));
        all.add(replaced(
                "a scale of no dimension",
                Tensor.of("ngrams.scale", new float[] {1}),
                "tensor ngrams.scale has the shape [], needs [1]"));
        all.add(replaced(
                "an n-gram of -128",
                new Tensor("ngrams.weight", Type.I8, List.of(8), new byte[] {1, -127, 127, -128, 0, 0, 0, 0}),
                "tensor ngrams.weight holds -128 at 3: -127 to 127 is allowed"));
        all.add(without("n-grams without their scale", "ngrams.scale", "tensor ngrams.scale is missing"));
        all.add(without("a scale without n-grams", "ngrams.weight", "tensor ngrams.scale is unknown"));
        for (byte[] scope : new byte[][] {{}, {0}, {4}, {-5}, {5, 5}})
            all.add(tensors(
                    "negation in " + Arrays.toString(scope) + " tokens",
                    tensors -> {
                        tensors.add(Tensor.of("ngrams.negation", scope));
                        return tensors;
                    },
                    "tensor ngrams.negation holds " + Arrays.toString(scope) + ", but this program marks [5]"));
        all.add(tensors(
                "marks of negation that its version does not know",
                tensors -> {
                    tensors.add(Tensor.of("ngrams.negation", new byte[] {5}));
                    return tensors;
                },
                "belongs to other contents"));
        all.add(tensors(
                "marks of negation without n-grams",
                tensors -> {
                    tensors.removeIf(one -> one.name().startsWith("ngrams."));
                    tensors.add(Tensor.of("ngrams.negation", new byte[] {5}));
                    return tensors;
                },
                "tensor ngrams.negation is unknown"));
        return all;
    }
}
