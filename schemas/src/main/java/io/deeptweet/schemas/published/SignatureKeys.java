// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.published;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Ed25519 keys in PEM, as {@code openssl genpkey -algorithm ed25519} and {@code openssl pkey -pubout} write. */
public final class SignatureKeys {
    private static final Set<PosixFilePermission> OWNERS =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private SignatureKeys() {}

    /** A key cannot be used; the message says why, without the key. */
    public static final class InvalidKeyFileException extends Exception {
        private static final long serialVersionUID = 1;

        private InvalidKeyFileException(String message) {
            super(message);
        }
    }

    /**
     * The signatures of these keys.
     *
     * @param privatePem a private key
     * @param privateFile a file with a private key, which nobody but its owner may read or write
     * @param publicFile a file with a public key, or with several
     */
    public static ModelSignatures of(Optional<String> privatePem, Optional<Path> privateFile, Optional<Path> publicFile)
            throws InvalidKeyFileException {
        if (privatePem.isPresent() && privateFile.isPresent())
            throw new InvalidKeyFileException("the signing key is given twice: as a value and as a file");
        Optional<PrivateKey> privateKey = Optional.empty();
        if (privatePem.isPresent()) privateKey = Optional.of(privateKey(privatePem.get(), "the signing key"));
        if (privateFile.isPresent()) {
            requireOwnersOnly(privateFile.get());
            privateKey = Optional.of(
                    privateKey(read(privateFile.get()), privateFile.get().toString()));
        }
        List<PublicKey> publicKeys = new ArrayList<>();
        if (publicFile.isPresent()) {
            for (byte[] encoded : blocks(read(publicFile.get()), "PUBLIC KEY"))
                publicKeys.add(publicKey(encoded, publicFile.get()));
            if (publicKeys.isEmpty())
                throw new InvalidKeyFileException(publicFile.get() + " holds no public key in PEM");
        }
        ModelSignatures signatures = new ModelSignatures(privateKey, publicKeys);
        if (privateKey.isPresent() && !signatures.acceptsItself())
            throw new InvalidKeyFileException(
                    "the signing key belongs to none of the public keys in " + publicFile.get());
        return signatures;
    }

    private static PrivateKey privateKey(String pem, String where) throws InvalidKeyFileException {
        List<byte[]> blocks = blocks(pem, "PRIVATE KEY");
        if (blocks.size() != 1)
            throw new InvalidKeyFileException(where + " holds " + blocks.size() + " private keys in PEM: use one");
        try {
            return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(blocks.get(0)));
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyFileException(where + " is not an Ed25519 private key");
        }
    }

    private static PublicKey publicKey(byte[] encoded, Path file) throws InvalidKeyFileException {
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyFileException(file + " holds a key that is not an Ed25519 public key");
        }
    }

    private static List<byte[]> blocks(String pem, String type) throws InvalidKeyFileException {
        List<byte[]> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(pem);
        while (block.find()) {
            if (!block.group(1).equals(type)) continue;
            try {
                blocks.add(Base64.getMimeDecoder().decode(block.group(2)));
            } catch (IllegalArgumentException e) {
                throw new InvalidKeyFileException("a " + type + " in PEM is not Base64");
            }
        }
        return blocks;
    }

    private static void requireOwnersOnly(Path file) throws InvalidKeyFileException {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!OWNERS.containsAll(permissions))
                throw new InvalidKeyFileException(file + " may be used by others than its owner: chmod 600 " + file);
        } catch (UnsupportedOperationException e) {
            // A file system without such permissions, as on Windows: the operator has to see to it.
        } catch (IOException e) {
            throw new InvalidKeyFileException(file + " cannot be read");
        }
    }

    private static String read(Path file) throws InvalidKeyFileException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new InvalidKeyFileException(file + " cannot be read");
        }
    }
}
