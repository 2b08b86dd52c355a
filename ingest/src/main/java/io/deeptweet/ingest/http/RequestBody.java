// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.http;

import io.deeptweet.ingest.shape.FileFormat;
import io.deeptweet.ingest.shape.InputRecords;
import io.deeptweet.ingest.shape.JsonFormat;
import io.deeptweet.ingest.shape.RecordFormat;
import io.deeptweet.service.file.Delimiter;
import io.deeptweet.service.file.RawRecord;
import io.deeptweet.service.file.RecordEncoding;
import io.deeptweet.service.http.MalformedBodyException;
import io.deeptweet.service.http.RequestRecords;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The records of a request's body.
 *
 * @param format how they hold posts
 * @param records as they were sent
 */
record RequestBody(RecordFormat format, List<byte[]> records) {
    /** Media type of a table. */
    static final String CSV = "text/csv";
    /** Media type of a table separated by tabs. */
    static final String TSV = "text/tab-separated-values";
    /** Media type of a file of X's archive. */
    static final String SCRIPT = "text/javascript";
    /** The older media type of such a file. */
    static final String OLD_SCRIPT = "application/javascript";

    private static final String ARCHIVE = "window.YTD.";

    RequestBody {
        records = List.copyOf(records);
    }

    /**
     * Splits a body into records, as its media type says. A file of X's archive is recognised whatever its type is.
     *
     * @throws MalformedBodyException if the body is not what its type says
     */
    static RequestBody of(MediaType type, byte[] body) throws MalformedBodyException {
        String written = type.getType() + "/" + type.getSubtype();
        return switch (written) {
            case CSV -> read(body, FileFormat.CSV, Optional.empty());
            case TSV -> read(body, FileFormat.CSV, Optional.of(Delimiter.TAB));
            case SCRIPT, OLD_SCRIPT -> read(body, FileFormat.JSON, Optional.empty());
            default ->
                isArchive(body)
                        ? read(body, FileFormat.JSON, Optional.empty())
                        : new RequestBody(new JsonFormat(), RequestRecords.split(type, body));
        };
    }

    private static boolean isArchive(byte[] body) {
        String beginning = new String(body, 0, Math.min(body.length, 64), StandardCharsets.ISO_8859_1);
        return beginning.strip().startsWith(ARCHIVE);
    }

    private static RequestBody read(byte[] body, FileFormat format, Optional<Delimiter> delimiter)
            throws MalformedBodyException {
        try {
            InputRecords input = InputRecords.open(
                    new ByteArrayInputStream(body),
                    new InputRecords.Hints(
                            "the body",
                            Optional.of(format),
                            Optional.empty(),
                            delimiter,
                            Map.of(),
                            RecordEncoding.UTF_8,
                            Math.max(1, body.length)));
            List<byte[]> records = new ArrayList<>();
            for (Optional<RawRecord> next = input.next(); next.isPresent(); next = input.next())
                records.add(next.get().bytes());
            return new RequestBody(input.records(), records);
        } catch (IOException e) { // of its content: reading from memory does not fail
            throw new MalformedBodyException(e.getMessage());
        }
    }
}
