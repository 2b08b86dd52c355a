// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class LiveLinesTest {
    private final StringWriter out = new StringWriter();

    @Test
    void notMoreThanTenLinesASecondArePrintedAndTheOthersAreCounted() {
        LiveLines lines = new LiveLines(new PrintWriter(out, true), false);
        for (int i = 1; i <= 25; i++) lines.line("line " + i);
        lines.everySecond();
        lines.line("another");
        assertThat(out.toString())
                .contains("line 10\n")
                .doesNotContain("line 11\n")
                .endsWith("          … and 15 more\nanother\n");
    }

    @Test
    void nothingIsPrintedWhereQuietIsWanted() {
        LiveLines lines = new LiveLines(new PrintWriter(out, true), true);
        for (int i = 0; i < 25; i++) lines.line("line");
        lines.everySecond();
        assertThat(out.toString()).isEmpty();
    }
}
