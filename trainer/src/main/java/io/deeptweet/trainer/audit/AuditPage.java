// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.audit;

import java.util.List;
import java.util.OptionalLong;

/**
 * A part of the audit.
 *
 * @param records the newest first
 * @param next what the page of the records before these begins at; empty if there are none
 */
public record AuditPage(List<AuditListing> records, OptionalLong next) {
    public AuditPage {
        records = List.copyOf(records);
    }
}
