// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.published;

import io.deeptweet.schemas.text.UntrustedText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Ed25519 signatures of the records of {@code sentiment.models}: of manifests, of activations, and of the tombstones
 * that remove them. Chunks of tensors need none, because a manifest has their digests. A signature is a header of the
 * record and covers key and value, byte for byte.
 *
 * @param privateKey signs what is written; empty to write without signatures
 * @param publicKeys a record must be signed with one of them; empty to accept every record
 */
public record ModelSignatures(Optional<PrivateKey> privateKey, List<PublicKey> publicKeys) {
    /** Neither signs nor checks. */
    public static final ModelSignatures NONE = new ModelSignatures(Optional.empty(), List.of());

    /** The header that holds the signature, 64 bytes. */
    public static final String HEADER = "deeptweet-signature";

    private static final String ALGORITHM = "Ed25519";
    /** Keeps a signature from being valid for anything else that is signed with the same key. */
    private static final byte[] CONTEXT = "deeptweet model record 1".getBytes(StandardCharsets.UTF_8);

    public ModelSignatures {
        publicKeys = List.copyOf(publicKeys);
    }

    /** Whether records without a valid signature are refused. */
    public boolean areRequired() {
        return !publicKeys.isEmpty();
    }

    /**
     * Signs a record.
     *
     * @param value null for a tombstone
     * @param headers get the signature, if there is a private key and the record is to be signed
     */
    public void sign(String key, byte[] value, Headers headers) {
        if (privateKey.isEmpty() || ModelLog.isChunkKey(key)) return;
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey.get());
            signature.update(signed(key, value));
            headers.add(HEADER, signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key cannot sign: use an Ed25519 key", e);
        }
    }

    /**
     * Checks a record's signature.
     *
     * @param value null for a tombstone
     * @throws InvalidModelException if the record must be signed, and is not, or not with one of the public keys
     */
    public void check(String key, byte[] value, Headers headers) throws InvalidModelException {
        if (!areRequired() || ModelLog.isChunkKey(key)) return;
        Header header = headers.lastHeader(HEADER);
        if (header == null || header.value() == null)
            throw new InvalidModelException("the record " + UntrustedText.quoted(key) + " is not signed");
        byte[] signed = signed(key, value);
        for (PublicKey publicKey : publicKeys) if (isSignedWith(publicKey, signed, header.value())) return;
        throw new InvalidModelException("the signature of the record " + UntrustedText.quoted(key) + " is not of "
                + (publicKeys.size() == 1 ? "the public key" : "one of the public keys"));
    }

    /** Whether what it signs passes its own check. */
    boolean acceptsItself() {
        Headers headers = new RecordHeaders();
        sign(ModelLog.ACTIVE, null, headers);
        try {
            check(ModelLog.ACTIVE, null, headers);
            return true;
        } catch (InvalidModelException e) {
            return false;
        }
    }

    private static boolean isSignedWith(PublicKey publicKey, byte[] signed, byte[] signature) {
        try {
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(publicKey);
            check.update(signed);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // such as a signature of another length
        }
    }

    /** Lengths before the parts: no two records have the same bytes. A tombstone's length is -1. */
    private static byte[] signed(String key, byte[] value) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        int length = value == null ? 0 : value.length;
        ByteBuffer bytes = ByteBuffer.allocate(CONTEXT.length + 2 * Integer.BYTES + name.length + length);
        bytes.put(CONTEXT).putInt(name.length).put(name).putInt(value == null ? -1 : value.length);
        if (value != null) bytes.put(value);
        return bytes.array();
    }
}
