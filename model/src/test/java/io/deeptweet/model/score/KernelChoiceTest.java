// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.RandomModels;
import io.deeptweet.model.artefact.ModelArtefact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A JVM chooses once, so each case starts a JVM of its own. */
class KernelChoiceTest {
    private static final String TEXT = "w2 w5 w3 never w9";
    private static final ModelArtefact MODEL = RandomModels.model(10, 7, 5, 1);

    /** Builds two scorers and prints a score. */
    static final class TwoModels {
        public static void main(String[] arguments) {
            KernelScorer.of(RandomModels.model(8, 4, 3, 2)).score(TEXT);
            System.out.println("polarity " + KernelScorer.of(MODEL).score(TEXT).polarity());
        }
    }

    private static String output(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                TwoModels.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static void scoresAsHere(String output) {
        String polarity = output.lines()
                .filter(line -> line.startsWith("polarity "))
                .findFirst()
                .orElseThrow()
                .substring(9);
        assertThat(Float.parseFloat(polarity))
                .isCloseTo(KernelScorer.of(MODEL).score(TEXT).polarity(), within(1e-6f));
    }

    @Test
    void withoutTheModuleItScoresInPlainJavaAndLogsOnceHowToMakeItFaster() throws Exception {
        String output = output();
        scoresAsHere(output);
        assertThat(output).containsOnlyOnce("--add-modules jdk.incubator.vector");
    }

    @Test
    void withTheModuleItLogsOnceWhichVectorsItUses() throws Exception {
        String output = output("--add-modules", "jdk.incubator.vector");
        scoresAsHere(output);
        assertThat(output).containsOnlyOnce("-bit vectors");
    }

    /** Without C2 every vector is an object: a hundred times slower than plain Java. */
    @Test
    void withoutTheOptimizingCompilerItScoresInPlainJava() throws Exception {
        String output = output("--add-modules", "jdk.incubator.vector", "-XX:TieredStopAtLevel=1");
        scoresAsHere(output);
        assertThat(output).containsOnlyOnce("compiler is off").doesNotContain("-bit vectors");
    }
}
