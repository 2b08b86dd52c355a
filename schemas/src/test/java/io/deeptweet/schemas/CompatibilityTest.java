// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks {@code FULL_TRANSITIVE} compatibility: every version of a schema reads what every other version wrote.
 *
 * <p>{@code src/test/history/<schema>/<version>.avsc} are all versions so far. A changed schema needs a new file there;
 * an old file is never changed. Documentation strings do not count as a change.
 */
class CompatibilityTest {
    private static final Path SCHEMAS = Path.of("src/main/avro");
    private static final Path HISTORY = Path.of("src/test/history");

    static Stream<String> names() throws IOException {
        return files(SCHEMAS).stream().map(file -> file.getFileName().toString().replace(".avsc", ""));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyVersionReadsWhatEveryOtherVersionWrote(String name) {
        List<Schema> versions = history(name);
        for (Schema reader : versions)
            for (Schema writer : versions)
                assertThat(SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                                .getType())
                        .as(
                                "%s version %d reading version %d",
                                name, versions.indexOf(reader) + 1, versions.indexOf(writer) + 1)
                        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    @ParameterizedTest
    @MethodSource("names")
    void theSchemaInUseIsTheLastVersionOfItsHistory(String name) {
        List<Schema> versions = history(name);
        assertThat(parse(SCHEMAS.resolve(name + ".avsc")))
                .as(
                        "a changed schema needs a new file: %s",
                        HISTORY.resolve(name).resolve((versions.size() + 1) + ".avsc"))
                .isEqualTo(versions.get(versions.size() - 1));
    }

    @Test
    void noSchemaIsRemoved() throws IOException {
        assertThat(files(HISTORY).stream().map(folder -> folder.getFileName().toString()))
                .containsExactlyElementsOf(names().toList());
    }

    /** Tests the check itself: a field without a default cannot be added. */
    @Test
    void anIncompatibleChangeIsDetected() {
        Schema before = SchemaBuilder.record("R").fields().requiredInt("a").endRecord();
        Schema after = SchemaBuilder.record("R")
                .fields()
                .requiredInt("a")
                .requiredInt("b")
                .endRecord();
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(after, before)
                        .getType())
                .isEqualTo(SchemaCompatibilityType.INCOMPATIBLE);
    }

    private static List<Schema> history(String name) {
        List<Schema> versions = new ArrayList<>();
        for (int version = 1; Files.exists(HISTORY.resolve(name).resolve(version + ".avsc")); version++)
            versions.add(parse(HISTORY.resolve(name).resolve(version + ".avsc")));
        assertThat(versions).as("versions of %s", name).isNotEmpty();
        return versions;
    }

    /** LabeledTweet refers to Sentiment, which ScoredTweet defines, and Alert to AlertCondition of AlertRule. */
    private static Schema parse(Path file) {
        try {
            Schema.Parser parser = new Schema.Parser();
            for (String other : List.of("ScoredTweet", "AlertRule"))
                if (!file.toString().contains(other)) parser.parse(Files.readString(SCHEMAS.resolve(other + ".avsc")));
            return parser.parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted(Comparator.comparing(Path::getFileName)).toList();
        }
    }
}
