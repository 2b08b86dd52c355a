// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import io.quarkus.elytron.security.common.BcryptUtil;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Compares passwords with bcrypt hashes. Since that is slow on purpose, and a client authenticates every request, what
 * has matched is remembered, as a keyed digest whose key never leaves the process. Thread-safe.
 */
final class PasswordCheck {
    private static final String HMAC = "HmacSHA256";

    /** What an unknown name's password is compared with, so that the time does not tell which names exist. */
    private static final String NOBODY = "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

    private final SecretKeySpec key;

    /** By hash, so that a changed password is forgotten; as many as there are users at most. */
    private final Map<String, byte[]> matched = new ConcurrentHashMap<>();

    PasswordCheck() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        key = new SecretKeySpec(random, HMAC);
    }

    /** @param hash in bcrypt's format; empty for a name that has no password */
    boolean matches(String password, Optional<String> hash) {
        byte[] digest = digest(password);
        if (hash.isPresent() && MessageDigest.isEqual(digest, matched.get(hash.get()))) return true;
        boolean matches = BcryptUtil.matches(password, hash.orElse(NOBODY)) && hash.isPresent();
        if (matches) matched.put(hash.get(), digest);
        return matches;
    }

    private byte[] digest(String password) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
