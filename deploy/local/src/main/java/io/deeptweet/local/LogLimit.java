// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

/**
 * How much of a process' output is kept.
 *
 * @param bytes bytes of a log file after which a new one starts; the line that has begun goes to its end
 * @param files most files: {@code x.log}, and the earlier ones {@code x.log.1}, {@code x.log.2}…, 2 or more
 */
public record LogLimit(long bytes, int files) {
    /** Everything in one file. */
    static final LogLimit NONE = new LogLimit(Long.MAX_VALUE, 2);

    public LogLimit {
        if (bytes < 1) throw new IllegalArgumentException("a log file of " + bytes + " bytes: use 1 or more");
        if (files < 2) throw new IllegalArgumentException(files + " log files: use 2 or more");
    }
}
