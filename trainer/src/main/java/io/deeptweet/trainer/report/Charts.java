// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.report;

import com.kennycason.kumo.CollisionMode;
import com.kennycason.kumo.WordCloud;
import com.kennycason.kumo.WordFrequency;
import com.kennycason.kumo.font.scale.SqrtFontScalar;
import com.kennycason.kumo.image.AngleGenerator;
import com.kennycason.kumo.palette.ColorPalette;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.trainer.data.DataSetStatistics;
import io.deeptweet.trainer.evaluate.ScoredText;
import io.deeptweet.trainer.train.Epoch;
import java.awt.Color;
import java.awt.Dimension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the charts of reports as PNG files. */
public final class Charts {
    /** The colours of the classes in all of the project's charts, distinct for colour-blind readers too. */
    public static final Color NEGATIVE = new Color(0xC8553D);

    public static final Color NEUTRAL = new Color(0x8A8A8A);
    public static final Color POSITIVE = new Color(0x2E7DA6);

    /** Of Okabe and Ito, distinct for colour-blind readers; the baselines are grey. */
    private static final Color[] MODELS = {
        new Color(0xBBBBBB), new Color(0x777777), new Color(0xE69F00), new Color(0x56B4E9), new Color(0x009E73)
    };

    private static final int WIDTH = 720;
    private static final int HEIGHT = 480;
    /** More points than the chart has pixel columns only cost time. */
    private static final int MOST_POINTS = 500;

    private static final int LENGTH_BARS = 20;

    private Charts() {}

    /** The confusion matrix. */
    public static void confusion(Map<String, Map<String, Integer>> confusion, Path file) throws IOException {
        List<String> predicted = List.copyOf(confusion.keySet());
        List<String> labels = new ArrayList<>(predicted);
        Collections.reverse(labels); // rows count from the bottom
        List<Number[]> cells = new ArrayList<>();
        for (int row = 0; row < labels.size(); row++)
            for (int column = 0; column < predicted.size(); column++)
                cells.add(new Number[] {
                    column, row, confusion.get(labels.get(row)).get(predicted.get(column))
                });
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(HEIGHT)
                .height(HEIGHT)
                .title("Confusion")
                .xAxisTitle("predicted")
                .yAxisTitle("true")
                .theme(ChartTheme.Matlab)
                .build();
        chart.getStyler().setShowValue(true).setPlotGridLinesVisible(false);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setRangeColors(new Color[] {Color.WHITE, POSITIVE});
        chart.addSeries("texts", predicted, labels, cells);
        write(chart, file);
    }

    private static Color color(SentimentClass sentiment) {
        return switch (sentiment) {
            case NEGATIVE -> NEGATIVE;
            case NEUTRAL -> NEUTRAL;
            case POSITIVE -> POSITIVE;
        };
    }

    /** The precision-recall curve of each class. */
    public static void precisionRecall(List<ScoredText> texts, Path file) throws IOException {
        XYChart chart = xy("Precision and recall", "recall", "precision");
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMax(1.0);
        for (SentimentClass sentiment : SentimentClass.values()) {
            List<ScoredText.Point> points = ScoredText.precisionRecall(texts, sentiment);
            if (points.isEmpty()) continue; // no text of that class
            int step = Math.max(1, points.size() / MOST_POINTS);
            List<ScoredText.Point> some = IntStream.range(0, points.size())
                    .filter(i -> i % step == step - 1 || i + 1 == points.size())
                    .mapToObj(points::get)
                    .toList();
            line(
                    chart,
                    sentiment.label(),
                    color(sentiment),
                    some,
                    ScoredText.Point::recall,
                    ScoredText.Point::precision);
        }
        write(chart, file);
    }

    /**
     * A bar chart of accuracies.
     *
     * @param accuracies by test set, then by model, with the same models for each; NaN where there is none
     */
    public static void accuracies(Map<String, Map<String, Double>> accuracies, Path file) throws IOException {
        double least = accuracies.values().stream()
                .flatMap(row -> row.values().stream())
                .filter(value -> !value.isNaN())
                .mapToDouble(value -> value)
                .min()
                .orElseThrow();
        double lowest = Math.min(0.6, Math.floor(least * 10) / 10);
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH + HEIGHT / 2)
                .height(HEIGHT)
                .title("Accuracy")
                .theme(ChartTheme.Matlab)
                .build();
        chart.getStyler()
                .setPlotGridVerticalLinesVisible(false)
                .setYAxisMin(lowest)
                .setYAxisMax(1.0)
                .setYAxisDecimalPattern("0.00");
        chart.getStyler()
                .setLabelsVisible(true)
                .setLabelsFontColorAutomaticEnabled(true)
                .setLabelsRotation(90);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setSeriesColors(MODELS);
        List<String> testSets = List.copyOf(accuracies.keySet());
        accuracies
                .values()
                .iterator()
                .next()
                .keySet()
                .forEach(model -> chart.addSeries(
                        model,
                        testSets,
                        testSets.stream()
                                .map(testSet -> accuracies.get(testSet).get(model))
                                .map(value -> value.isNaN() ? null : value)
                                .toList()));
        write(chart, file);
    }

    /** Loss and accuracy of the epochs. */
    public static void learning(List<Epoch> epochs, Path file) throws IOException {
        XYChart chart = xy("Training", "epoch", "");
        chart.getStyler().setXAxisDecimalPattern("0");
        line(chart, "loss", Color.GRAY, epochs, Epoch::number, Epoch::loss);
        line(chart, "validation loss", NEGATIVE, epochs, Epoch::number, Epoch::validationLoss);
        line(chart, "validation accuracy", POSITIVE, epochs, Epoch::number, Epoch::validationAccuracy);
        write(chart, file);
    }

    /**
     * Accuracy after each round.
     *
     * @param labels (rounds) used so far
     * @param accuracy (rounds) on new texts
     * @param guard (rounds) on the guard set
     */
    public static void rounds(List<Integer> labels, List<Double> accuracy, List<Double> guard, Path file)
            throws IOException {
        XYChart chart = xy("Accuracy after each round", "labels", "");
        chart.getStyler().setXAxisDecimalPattern("#,##0").setYAxisDecimalPattern("0.00");
        List<Integer> points = IntStream.range(0, labels.size()).boxed().toList();
        line(chart, "new texts", POSITIVE, points, labels::get, accuracy::get);
        line(chart, "guard", Color.GRAY, points, labels::get, guard::get);
        write(chart, file);
    }

    /**
     * The charts of a data set: {@code <number>-classes.png}, {@code -lengths.png}, and a word cloud for each class,
     * such as {@code -positive.png}.
     */
    public static void exploration(DataSetStatistics statistics, Path folder, int number) throws IOException {
        List<DataSetStatistics.ClassStatistics> classes = statistics.classes();
        List<String> classNames =
                classes.stream().map(DataSetStatistics.ClassStatistics::name).toList();
        CategoryChart distribution = bars("Classes", "", "texts", classes);
        distribution.getStyler().setOverlapped(true).setLegendVisible(false);
        for (DataSetStatistics.ClassStatistics of : classes)
            distribution.addSeries(
                    of.name(),
                    classNames,
                    classNames.stream()
                            .map(name -> name.equals(of.name()) ? of.texts() : 0)
                            .toList());
        write(distribution, folder.resolve(number + "-classes.png"));

        CategoryChart lengths = bars("Lengths", "tokens", "texts", classes);
        int most = classes.stream().mapToInt(of -> of.lengthQuantile(0.995)).reduce(1, Math::max);
        int width = (most + LENGTH_BARS) / LENGTH_BARS;
        List<Integer> names = IntStream.rangeClosed(0, most / width)
                .map(i -> i * width)
                .boxed()
                .toList();
        for (DataSetStatistics.ClassStatistics of : classes)
            lengths.addSeries(of.name(), names, histogram(of.lengths(), width, names.size()));
        write(lengths, folder.resolve(number + "-lengths.png"));

        for (DataSetStatistics.ClassStatistics of : classes)
            cloud(of.words(), color(of.sentiment()), folder.resolve(number + "-" + of.name() + ".png"));
    }

    private static CategoryChart bars(
            String title, String x, String y, List<DataSetStatistics.ClassStatistics> classes) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .theme(ChartTheme.Matlab)
                .build();
        chart.getStyler().setPlotGridVerticalLinesVisible(false).setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler()
                .setSeriesColors(
                        classes.stream().map(of -> color(of.sentiment())).toArray(Color[]::new));
        return chart;
    }

    private static List<Integer> histogram(int[] values, int width, int bars) {
        int[] counts = new int[bars];
        for (int value : values) counts[Math.min(bars - 1, value / width)]++;
        return Arrays.stream(counts).boxed().toList();
    }

    /** A word cloud: frequent words are larger. */
    private static void cloud(List<DataSetStatistics.WordCount> words, Color color, Path file) {
        WordCloud cloud = new WordCloud(new Dimension(WIDTH, HEIGHT), CollisionMode.PIXEL_PERFECT);
        cloud.setBackgroundColor(Color.WHITE);
        cloud.setPadding(2);
        cloud.setAngleGenerator(new AngleGenerator(0));
        cloud.setColorPalette(new ColorPalette(color, color.darker(), color.brighter()));
        cloud.setFontScalar(new SqrtFontScalar(12, 72));
        cloud.build(new ArrayList<>(words.stream()
                .map(word -> new WordFrequency(word.word(), word.texts()))
                .toList())); // Kumo sorts the list in place
        cloud.writeToFile(file.toString());
    }

    private static XYChart xy(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .theme(ChartTheme.Matlab)
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        return chart;
    }

    private static <T> void line(
            XYChart chart, String name, Color color, List<T> points, ToDoubleFunction<T> x, ToDoubleFunction<T> y) {
        var series = chart.addSeries(
                name,
                points.stream().mapToDouble(x).toArray(),
                points.stream().mapToDouble(y).toArray());
        series.setMarker(points.size() > 30 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE)
                .setLineColor(color);
        series.setMarkerColor(color);
    }

    private static void write(Chart<?, ?> chart, Path file) throws IOException {
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        Files.write(file, BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
    }
}
