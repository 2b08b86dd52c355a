// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.serde;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The schema registry did not answer, or not as a registry does: unreachable, failing, or refusing our credentials. The
 * record at hand may be a good one and must be tried again, which sets this apart from a serialization exception.
 */
public final class RegistryUnavailableException extends RetriableException {
    private static final long serialVersionUID = 1L;

    RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
