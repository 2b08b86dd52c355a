// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.service.sample.SampleSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsDocumentTest {
    private static final String EMPTY = "# Settings\n\n<!-- settings:sample -->\n<!-- /settings:sample -->\n\nMore.\n";

    @TempDir
    private Path folder;

    @AfterEach
    void checkOnly() {
        System.clearProperty(SettingsDocument.UPDATE);
    }

    @Test
    void anUpdateWritesTheTableAndTheCheckAcceptsIt() throws IOException {
        Path document = document(EMPTY);
        System.setProperty(SettingsDocument.UPDATE, "true");
        SettingsDocument.requireCurrent(document, "sample", SampleSettings.class);
        System.clearProperty(SettingsDocument.UPDATE);
        SettingsDocument.requireCurrent(document, "sample", SampleSettings.class);

        assertThat(Files.readString(document))
                .startsWith("# Settings\n\n<!-- settings:sample -->\n\n| Setting | Environment variable |")
                .endsWith("|\n\n<!-- /settings:sample -->\n\nMore.\n")
                .contains(
                        "| `deeptweet.topics.partitions` | `DEEPTWEET_TOPICS_PARTITIONS` | `4` | 1 to 10000"
                                + " | Partitions of a topic that a service creates. |\n",
                        "| `deeptweet.feeds.<feed>.file` | `DEEPTWEET_FEEDS_<FEED>_FILE` | required | a file that can"
                                + " be read | The file that is replayed. |\n",
                        "| `deeptweet.feeds.<feed>.columns.<field>` |",
                        "| `deeptweet.threads` | `DEEPTWEET_THREADS` | the number of cores | 1 to 999 |",
                        "| `deeptweet.password` | `DEEPTWEET_PASSWORD` | none | 8 characters or more |");
    }

    @Test
    void aTableThatIsNotCurrentSaysHowToRewriteIt() throws IOException {
        Path document = document(EMPTY);
        assertThatThrownBy(() -> SettingsDocument.requireCurrent(document, "sample", SampleSettings.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("run this test with -Dsettings.update=true");
        assertThat(Files.readString(document)).isEqualTo(EMPTY);
    }

    @Test
    void missingMarkersAreNamed() throws IOException {
        Path document = document("# Settings\n");
        assertThatThrownBy(() -> SettingsDocument.requireCurrent(document, "sample", SampleSettings.class))
                .hasMessageContaining("<!-- settings:sample --> and <!-- /settings:sample -->");
    }

    @ConfigMapping(prefix = "a")
    interface NoSentence {
        @Setting("threads")
        @WithDefault("1")
        int threads();
    }

    @ConfigMapping(prefix = "a")
    interface WrongDefault {
        @Setting(value = "Threads.", to = "9")
        @WithDefault("10")
        int threads();
    }

    @ConfigMapping(prefix = "a")
    interface NoWords {
        @Setting(value = "A name.", pattern = "[a-z]+")
        @WithDefault("x")
        String name();
    }

    @Test
    void definitionsThatContradictThemselvesAreNamed() throws IOException {
        Path document = document(EMPTY);
        assertThatThrownBy(() -> SettingsDocument.requireCurrent(document, "sample", NoSentence.class))
                .hasMessage("a.threads: its meaning is not a sentence");
        assertThatThrownBy(() -> SettingsDocument.requireCurrent(document, "sample", WrongDefault.class))
                .hasMessage("a.threads: its default is not allowed");
        assertThatThrownBy(() -> SettingsDocument.requireCurrent(document, "sample", NoWords.class))
                .hasMessage("a.name: say in words what the pattern allows");
    }

    private Path document(String text) throws IOException {
        return Files.writeString(folder.resolve("settings.md"), text);
    }
}
