// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.http;

import io.deeptweet.schemas.reject.Rejection.Reason;

/**
 * A record of a request that was rejected, as the answer lists it.
 *
 * @param index the record's position in the request, from 0
 * @param reason the {@linkplain Reason#code() code} of the kind of fault
 * @param detail the fault in a sentence
 */
public record RejectedRecord(int index, String reason, String detail) {
    public RejectedRecord(int index, Reason reason, String detail) {
        this(index, reason.code(), detail);
    }
}
