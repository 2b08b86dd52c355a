// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSignaturesTest {
    private static final byte[] VALUE = {0, 0, 0, 0, 7, 1, 2, 3};

    @TempDir
    private Path folder;

    private final KeyPair ours = pair();
    private final KeyPair others = pair();
    private final ModelSignatures signing = new ModelSignatures(Optional.of(ours.getPrivate()), List.of());
    private final ModelSignatures checking =
            new ModelSignatures(Optional.empty(), List.of(others.getPublic(), ours.getPublic()));

    @Test
    void whatIsSignedWithOneOfTheKeysIsAccepted() {
        for (String key : List.of("active", "shadow", "model/v1")) {
            assertThatCode(() -> checking.check(key, VALUE, signed(signing, key, VALUE)))
                    .doesNotThrowAnyException();
            assertThatCode(() -> checking.check(key, null, signed(signing, key, null)))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void whatIsNotSignedIsRefused() {
        assertRefused("active", VALUE, new RecordHeaders(), "the record \"active\" is not signed");
        assertRefused("model/v1", null, new RecordHeaders(), "the record \"model/v1\" is not signed");
    }

    @Test
    void aSignatureOfAnotherRecordOrKeyIsRefused() {
        Headers headers = signed(signing, "active", VALUE);
        assertRefused("shadow", VALUE, headers, "is not of one of the public keys");
        assertRefused("active", null, headers, "is not of one of the public keys");
        byte[] changed = VALUE.clone();
        changed[7] ^= 1;
        assertRefused("active", changed, headers, "is not of one of the public keys");
        ModelSignatures strangers = new ModelSignatures(Optional.of(pair().getPrivate()), List.of());
        assertRefused("active", VALUE, signed(strangers, "active", VALUE), "is not of one of the public keys");
        for (byte[] broken : List.of(new byte[0], new byte[64], new byte[1000])) {
            Headers wrong = new RecordHeaders();
            wrong.add(ModelSignatures.HEADER, broken);
            assertRefused("active", VALUE, wrong, "is not of one of the public keys");
        }
    }

    @Test
    void withoutKeysNothingIsSignedOrRefused() {
        Headers headers = signed(ModelSignatures.NONE, "active", VALUE);
        assertThat(headers).isEmpty();
        assertThatCode(() -> ModelSignatures.NONE.check("active", VALUE, headers))
                .doesNotThrowAnyException();
    }

    /** A manifest has their digests. */
    @Test
    void chunksNeedNoSignature() {
        assertThatCode(() -> checking.check("tensor/00/0", VALUE, new RecordHeaders()))
                .doesNotThrowAnyException();
        assertThat(signed(signing, "tensor/00/0", VALUE)).isEmpty();
    }

    @Test
    void keysAreReadFromPem() throws Exception {
        Path privateFile = Files.writeString(
                folder.resolve("private.pem"),
                pem("PRIVATE KEY", ours.getPrivate().getEncoded()));
        Files.setPosixFilePermissions(privateFile, PosixFilePermissions.fromString("rw-------"));
        Path publicFile = Files.writeString(
                folder.resolve("public.pem"),
                pem("PUBLIC KEY", others.getPublic().getEncoded())
                        + pem("PUBLIC KEY", ours.getPublic().getEncoded()));
        ModelSignatures read = SignatureKeys.of(Optional.empty(), Optional.of(privateFile), Optional.of(publicFile));
        assertThat(read.publicKeys()).hasSize(2);
        assertThatCode(() -> read.check("active", VALUE, signed(read, "active", VALUE)))
                .doesNotThrowAnyException();
        assertThat(SignatureKeys.of(Optional.of(Files.readString(privateFile)), Optional.empty(), Optional.empty())
                        .privateKey())
                .isPresent();
        Files.setPosixFilePermissions(privateFile, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> SignatureKeys.of(Optional.empty(), Optional.of(privateFile), Optional.empty()))
                .hasMessageContaining("chmod 600");
        assertThatThrownBy(() -> SignatureKeys.of(Optional.empty(), Optional.empty(), Optional.of(privateFile)))
                .hasMessageContaining("holds no public key");
        assertThatThrownBy(() -> SignatureKeys.of(Optional.of("secret"), Optional.empty(), Optional.empty()))
                .hasMessageContaining("holds 0 private keys")
                .hasMessageNotContaining("secret");
    }

    private void assertRefused(String key, byte[] value, Headers headers, String because) {
        assertThatThrownBy(() -> checking.check(key, value, headers))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(because);
    }

    private static Headers signed(ModelSignatures signatures, String key, byte[] value) {
        Headers headers = new RecordHeaders();
        signatures.sign(key, value, headers);
        return headers;
    }

    private static String pem(String type, byte[] encoded) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(encoded)
                + "\n-----END " + type + "-----\n";
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
