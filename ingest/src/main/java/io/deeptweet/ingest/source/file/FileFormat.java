// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.file;

import io.deeptweet.service.file.InputFile;
import java.nio.file.Path;
import java.util.Optional;

/** How a file holds tweets. */
public enum FileFormat {
    /** JSON Lines in the X API v2's format. */
    X_API,
    /** A table with named columns, separated by commas, tabs or semicolons. */
    CSV,
    /** A tweet a line; its id consists of the feed's name and the line's number. */
    TEXT;

    /**
     * The format that a file's {@linkplain InputFile#plainName plain name} tells: {@code .jsonl}, {@code .ndjson} and
     * {@code .json}, {@code .csv} and {@code .tsv}, {@code .txt}.
     */
    public static Optional<FileFormat> ofName(Path file) {
        String name = InputFile.plainName(file);
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) return Optional.of(X_API);
        if (name.endsWith(".csv") || name.endsWith(".tsv")) return Optional.of(CSV);
        return name.endsWith(".txt") ? Optional.of(TEXT) : Optional.empty();
    }
}
