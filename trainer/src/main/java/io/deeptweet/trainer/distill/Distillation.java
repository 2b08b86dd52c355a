// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.distill;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.Target;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.train.TrainingProgress;
import io.deeptweet.trainer.train.TrainingTargets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Knowledge distillation: training texts get soft labels, a mixture of their label and the {@link Teacher}'s
 * probability. Texts without a label are added with the teacher's probability alone, so the model learns words that
 * occur in no labelled text, and wrong labels weigh less. Validation and test keep their labels.
 *
 * @see <a href="https://arxiv.org/abs/1503.02531">Hinton, Vinyals and Dean: Distilling the Knowledge in a Neural
 *     Network, 2015</a>
 */
public final class Distillation {
    /**
     * The n-grams' part of the teacher's share when training from scratch, the best of several on Sentiment140's
     * validation texts. With many labels the n-grams add what network and teacher do not know. In fine-tuning, with few
     * labels, their targets are the network's.
     */
    private static final double NGRAM_PART = 0.2;

    private Distillation() {}

    /**
     * Targets for training from scratch.
     *
     * @param teacherShare in the targets of the network; 0 uses no teacher and no unlabelled texts
     * @param cache file that keeps the teacher's probabilities, which take minutes, for an interrupted training
     * @throws IOException if the cache or the teacher cannot be read
     */
    public static TrainingTargets fromScratch(
            TrainingData data, double teacherShare, Path cache, TrainingProgress progress) throws IOException {
        Split split = data.split();
        if (teacherShare == 0) return new TrainingTargets(split);
        List<Score> scores = Teacher.scores(data, cache, progress);
        return new TrainingTargets(
                withTrain(split, softLabelled(data, scores, teacherShare)),
                withTrain(split, softLabelled(data, scores, NGRAM_PART * teacherShare)));
    }

    /**
     * Targets for fine-tuning. New texts get soft labels of the teacher, rehearsed ones of the parent, so that the
     * parent's knowledge of them is kept.
     *
     * @param fresh the new texts
     * @param mixed their split, with the rehearsed texts after its training texts
     * @param parent the model that is fine-tuned
     * @param teacherShare of teacher and parent in the targets; 0 uses neither, and no unlabelled texts
     * @param cache as for {@link #fromScratch}
     * @throws IOException as for {@link #fromScratch}
     * @see <a href="https://arxiv.org/abs/1606.09282">Li and Hoiem: Learning without Forgetting, 2016</a>
     */
    public static TrainingTargets fineTuning(
            TrainingData fresh, Split mixed, Scorer parent, double teacherShare, Path cache, TrainingProgress progress)
            throws IOException {
        if (teacherShare == 0) return new TrainingTargets(mixed);
        List<Example> train =
                new ArrayList<>(softLabelled(fresh, Teacher.scores(fresh, cache, progress), teacherShare));
        int labelled = fresh.split().train().size();
        for (Example rehearsed : mixed.train().subList(labelled, mixed.train().size()))
            train.add(rehearsed.withSoftLabel(parent.score(rehearsed.source().text()), teacherShare, true));
        return new TrainingTargets(withTrain(mixed, train));
    }

    /**
     * The labelled training texts with soft labels, then the unlabelled ones.
     *
     * @param scores the teacher's for the same texts in the same order
     * @param teacherShare in (0, 1]
     */
    static List<Example> softLabelled(TrainingData data, List<Score> scores, double teacherShare) {
        boolean three = data.split().heads() > 1;
        List<Example> examples = new ArrayList<>(scores.size());
        for (Example example : data.split().train())
            examples.add(example.withSoftLabel(scores.get(examples.size()), teacherShare, three));
        for (TrainingData.Unlabeled text : data.unlabeled()) {
            Score score = scores.get(examples.size());
            examples.add(new Example(
                    new LabeledText(text.text(), score.sentiment(), three), text.tokens(), Target.of(score, three)));
        }
        return examples;
    }

    private static Split withTrain(Split split, List<Example> train) {
        return new Split(train, split.validation(), split.test());
    }
}
