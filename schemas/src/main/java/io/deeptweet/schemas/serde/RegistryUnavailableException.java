// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.serde;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The schema registry did not answer, or not as a registry does: it is unreachable, fails, or refuses the credentials.
 * Unlike after a serialization exception, the record may be valid and should be tried again.
 */
public final class RegistryUnavailableException extends RetriableException {
    private static final long serialVersionUID = 1L;

    RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
