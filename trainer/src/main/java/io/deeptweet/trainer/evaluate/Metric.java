// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.evaluate;

import com.fasterxml.jackson.annotation.JsonKey;
import io.deeptweet.model.score.SentimentClass;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A figure of an {@link Evaluation}: its name in reports, and how it is read. A new metric is a constant here. */
public enum Metric {
    TEXTS("texts", "%,.0f", false, Evaluation::texts),
    ACCURACY("accuracy", Metric.SHARE, false, Evaluation::accuracy),
    MACRO_F1("macro F1", Metric.SHARE, false, Evaluation::macroF1),
    MACRO_RECALL("macro recall", Metric.SHARE, false, Evaluation::macroRecall),
    NEGATIVE_PRECISION(
            "precision, negative",
            Metric.SHARE,
            false,
            Metric.of(SentimentClass.NEGATIVE, Evaluation.ClassMetrics::precision)),
    NEGATIVE_RECALL(
            "recall, negative",
            Metric.SHARE,
            false,
            Metric.of(SentimentClass.NEGATIVE, Evaluation.ClassMetrics::recall)),
    NEGATIVE_F1("F1, negative", Metric.SHARE, false, Metric.of(SentimentClass.NEGATIVE, Evaluation.ClassMetrics::f1)),
    NEUTRAL_PRECISION(
            "precision, neutral",
            Metric.SHARE,
            false,
            Metric.of(SentimentClass.NEUTRAL, Evaluation.ClassMetrics::precision)),
    NEUTRAL_RECALL(
            "recall, neutral", Metric.SHARE, false, Metric.of(SentimentClass.NEUTRAL, Evaluation.ClassMetrics::recall)),
    NEUTRAL_F1("F1, neutral", Metric.SHARE, false, Metric.of(SentimentClass.NEUTRAL, Evaluation.ClassMetrics::f1)),
    POSITIVE_PRECISION(
            "precision, positive",
            Metric.SHARE,
            false,
            Metric.of(SentimentClass.POSITIVE, Evaluation.ClassMetrics::precision)),
    POSITIVE_RECALL(
            "recall, positive",
            Metric.SHARE,
            false,
            Metric.of(SentimentClass.POSITIVE, Evaluation.ClassMetrics::recall)),
    POSITIVE_F1("F1, positive", Metric.SHARE, false, Metric.of(SentimentClass.POSITIVE, Evaluation.ClassMetrics::f1)),
    LOG_LOSS("log loss", Metric.SHARE, true, Evaluation::logLoss),
    ROC_AUC("ROC AUC", Metric.SHARE, false, evaluation -> evaluation.rocAuc().orElse(Double.NaN)),
    CALIBRATION_ERROR("calibration error", Metric.SHARE, true, Evaluation::calibrationError);

    private static final String SHARE = "%.4f";

    private final String label;
    private final String format;
    private final boolean lowerIsBetter;

    @SuppressWarnings("ImmutableEnumChecker") // a method reference without state
    private final ToDoubleFunction<Evaluation> value;

    Metric(String label, String format, boolean lowerIsBetter, ToDoubleFunction<Evaluation> value) {
        this.label = label;
        this.format = format;
        this.lowerIsBetter = lowerIsBetter;
        this.value = value;
    }

    private static ToDoubleFunction<Evaluation> of(
            SentimentClass sentiment, ToDoubleFunction<Evaluation.ClassMetrics> figure) {
        return evaluation -> evaluation.of(sentiment).map(figure::applyAsDouble).orElse(Double.NaN);
    }

    /** The name in reports, such as {@code macro F1}. */
    @JsonKey
    public String label() {
        return label;
    }

    public boolean lowerIsBetter() {
        return lowerIsBetter;
    }

    /** The value; NaN if the evaluation has none. */
    public double of(Evaluation evaluation) {
        return value.applyAsDouble(evaluation);
    }

    /** A value as reports show it: a count, or four decimals. */
    public String format(double figure) {
        return String.format(Locale.ROOT, format, figure);
    }
}
