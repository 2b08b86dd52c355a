// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the model that DeepTweet ships. */
class ExploreCommandTest {
    @TempDir
    Path folder;

    @Test
    void aDataSetIsExplored() throws Exception {
        Path data = folder.resolve("tweets.csv");
        Files.write(
                data,
                IntStream.range(-1, 60)
                        .mapToObj(i -> i < 0
                                ? "text,label"
                                : (i % 3 == 0 ? "so sad <b>rain</b> again qwertz" : "lovely <i>sun</i> number " + i)
                                        + "," + (i % 3 == 0 ? "negative" : "positive"))
                        .toList());
        CommandRun run = CommandRun.of(
                "explore",
                "--data",
                data.toString(),
                "--out",
                folder.resolve("out").toString());
        assertThat(run.code()).as(run.error()).isZero();
        assertThat(run.output()).contains("20 negative, 40 positive; 19 duplicates");
        assertThat(folder.resolve("out/index.html"))
                .content()
                .contains("tweets.csv", "1-negative.png", "rain 20")
                .doesNotContain("<b>", "<i>");
        for (String picture : new String[] {"classes", "lengths", "negative", "positive"})
            assertThat(ImageIO.read(folder.resolve("out/1-" + picture + ".png").toFile())
                            .getWidth())
                    .as(picture)
                    .isGreaterThan(400);
    }
}
