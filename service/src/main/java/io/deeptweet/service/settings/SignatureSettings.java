// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import io.deeptweet.schemas.published.ModelSignatures;
import io.deeptweet.schemas.published.SignatureKeys;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the keys of signed models that the settings name. */
public final class SignatureSettings {
    private SignatureSettings() {}

    /**
     * The signatures of these keys.
     *
     * @param signingKey value of {@code deeptweet.models.signing-key}
     * @param signingKeyFile value of {@code deeptweet.models.signing-key-file}
     * @param publicKeys value of {@code deeptweet.models.public-keys}
     * @throws InvalidSettingException if a key cannot be used; without the key
     */
    public static ModelSignatures read(
            Optional<String> signingKey, Optional<Path> signingKeyFile, Optional<Path> publicKeys) {
        try {
            return SignatureKeys.of(signingKey, signingKeyFile, publicKeys);
        } catch (SignatureKeys.InvalidKeyFileException e) {
            throw InvalidSettingException.missing(
                    "a usable key of deeptweet.models", "another (" + e.getMessage() + ")");
        }
    }
}
