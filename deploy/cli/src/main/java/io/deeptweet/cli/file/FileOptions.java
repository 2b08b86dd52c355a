// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.file;

import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.shape.FileFormat;
import io.deeptweet.ingest.shape.InputRecords;
import io.deeptweet.service.file.RecordEncoding;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How to read a file of tweets. */
public final class FileOptions {
    /** The formats. */
    enum Format {
        auto(Optional.empty()),
        json(Optional.of(FileFormat.JSON)),
        csv(Optional.of(FileFormat.CSV)),
        text(Optional.of(FileFormat.TEXT));

        private final Optional<FileFormat> format;

        Format(Optional<FileFormat> format) {
            this.format = format;
        }
    }

    /** The encodings. */
    enum Encoding {
        auto(RecordEncoding.UTF_8),
        iso_8859_1(RecordEncoding.ISO_8859_1);

        private final RecordEncoding encoding;

        Encoding(RecordEncoding encoding) {
            this.encoding = encoding;
        }

        @Override
        public String toString() {
            return name().replace('_', '-');
        }
    }

    /** What happens to tweets without an id. */
    enum MissingId {
        reject,
        line
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--format",
            paramLabel = "auto|json|csv|text",
            defaultValue = "auto",
            description = "Format of the file (default: told by its first line and its name).")
    private Format format;

    @Option(
            names = "--field",
            paramLabel = "FIELD=NAME",
            description = "Where a field is: the name or the number of a column, or the name of a JSON field or a JSON"
                    + " pointer. Fields are id, text, created_at, lang and author (default: the usual names).")
    private Map<String, String> fields = Map.of();

    @Option(
            names = "--encoding",
            paramLabel = "auto|iso-8859-1",
            defaultValue = "auto",
            description = "auto is UTF-8, or UTF-16 with a byte order mark; iso-8859-1 reads records that are not UTF-8"
                    + " as ISO-8859-1 (default: ${DEFAULT-VALUE}).")
    private Encoding encoding;

    @Option(
            names = "--missing-id",
            paramLabel = "reject|line",
            defaultValue = "reject",
            description = "Rejects tweets without an id, or makes an id from the line number (default:"
                    + " ${DEFAULT-VALUE}).")
    private MissingId missingId;

    @Option(
            names = "--languages",
            paramLabel = "LIST",
            defaultValue = "en,und",
            description = "Languages that pass; und is unknown, * all (default: ${DEFAULT-VALUE}).")
    private String languages;

    /** Empty to find it out. */
    public Optional<FileFormat> format() {
        return format.format;
    }

    /**
     * The names of columns or fields by what they hold, see {@link InputRecords#FIELDS}.
     *
     * @throws ParameterException if there is no such field, or a name is empty
     */
    public Map<String, String> fields() {
        fields.forEach((field, place) -> {
            if (!InputRecords.FIELDS.contains(field))
                throw wrong("--field names " + field + ": use " + String.join(", ", InputRecords.FIELDS));
            if (place.isEmpty()) throw wrong("--field " + field + " is empty: name a column or a field");
        });
        return fields;
    }

    /** The encoding of the records. */
    public RecordEncoding encoding() {
        return encoding.encoding;
    }

    /** Whether a tweet without an id gets one from the line's number. */
    public boolean idFromLine() {
        return missingId == MissingId.line;
    }

    /** The languages that pass, as they were given. */
    public String languageList() {
        return languages;
    }

    /**
     * The languages that pass.
     *
     * @throws ParameterException if the list is wrong
     */
    public LanguageFilter languages() {
        try {
            return LanguageFilter.of(languages);
        } catch (IllegalArgumentException e) {
            throw wrong("--languages is " + languages + ": " + e.getMessage());
        }
    }

    /** Ingest's settings of a feed that replays the file, without their prefix. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("missing-id", missingId.name());
        if (format != Format.auto) settings.put("format", format.name());
        if (encoding != Encoding.auto) settings.put("encoding", encoding.toString());
        fields().forEach((field, name) -> settings.put("columns." + field, name));
        return settings;
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
