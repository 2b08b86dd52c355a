// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.file;

import io.deeptweet.ingest.shape.InputRecords;
import io.deeptweet.service.file.RecordEncoding;
import java.util.Map;

/**
 * How to replay a file.
 *
 * @param tweetsPerSecond 0 for as fast as Kafka accepts them
 * @param loop whether to start again at the end
 * @param datedNow whether tweets count as written when they are replayed
 * @param idFromLine whether a tweet without an id gets one from the feed's name and the line's number
 * @param columns the names of columns or JSON fields by what they hold, see {@link InputRecords#FIELDS}
 * @param largestRecord bytes; a larger record is rejected
 * @param encoding that of the records
 * @param mostUnpacked bytes that a compressed file may unpack to
 */
public record ReplayOptions(
        double tweetsPerSecond,
        boolean loop,
        boolean datedNow,
        boolean idFromLine,
        Map<String, String> columns,
        int largestRecord,
        RecordEncoding encoding,
        long mostUnpacked) {
    public ReplayOptions {
        columns = Map.copyOf(columns);
    }
}
