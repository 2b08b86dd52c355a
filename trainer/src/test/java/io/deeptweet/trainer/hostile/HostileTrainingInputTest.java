// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.trainer.data.DataException;
import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.label.CheckedLabel;
import io.deeptweet.trainer.label.LabelParser;
import io.deeptweet.trainer.label.LabelSender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is sent as a label or named as a file of training texts is refused in a sentence. */
class HostileTrainingInputTest {
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");

    @TempDir
    Path folder;

    static Stream<HostileTrainingInput> labels() throws IOException {
        return HostileTrainingInput.labels();
    }

    static Stream<HostileTrainingInput> files() throws IOException {
        return HostileTrainingInput.files();
    }

    @ParameterizedTest
    @MethodSource("labels")
    void aHostileLabelIsRejectedWithItsReason(HostileTrainingInput label) {
        assertThat(LabelParser.parse(label.bytes(), LabelSender.UNKNOWN, NOON))
                .isInstanceOfSatisfying(
                        CheckedLabel.Invalid.class,
                        invalid -> assertThat(invalid.reason().code() + ": " + invalid.detail())
                                .startsWith(label.verdict()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aHostileFileIsRefusedWithItsReason(HostileTrainingInput file) throws IOException {
        Path path =
                Files.write(folder.resolve(file.name().substring(0, file.name().indexOf(':'))), file.bytes());
        assertThatThrownBy(() -> DataSetReader.read(path))
                .isInstanceOfAny(DataException.class, IOException.class)
                .hasMessageStartingWith(path.toString())
                .hasMessageContaining(file.verdict());
    }

    @Test
    void noCaseIsThereTwice() throws IOException {
        assertThat(Stream.concat(labels(), files()).map(HostileTrainingInput::name))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(120);
    }
}
