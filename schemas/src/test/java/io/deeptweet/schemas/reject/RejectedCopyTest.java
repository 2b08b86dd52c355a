// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.reject;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.reject.Rejection.Reason;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.junit.jupiter.api.Test;

class RejectedCopyTest {
    private static final int KAFKAS_LIMIT = 1024 * 1024;
    private static final Rejection REJECTION =
            new Rejection("classifier", Reason.UNDECODABLE, "not Avro", "tweets.raw-3@17");

    @Test
    void aRecordWithinTheLimitsIsKeptByteForByte() {
        byte[] key = {1};
        byte[] value = new byte[RejectedCopy.LARGEST_VALUE];
        RejectedCopy copy = RejectedCopy.of(key, value, new RecordHeaders().add("trace", new byte[] {42}), REJECTION);
        assertThat(copy.key()).containsSame(key);
        assertThat(copy.value()).containsSame(value);
        assertThat(copy.headers()).hasSize(5);
        assertThat(copy.headers().lastHeader("trace").value()).containsExactly(42);
        assertThat(Rejection.readFrom(copy.headers())).contains(REJECTION);
    }

    @Test
    void keyAndValueMayBeMissing() {
        RejectedCopy copy = RejectedCopy.of(null, null, new RecordHeaders(), REJECTION);
        assertThat(copy.key()).isEmpty();
        assertThat(copy.value()).isEmpty();
    }

    @Test
    void aLongValueIsCutAndItsLengthAndDigestAreHeaders() throws Exception {
        byte[] value = "x".repeat(5_000_000).getBytes(UTF_8);
        RejectedCopy copy = RejectedCopy.of(null, value, new RecordHeaders(), REJECTION);
        assertThat(copy.value().orElseThrow()).hasSize(RejectedCopy.LARGEST_VALUE);
        assertThat(text(copy.headers(), RejectedCopy.VALUE_LENGTH)).isEqualTo("5000000");
        assertThat(text(copy.headers(), RejectedCopy.VALUE_SHA256))
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(value)));
    }

    @Test
    void aRecordOfAnySizeFitsIntoKafkasDefaultLimit() {
        Headers received = new RecordHeaders().add("large", new byte[900_000]).add("n".repeat(900_000), null);
        for (int i = 0; i < 50_000; i++) received.add("h" + i, new byte[] {1}).add("", null);
        Rejection longest =
                new Rejection("classifier", Reason.TOO_LARGE, "字".repeat(1000), "feed/" + "字".repeat(5000) + ":1");
        RejectedCopy copy = RejectedCopy.of(new byte[2_000_000], new byte[5_000_000], received, longest);

        assertThat(copy.key().orElseThrow()).hasSize(RejectedCopy.LARGEST_KEY);
        assertThat(text(copy.headers(), RejectedCopy.KEY_LENGTH)).isEqualTo("2000000");
        assertThat(Integer.parseInt(text(copy.headers(), RejectedCopy.HEADERS_DROPPED)))
                .isGreaterThan(2);
        assertThat(AbstractRecords.estimateSizeInBytesUpperBound(
                        (byte) 2,
                        CompressionType.NONE,
                        copy.key().get(),
                        copy.value().orElseThrow(),
                        copy.headers().toArray()))
                .isLessThan(KAFKAS_LIMIT);
        assertThat(received).as("the received headers are not changed").hasSize(100_002);
    }

    /** Otherwise whoever sends a record could describe it falsely. */
    @Test
    void receivedHeadersOfOurNamesAreReplaced() {
        Headers received = new RecordHeaders()
                .add(RejectedCopy.VALUE_LENGTH, "7".getBytes(UTF_8))
                .add(Rejection.REASON, "no-id".getBytes(UTF_8));
        RejectedCopy copy = RejectedCopy.of(null, new byte[1], received, REJECTION);
        assertThat(copy.headers().toArray())
                .extracting(Header::key)
                .containsExactlyInAnyOrder(Rejection.BY, Rejection.REASON, Rejection.DETAIL, Rejection.ORIGIN);
        assertThat(Rejection.readFrom(copy.headers())).contains(REJECTION);
    }

    private static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), UTF_8);
    }
}
