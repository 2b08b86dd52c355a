// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.service.settings.InvalidSettingException;
import io.deeptweet.trainer.check.BehaviouralTest;
import io.deeptweet.trainer.check.CheckSuite;
import io.deeptweet.trainer.check.InvalidSuiteException;
import io.deeptweet.trainer.data.DataException;
import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.guard.GuardSet;
import io.deeptweet.trainer.label.Label;
import io.deeptweet.trainer.label.LabelerShare;
import io.deeptweet.trainer.round.FineTuning;
import io.deeptweet.trainer.round.Gate;
import io.deeptweet.trainer.round.RoundPlan;
import io.deeptweet.trainer.round.RoundTrigger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Makes the plan of rounds from the settings, reading the files that they name. */
final class RoundPlanFactory {
    static final String ALLOWED_FILE = "a file of labelled texts that can be read, as for the command label";

    static final String ALLOWED_CHECKS = "YAML files of behavioural tests that can be read, as for the command check";

    /** Texts of the guard set that are kept in memory at most. */
    private static final int GUARD_TEXTS = 5_000;

    private RoundPlanFactory() {}

    /** @throws InvalidSettingException if two settings contradict each other, or a file cannot be read */
    static RoundPlan of(TrainerSettings settings) {
        TrainerSettings.Round round = settings.round();
        if (round.largest() < round.labels())
            throw new InvalidSettingException(
                    "deeptweet.round.largest",
                    round.largest(),
                    "at least deeptweet.round.labels, which is " + round.labels());
        TrainerSettings.Rehearsal rehearsal = settings.rehearsal();
        FineTuning fineTuning = new FineTuning(
                round.epochs(),
                round.learningRate(),
                round.freeze(),
                rehearsal.ratio(),
                new Gate(
                        settings.gate().level(),
                        settings.gate().margin(),
                        settings.gate().behaviourMargin(),
                        settings.gate().changedVerdicts()),
                new GuardSet(
                        behaviouralTests(settings.guard()),
                        texts("deeptweet.guard.file", settings.guard().file(), GUARD_TEXTS)),
                new LabelerShare(round.labelerShare(), round.leastLabelers()));
        return new RoundPlan(
                new RoundTrigger(round.labels(), round.patience(), round.patienceInDrift()),
                fineTuning,
                round.largest(),
                rehearsal.most(),
                texts("deeptweet.rehearsal.file", rehearsal.file(), 2 * rehearsal.most()).stream()
                        .map(Label::of)
                        .toList(),
                settings.gate().recentTweets(),
                round.attempts(),
                round.threads());
    }

    /** The tests that the program ships, if they are wanted, and the operator's, which may use their words. */
    private static List<BehaviouralTest> behaviouralTests(TrainerSettings.Guard guard) {
        CheckSuite suite = guard.behaviour() ? CheckSuite.shipped() : new CheckSuite();
        for (Path file : guard.checks().orElse(List.of())) {
            try {
                suite.read(file);
            } catch (IOException e) {
                throw new InvalidSettingException("deeptweet.guard.checks", file, ALLOWED_CHECKS);
            } catch (InvalidSuiteException e) {
                throw new InvalidSettingException(
                        "deeptweet.guard.checks", file, ALLOWED_CHECKS + " (" + e.getMessage() + ")");
            }
        }
        return suite.tests();
    }

    /** The texts of a file, a random sample if there are more than that. */
    private static List<LabeledText> texts(String key, Optional<Path> file, int most) {
        if (file.isEmpty()) return List.of();
        try {
            List<LabeledText> texts =
                    new ArrayList<>(DataSetReader.read(file.get()).texts());
            if (texts.size() <= most) return List.copyOf(texts);
            Collections.shuffle(texts, new Random(1));
            return List.copyOf(texts.subList(0, most));
        } catch (IOException e) {
            throw new InvalidSettingException(key, file.get(), ALLOWED_FILE);
        } catch (DataException e) {
            throw new InvalidSettingException(key, file.get(), ALLOWED_FILE + " (" + e.getMessage() + ")");
        }
    }
}
