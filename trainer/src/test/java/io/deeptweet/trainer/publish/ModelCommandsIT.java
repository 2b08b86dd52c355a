// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import static io.deeptweet.trainer.publish.TestModels.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.local.LocalKafka;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.command.CommandRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that publish, activate and list models, on a real broker. */
class ModelCommandsIT {
    private final Map<String, Object> client = FreshTopics.clientOf(LocalKafka.shared());

    @BeforeEach
    void emptyTopic() throws Exception {
        FreshTopics.recreate(client, 1, List.of(Topics.MODELS, Topics.AUDIT));
    }

    @Test
    void theCommandsSayWhatTheyDid(@TempDir Path folder) throws Exception {
        ModelArtefact one = model("one", 1, 1, Optional.empty());
        Path file = folder.resolve("one.safetensors");
        one.write(file);

        assertThat(run("models").output()).contains("no model is published");
        assertThat(run("audit").output()).isEqualTo("nothing has been changed yet\n");
        assertThat(run("rollback").error())
                .isEqualTo("deeptweet rollback: no model was active before the active one\n");
        assertThat(run("publish", file.toString(), "--activate").output())
                .contains("model " + one.version() + " published")
                .contains("active");
        assertThat(run("models", "--json").output())
                .contains("\"version\" : \"" + one.version() + "\"")
                .contains("\"active\" : true");
        assertThat(run("activate", one.version()).output()).contains("was active already");

        ModelArtefact two = model("two", 1, 2, Optional.of(one.version()));
        two.write(file);
        assertThat(run("publish", file.toString(), "--keep", "1").code()).isZero();
        assertThat(run("shadow", two.version(), "--reason", "is it better?").output())
                .isEqualTo("model " + two.version() + " is the shadow\n");
        assertThat(run("models").output())
                .containsPattern("shadow +" + two.version() + ".*is it better\\?")
                .containsPattern("active +" + one.version());
        assertThat(run("shadow", "--drop").output()).isEqualTo("model " + two.version() + " is no longer the shadow\n");
        assertThat(run("promote")).isEqualTo(new CommandRun(1, "", "deeptweet promote: no model is the shadow\n"));
        assertThat(run("shadow", two.version()).code()).isZero();
        assertThat(run("promote").output()).isEqualTo("model " + two.version() + " is active\n");
        assertThat(run("rollback", "--reason", "it is not").output())
                .isEqualTo("model " + one.version() + " is active\n");
        assertThat(run("rollback").output()).isEqualTo("model " + two.version() + " is active\n");
        assertThat(run("audit").output().lines().toList())
                .hasSize(9)
                .satisfies(lines -> assertThat(lines.get(2))
                        .containsPattern("rolled-back +" + one.version() + " +" + two.version() + " +" + one.version()
                                + " +.* \\(command\\) +it is not"));
        assertThat(run("audit", "--limit", "1", "--json").output())
                .contains("\"action\" : \"rolled-back\"", "\"actor\" : \"" + System.getProperty("user.name"));
        assertThat(run("audit", "--limit", "0").code()).isEqualTo(2);
        assertThat(run("shadow").code()).isEqualTo(2);
        assertThat(run("shadow", two.version(), "--drop").code()).isEqualTo(2);
        assertThat(run("publish", file.toString(), "--keep", "0").error())
                .startsWith("deeptweet publish: --keep is 0: use 1 or more");

        assertThat(run("activate", "none-00000000"))
                .isEqualTo(new CommandRun(
                        1,
                        "",
                        "deeptweet activate: model none-00000000 is not on the model topic, which has " + one.version()
                                + ", " + two.version() + "\n"));
        assertThat(run("publish", folder.resolve("missing").toString()).code()).isEqualTo(1);
        assertThat(run("publish").code()).isEqualTo(2);
        assertThat(run("publish", "--help").output()).contains("Examples");
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(client, arguments);
    }
}
