// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/** The last {@value #MOST} keys: more than the posts of a rewind. */
final class RecentKeys {
    static final int MOST = 20_000;

    private static final int HASH_BYTES = 8;

    private final Set<String> keys = new LinkedHashSet<>();

    /** Returns whether the key is new. */
    boolean add(String key) {
        if (!keys.add(key)) return false;
        if (keys.size() > MOST) keys.remove(keys.iterator().next());
        return true;
    }

    /**
     * The first 64 bits of the SHA-256 of parts, as 16 hexadecimal digits. Whoever writes a post cannot choose it so
     * that somebody else's is taken for known.
     */
    static String hash(String... parts) {
        return HexFormat.of().formatHex(sha256(parts), 0, HASH_BYTES);
    }

    /** Of the parts with their lengths, so that other parts of the same text have another one. */
    static byte[] sha256(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update((part.length() + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(part.getBytes(StandardCharsets.UTF_8));
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
