// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import io.deeptweet.service.file.InputFile;
import java.nio.file.Path;
import java.util.Optional;

/** How a file holds records. */
public enum FileFormat {
    /** JSON Lines, or JSON documents; the {@link Shape} of each object is told by its content. */
    JSON,
    /** A table whose fields are separated by commas, tabs or semicolons. */
    CSV,
    /** A tweet a line; its id consists of the feed's name and the line's number. */
    TEXT;

    /**
     * The format that a file's name suggests, without the ending of a compressed file: {@code .jsonl}, {@code .ndjson},
     * {@code .json} and {@code .js}, {@code .csv} and {@code .tsv}, {@code .txt}.
     */
    public static Optional<FileFormat> ofName(Path file) {
        String name = InputFile.plainName(file);
        return switch (name.substring(Math.max(0, name.lastIndexOf('.')))) {
            case ".jsonl", ".ndjson", ".json", ".js" -> Optional.of(JSON);
            case ".csv", ".tsv" -> Optional.of(CSV);
            case ".txt" -> Optional.of(TEXT);
            default -> Optional.empty();
        };
    }
}
