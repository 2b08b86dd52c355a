// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.published;

import io.deeptweet.schemas.ModelManifest;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.TensorChunk;
import io.deeptweet.schemas.TensorRef;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model as the topic {@code sentiment.models} stores it: the header of its artefact and the bytes of its tensors.
 *
 * <p>Does not interpret them. An artefact is a safetensors file: the header's length in 8 bytes, little-endian, the
 * header, and the tensors' bytes one after the other, in the order of this list.
 *
 * @param version the model's version
 * @param parent the version that it was fine-tuned from; empty if it was trained from scratch
 * @param header the artefact's JSON header, with its padding
 * @param tensors the tensors in the artefact's order
 * @see <a href="https://github.com/huggingface/safetensors#format">The safetensors format</a>
 */
public record PublishedModel(String version, Optional<String> parent, String header, List<Tensor> tensors) {
    /** Largest chunk in bytes: with its key it is well below Kafka's default limit of 1 MB per record. */
    public static final int CHUNK_BYTES = 512 * 1024;

    public PublishedModel {
        tensors = List.copyOf(tensors);
    }

    /**
     * A tensor's name, bytes and digest.
     *
     * @param bytes must not be changed
     * @param sha256 SHA-256 digest of the bytes, 64 lower-case hex digits
     */
    public record Tensor(String name, byte[] bytes, String sha256) {
        public Tensor(String name, byte[] bytes) {
            this(name, bytes, digest(bytes));
        }

        private static String digest(byte[] bytes) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        private int chunks() {
            return (bytes.length + CHUNK_BYTES - 1) / CHUNK_BYTES;
        }
    }

    /** The artefact, byte for byte as it was before publication. */
    public byte[] artefact() {
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        int length = Long.BYTES
                + head.length
                + tensors.stream().mapToInt(tensor -> tensor.bytes().length).sum();
        ByteBuffer file = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(head.length).put(head);
        tensors.forEach(tensor -> file.put(tensor.bytes()));
        return file.array();
    }

    /**
     * The records that publish this model, by key, in sending order: first the chunks, then the manifest.
     *
     * @param published digests of the tensors whose chunks are all on the topic; they are not sent again
     */
    public Map<String, ModelRecord> records(Set<String> published, Instant now) {
        Map<String, ModelRecord> records = new LinkedHashMap<>();
        List<TensorRef> refs = new ArrayList<>();
        Set<String> known = new HashSet<>(published);
        for (Tensor tensor : tensors) {
            refs.add(new TensorRef(tensor.name(), tensor.sha256(), (long) tensor.bytes().length, tensor.chunks()));
            if (!known.add(tensor.sha256())) continue;
            for (int i = 0; i < tensor.chunks(); i++) {
                int from = i * CHUNK_BYTES;
                ByteBuffer part = ByteBuffer.wrap(
                                tensor.bytes(), from, Math.min(CHUNK_BYTES, tensor.bytes().length - from))
                        .slice();
                records.put(
                        ModelLog.chunkKey(tensor.sha256(), i),
                        new ModelRecord(new TensorChunk(tensor.sha256(), i, part)));
            }
        }
        records.put(
                ModelLog.manifestKey(version),
                new ModelRecord(new ModelManifest(version, parent.orElse(null), now, header, refs)));
        return records;
    }
}
