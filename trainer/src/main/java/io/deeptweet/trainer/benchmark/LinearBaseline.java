// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.benchmark;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.evaluate.Evaluation;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The baseline: logistic regression on the TF-IDF of words and word pairs, fitted by LIBLINEAR.
 *
 * @see <a href="https://www.jmlr.org/papers/v9/fan08a.html">Fan et al.: LIBLINEAR, A Library for Large Linear
 *     Classification, 2008</a>
 */
public final class LinearBaseline {
    /** Terms in fewer texts are left out: they say nothing about other texts. */
    private static final int LEAST_TEXTS = 2;
    /** Values of LIBLINEAR's C, the weight of the loss against the penalty, to choose from by validation accuracy. */
    private static final double[] COSTS = {0.3, 1, 3, 10};

    private static final double TOLERANCE = 0.01;
    private static final Feature BIAS = new FeatureNode(1, 1);
    private static final double NEGATIVE = 0;
    private static final double POSITIVE = 1;

    private final Map<String, Term> terms;
    private final Model model;
    private final double seconds;

    /**
     * A word or word pair.
     *
     * @param feature its number from 2; 1 is the bias
     * @param idf ln((1 + texts) / (1 + texts with it)) + 1
     */
    private record Term(int feature, double idf) {}

    private LinearBaseline(Map<String, Term> terms, Model model, double seconds) {
        this.terms = terms;
        this.model = model;
        this.seconds = seconds;
    }

    /** Fits on the training texts, with the cost that has the best accuracy on the validation texts. */
    public static LinearBaseline fit(Split split) {
        Linear.disableDebugOutput();
        long start = System.nanoTime();
        Map<String, Term> terms = terms(split.train());
        Problem problem = new Problem();
        problem.l = split.train().size();
        problem.n = terms.size() + 1;
        problem.x =
                split.train().stream().map(example -> features(example, terms)).toArray(Feature[][]::new);
        problem.y = split.train().stream()
                .mapToDouble(example -> example.positive() ? POSITIVE : NEGATIVE)
                .toArray();
        Model best = null;
        double highest = -1;
        for (double cost : COSTS) {
            Model model = Linear.train(problem, new Parameter(SolverType.L2R_LR, cost, TOLERANCE));
            double accuracy = evaluate(model, terms, split.validation()).accuracy();
            if (accuracy <= highest) continue;
            highest = accuracy;
            best = model;
        }
        return new LinearBaseline(terms, best, (System.nanoTime() - start) / 1e9);
    }

    /** Seconds that fitting took, with all costs. */
    public double seconds() {
        return seconds;
    }

    /** Evaluates it on texts. */
    public Evaluation evaluate(List<Example> examples) {
        return evaluate(model, terms, examples);
    }

    private static Evaluation evaluate(Model model, Map<String, Term> terms, List<Example> examples) {
        float[] probabilities = new float[examples.size()];
        boolean[] positive = new boolean[examples.size()];
        int index = model.getLabels()[0] == (int) POSITIVE ? 0 : 1;
        double[] both = new double[2];
        for (int i = 0; i < positive.length; i++) {
            Linear.predictProbability(model, features(examples.get(i), terms), both);
            probabilities[i] = (float) both[index];
            positive[i] = examples.get(i).positive();
        }
        return Evaluation.of(probabilities, positive);
    }

    private static Map<String, Term> terms(List<Example> train) {
        Map<String, Integer> texts = new LinkedHashMap<>();
        for (Example example : train) counts(example).keySet().forEach(term -> texts.merge(term, 1, Integer::sum));
        Map<String, Term> terms = new HashMap<>();
        texts.forEach((term, count) -> {
            if (count >= LEAST_TEXTS)
                terms.put(term, new Term(terms.size() + 2, 1 + Math.log((1.0 + train.size()) / (1.0 + count))));
        });
        return terms;
    }

    private static Map<String, Integer> counts(Example example) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        List<String> tokens = example.tokens();
        for (int i = 0; i < tokens.size(); i++) {
            counts.merge(tokens.get(i), 1, Integer::sum);
            if (i > 0) counts.merge(tokens.get(i - 1) + ' ' + tokens.get(i), 1, Integer::sum);
        }
        return counts;
    }

    /**
     * The bias, and the TF-IDF of known terms as a vector of unit length; in the order of their numbers, as LIBLINEAR
     * requires.
     */
    private static Feature[] features(Example example, Map<String, Term> terms) {
        Map<Integer, Double> values = new TreeMap<>();
        counts(example).forEach((text, count) -> {
            Term term = terms.get(text);
            if (term != null) values.put(term.feature, count * term.idf);
        });
        double length = Math.sqrt(
                values.values().stream().mapToDouble(value -> value * value).sum());
        Feature[] features = new Feature[values.size() + 1];
        features[0] = BIAS;
        int next = 1;
        for (Map.Entry<Integer, Double> value : values.entrySet())
            features[next++] = new FeatureNode(value.getKey(), value.getValue() / length);
        return features;
    }
}
