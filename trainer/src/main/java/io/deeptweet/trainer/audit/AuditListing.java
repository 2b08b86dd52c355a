// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.audit;

import io.deeptweet.schemas.AuditRecord;
import io.deeptweet.schemas.text.UntrustedText;

/**
 * An audit record, as the command {@code audit} and {@code GET /audit} list it.
 *
 * @param at ISO 8601 instant
 * @param action such as {@code rolled-back}
 * @param version the model that it is about; empty if a round made no candidate
 * @param from the version that was active before; empty if there was none
 * @param to the version that is active since; empty if the active version stays as it was
 * @param channel {@code http}, {@code command}, {@code round} or {@code start}
 * @param actor who did it
 * @param reason why; empty if none was given
 */
public record AuditListing(
        String at, String action, String version, String from, String to, String channel, String actor, String reason) {
    /** The listing of a record. Whoever may write to the topic chooses its texts: they are on one line, and bounded. */
    static AuditListing of(AuditRecord record) {
        return new AuditListing(
                record.getAt().toString(),
                bounded(record.getAction()),
                bounded(record.getVersion().orElse("")),
                bounded(record.getFrom().orElse("")),
                bounded(record.getTo().orElse("")),
                bounded(record.getChannel()),
                bounded(record.getActor()),
                bounded(record.getReason()));
    }

    private static String bounded(String text) {
        return UntrustedText.shortened(UntrustedText.oneLine(text), ChangeOrigin.LONGEST_REASON);
    }
}
