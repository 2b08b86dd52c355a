// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.audit;

import java.util.Locale;

/** What an audit record says was done. */
public enum AuditAction {
    ACTIVATED,
    /** The version that was active before is active again. */
    ROLLED_BACK,
    /** The shadow was activated. */
    PROMOTED,
    PUBLISHED,
    /** A round did not publish its candidate, or made none. */
    WITHHELD,
    SHADOW_SET,
    SHADOW_DROPPED;

    /** As records name it, such as {@code rolled-back}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
