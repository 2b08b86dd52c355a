// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.trainer.train.Epoch;
import io.deeptweet.trainer.train.TrainingProgress;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Shows progress: on a terminal on one line that is overwritten, elsewhere on a line every 30 s. */
final class TerminalProgress implements TrainingProgress {
    private static final Duration ON_TERMINAL = Duration.ofMillis(200);
    private static final Duration ELSEWHERE = Duration.ofSeconds(30);
    private static final String CLEAR_LINE = "\r\u001B[K";

    private final PrintWriter out;
    private final boolean terminal;
    private final long interval; // ns
    private long shown = System.nanoTime();

    private TerminalProgress(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
        this.interval = (terminal ? ON_TERMINAL : ELSEWHERE).toNanos();
    }

    static TerminalProgress on(PrintWriter out) {
        return new TerminalProgress(out, isTerminal(System.console()));
    }

    /** From JDK 22 on there is a console even if output goes to a file, and a method that tells; JDK 17 lacks it. */
    private static boolean isTerminal(Console console) {
        if (console == null) return false;
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    @Override
    public void resumed(int epochs) {
        out.printf("resuming from the checkpoint of epoch %d%n", epochs);
        out.flush();
    }

    @Override
    public void teacherEncoded(int done, int all, double textsPerSecond, Duration left) {
        show("teacher: %,d of %,d texts encoded  %,.0f texts/s  %s left", done, all, textsPerSecond, time(left));
    }

    @Override
    public void teacherEpoch(int done, int all, Duration left) {
        show("teacher: epoch %d of %d  %s left", done, all, time(left));
    }

    @Override
    public void batch(int epoch, double share, double loss, double samplesPerSecond, Duration left) {
        show(
                "epoch %d  %3.0f %%  loss %.4f  %,.0f samples/s  at most %s left",
                epoch, 100 * share, loss, samplesPerSecond, time(left));
    }

    /** Shows how many of all texts are scored. */
    void scored(int done, int all) {
        if (done < all) show("%,d of %,d texts scored", done, all);
        else if (terminal) out.print(CLEAR_LINE);
    }

    private void show(String format, Object... values) {
        long now = System.nanoTime();
        if (now - shown < interval) return;
        shown = now;
        String line = String.format(Locale.ROOT, format, values);
        if (terminal) {
            out.print(CLEAR_LINE + line);
            out.flush();
        } else {
            out.println(line);
        }
    }

    @Override
    public void epoch(Epoch epoch, boolean best) {
        if (terminal) out.print(CLEAR_LINE);
        out.printf(
                Locale.ROOT,
                "epoch %d  loss %.4f  validation loss %.4f, accuracy %.4f  %s%s%n",
                epoch.number(),
                epoch.loss(),
                epoch.validationLoss(),
                epoch.validationAccuracy(),
                time(Duration.ofMillis((long) (epoch.seconds() * 1000))),
                best ? "  best so far, kept" : "");
        out.flush();
    }

    private static String time(Duration duration) {
        return duration.toHours() > 0
                ? String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d",
                        duration.toHours(),
                        duration.toMinutesPart(),
                        duration.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart());
    }
}
