// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What was sent, and acknowledged: tweets, labels and invalid records, each numbered from 0. The number is in the
 * record, so that it is found again wherever the record ends up. Thread-safe.
 */
final class SentRecords {
    /** What an invalid record that was posted to ingest contains, before its number. */
    static final String INVALID = "invalid-";

    /** What bytes that were written to {@code tweets.raw} contain, before their number. */
    static final String GARBAGE = "garbage-";

    /** What bytes that were written to {@code tweets.labeled} contain, before their number. */
    static final String SPOILED = "spoiled-";

    private static final String ID = "torture-";

    final AtomicInteger tweets = new AtomicInteger();
    final AtomicInteger invalid = new AtomicInteger();
    final AtomicInteger garbage = new AtomicInteger();
    final AtomicInteger spoiled = new AtomicInteger();
    final AtomicInteger labels = new AtomicInteger();
    final AtomicInteger activations = new AtomicInteger();
    final AtomicInteger repeatedRequests = new AtomicInteger();
    private final BitSet repeated = new BitSet();

    static String id(int tweet) {
        return ID + tweet;
    }

    /** The number in an id; -1 if the run did not send that tweet. */
    static int number(String id) {
        return id.matches(ID + "\\d{1,9}") ? Integer.parseInt(id.substring(ID.length())) : -1;
    }

    /** Notes that a request was sent more than once, so that ingest may have rejected an invalid record twice. */
    synchronized void repeatedInvalid(int number) {
        repeated.set(number);
    }

    synchronized boolean wasRepeated(int invalidNumber) {
        return repeated.get(invalidNumber);
    }
}
