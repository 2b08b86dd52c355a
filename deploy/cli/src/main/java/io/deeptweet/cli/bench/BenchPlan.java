// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** The measurements of a benchmark, and what any of them lost. */
final class BenchPlan {
    private static final List<Shape> SHAPES =
            List.of(new Shape(1, 1), new Shape(2, 1), new Shape(4, 1), new Shape(2, 2), new Shape(4, 2));
    private static final List<Shape> QUICK_SHAPES = List.of(new Shape(2, 2));

    private final BenchRun.Bench bench;
    private final int backlog;
    private final int seconds;
    private final Consumer<String> progress;
    private final Set<String> lost = new LinkedHashSet<>();

    /**
     * @param backlog tweets of each backlog
     * @param seconds how long each rate is held
     * @param progress told what is being done
     */
    BenchPlan(BenchRun.Bench bench, int backlog, int seconds, Consumer<String> progress) {
        this.bench = bench;
        this.backlog = backlog;
        this.seconds = seconds;
        this.progress = progress;
    }

    /** Measures for nothing, so that the broker's code is compiled. */
    void warmUp(Shape shape) throws InterruptedException {
        run(shape, true, drain -> List.of());
    }

    /** @param rates numbers, or percentages of what the backlog gave */
    RunResult scored(Shape shape, List<String> rates) throws InterruptedException {
        return run(
                shape,
                true,
                drain -> rates.stream()
                        .map(rate -> rate(rate, drain.perSecond()))
                        .toList());
    }

    /** The same as another measurement, with tweets passed through. */
    RunResult passedThrough(Shape shape, RunResult scored) throws InterruptedException {
        return run(
                shape,
                false,
                drain -> scored.delays().stream().map(Delays::rate).toList());
    }

    /** @param scored a measurement of one of the shapes, which is not made again */
    List<RunResult> scaling(boolean quick, RunResult scored) throws InterruptedException {
        List<RunResult> results = new ArrayList<>();
        for (Shape shape : quick ? QUICK_SHAPES : SHAPES)
            results.add(shape.equals(scored.shape()) ? scored : run(shape, true, drain -> List.of()));
        return List.copyOf(results);
    }

    /** What any measurement lost, duplicated or did not count, in sentences. */
    List<String> lost() {
        return List.copyOf(lost);
    }

    private RunResult run(Shape shape, boolean scoring, Function<Drain, List<Integer>> rates)
            throws InterruptedException {
        try (BenchRun run = new BenchRun(bench, shape, scoring, progress)) {
            RunResult result = run.run(backlog, rates, seconds);
            lost.addAll(result.lost());
            return result;
        }
    }

    private static int rate(String rate, double capacity) {
        return rate.endsWith("%")
                ? (int) Math.max(1, Math.round(capacity * Integer.parseInt(rate.replace("%", "")) / 100))
                : Integer.parseInt(rate);
    }
}
