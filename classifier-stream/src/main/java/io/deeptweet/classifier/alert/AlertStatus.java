// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.alert;

import io.deeptweet.schemas.AlertCondition;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Where a rule is for a feed. Times are in ms since 1970; {@link #NEVER} if there is none.
 *
 * @param rule the rule's {@link Rule#fingerprint()}: another one means that the rule has changed
 * @param condition that the rule looks at
 * @param holdsSinceMs since when the condition holds
 * @param failsSinceMs since when the condition of an alert that has fired does not hold
 * @param firedAtMs when the alert fired that has not cleared
 * @param clearedAtMs when the last alert cleared
 */
record AlertStatus(
        int rule, AlertCondition condition, long holdsSinceMs, long failsSinceMs, long firedAtMs, long clearedAtMs) {
    static final long NEVER = Long.MIN_VALUE;

    private static final byte FORMAT = 1;

    static AlertStatus start(Rule rule) {
        return new AlertStatus(rule.fingerprint(), rule.condition(), NEVER, NEVER, NEVER, NEVER);
    }

    boolean isActive() {
        return firedAtMs != NEVER;
    }

    boolean isOf(Rule other) {
        return rule == other.fingerprint();
    }

    /** Returns the status after the condition was looked at. */
    AlertStatus next(boolean holds, long nowMs, Rule of) {
        return holds ? holding(nowMs, of) : failing(nowMs, of);
    }

    private AlertStatus holding(long nowMs, Rule of) {
        long since = holdsSinceMs == NEVER ? nowMs : holdsSinceMs;
        boolean fires = !isActive()
                && nowMs - since >= of.holdFor().toMillis()
                && (clearedAtMs == NEVER || nowMs - clearedAtMs >= of.coolDown().toMillis());
        return new AlertStatus(rule, condition, since, NEVER, fires ? nowMs : firedAtMs, clearedAtMs);
    }

    private AlertStatus failing(long nowMs, Rule of) {
        if (!isActive()) return new AlertStatus(rule, condition, NEVER, NEVER, NEVER, clearedAtMs);
        long since = failsSinceMs == NEVER ? nowMs : failsSinceMs;
        return nowMs - since >= of.holdFor().toMillis()
                ? new AlertStatus(rule, condition, NEVER, NEVER, NEVER, nowMs)
                : new AlertStatus(rule, condition, NEVER, since, firedAtMs, clearedAtMs);
    }

    /** Big-endian: format (1), rule (4), condition (1), the four times (8 each). */
    static Serde<AlertStatus> serde() {
        return Serdes.serdeFrom(
                (topic, status) -> status == null ? null : status.bytes(),
                (topic, bytes) -> bytes == null ? null : of(bytes));
    }

    private byte[] bytes() {
        return ByteBuffer.allocate(2 + Integer.BYTES + 4 * Long.BYTES)
                .put(FORMAT)
                .putInt(rule)
                .put((byte) condition.ordinal())
                .putLong(holdsSinceMs)
                .putLong(failsSinceMs)
                .putLong(firedAtMs)
                .putLong(clearedAtMs)
                .array();
    }

    private static AlertStatus of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte format = buffer.get();
        if (format != FORMAT)
            throw new SerializationException("the status of an alert has format " + format + ", but this release reads "
                    + FORMAT + ": use the release that wrote the state");
        return new AlertStatus(
                buffer.getInt(),
                AlertCondition.values()[buffer.get()],
                buffer.getLong(),
                buffer.getLong(),
                buffer.getLong(),
                buffer.getLong());
    }
}
