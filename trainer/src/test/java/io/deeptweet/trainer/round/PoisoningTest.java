// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.trainer.check.BehaviouralTest;
import io.deeptweet.trainer.check.CheckSuite;
import io.deeptweet.trainer.check.InvalidSuiteException;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.guard.GuardSet;
import io.deeptweet.trainer.label.Label;
import io.deeptweet.trainer.label.LabelStore;
import io.deeptweet.trainer.label.LabelerShare;
import io.deeptweet.trainer.publish.TestModels;
import io.deeptweet.trainer.train.FrozenLayers;
import io.deeptweet.trainer.train.TrainingProgress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Labels that are to change the model's opinion, against a small model that has the right one. Each attack gives all
 * labels of its rounds, so that it also decides what the held-out labels say.
 */
class PoisoningTest {
    private static final List<String> POSITIVE = List.of("""
            good great nice lovely excellent amazing awesome wonderful fantastic beautiful brilliant perfect delightful
            superb pleasant fun helpful adorable enjoyable delicious outstanding incredible charming""".split("\\s+"));
    private static final List<String> NEGATIVE = List.of("""
            bad terrible awful horrible boring annoying disgusting useless stupid disappointing dreadful ugly nasty sad
            miserable painful frustrating pathetic depressing worthless broken gross lousy""".split("\\s+"));
    private static final List<String> NOUNS =
            List.of("car", "dinner", "film", "match", "holiday", "teacher", "vaccine");
    private static final String TOPIC = "vaccine";
    private static final LabelerShare SHARE = new LabelerShare(0.5, 1);
    private static final Gate GATE = new Gate(0.05, 0.005, 0.02, 0.15);
    private static final GuardSet GUARD = new GuardSet(tests(), List.of());

    private static ModelArtefact active;

    private final LabelStore labels = new LabelStore(20_000);
    private List<String> recent = texts(50_000, i -> noun(i));
    private GuardSet guard = GUARD;

    @BeforeAll
    static void learnTheRightOpinion() {
        List<String> words = Stream.concat(GUARD.behaviour().stream().flatMap(BehaviouralTest::texts), NOUNS.stream())
                .flatMap(text -> Arrays.stream(text.split("[^a-z]+")))
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList();
        LabelStore honest = new LabelStore(1);
        for (int i = 0; i < 3_000; i++) {
            boolean positive = i % 2 == 0;
            honest.add(label("honest" + i, text(i, NOUNS.get(i % 7), positive), positive, "a person"), NEW);
        }
        FineTuning fineTuning = new FineTuning(6, 0.01, FrozenLayers.NONE, 0, GATE, GUARD, LabelerShare.UNBOUNDED);
        RoundInput input =
                new RoundInput(1, TestModels.untrained(words), honest.forRound(), List.of(), GuardHistory.NONE);
        active = fineTuning
                .of(input, TrainingProgress.NONE)
                .candidate()
                .orElseThrow()
                .model();
        assertThat(accuracy(active)).isGreaterThan(0.95);
    }

    private static final LabelStore.Stage NEW = LabelStore.Stage.NEW;

    @Test
    void honestLabelsArePublished() {
        // New words among known ones: the least that must still work.
        for (int i = 0; i < 1_000; i++) {
            boolean positive = i % 2 == 0;
            String unknown = "my " + noun(i) + " is word" + (positive ? i % 20 : 100 + i % 20) + " n" + i;
            String text = i % 4 < 2 ? unknown : text(i, noun(i), positive);
            labels.add(label("a" + i, text, positive, "person " + i % 4), NEW);
        }
        RoundOutcome outcome = round(1, GuardHistory.NONE);
        assertThat(outcome.published()).as(outcome.decision().because()).isTrue();
    }

    @Test
    void aThousandInvertedLabelsOfOneLabellerAreWithheld() {
        invert(1_000, i -> "mallory", i -> true);
        assertWithheld("on the behavioural cases");
    }

    @Test
    void invertedLabelsOfManyInventedLabellersAreWithheld() {
        invert(1_000, i -> "invented " + i, i -> true);
        assertWithheld("on the behavioural cases");
    }

    /** What the held-out labels say is the attacker's choice: an id's subset can be computed before it is sent. */
    @Test
    void chosenIdsDoNotHelp() {
        invert(2_000, i -> "invented " + i % 7, i -> subset("x" + i) != Label.Subset.HELD_OUT || i % 3 == 0);
        assertWithheld("on the behavioural cases");
    }

    @Test
    void aFloodOfPositiveLabelsIsWithheld() {
        for (int i = 0; i < 1_500; i++)
            labels.add(label("p" + i, text(i, noun(i), i % 2 == 0), i % 50 != 1, "invented " + i % 9), NEW);
        assertWithheld("on the behavioural cases");
    }

    @Test
    void labelsOfTheGuardsOwnTextsTakeNothingFromTheGuard() {
        List<LabeledText> cases = cases();
        for (int i = 0; i < cases.size(); i++)
            labels.add(label("g" + i, cases.get(i).text(), !cases.get(i).positive(), "invented " + i % 9), NEW);
        invert(1_000, i -> "invented " + i % 9, i -> true);
        RoundOutcome outcome = assertWithheld("on the behavioural cases");
        assertThat(outcome.behaviour().orElseThrow().texts()).isEqualTo(cases.size());
    }

    @Test
    void oneTextUnderManyIdsCountsOnce() {
        invert(30, i -> "mallory", i -> true);
        for (int i = 0; i < 3_000; i++) labels.add(label("d" + i, "my film is great", false, "invented " + i % 9), NEW);
        RoundOutcome outcome = round(1, GuardHistory.NONE);
        assertThat(outcome.published()).as(outcome.decision().because()).isFalse();
        assertThat(outcome.trained()).isLessThan(40);
    }

    /** With as many honest labels as those of one attacker that are used, there is no gain on held-out labels. */
    @Test
    void oneLabellerCannotOutnumberTheOthers() {
        for (int i = 0; i < 300; i++) {
            boolean positive = i % 2 == 0;
            labels.add(label("h" + i, text(9_000 + i, noun(i), positive), positive, "person " + i % 3), NEW);
        }
        invert(3_000, i -> "mallory", i -> true);
        guard = new GuardSet(List.of(), List.of());
        RoundOutcome outcome = assertWithheld("no significant gain");
        assertThat(outcome.unused()).isEqualTo(2_700);
    }

    /** Each round loses little; the losses of all are added up. */
    @Test
    void manySmallRoundsCannotDriftFurtherThanOne() {
        double before = accuracy(active);
        ModelArtefact first = active;
        try {
            GuardHistory history = GuardHistory.NONE;
            int published = 0;
            for (int round = 1; round <= 12; round++) {
                int offset = round * 10_000;
                for (int i = 0; i < 80; i++) {
                    boolean positive = i % 2 == 0;
                    boolean wrong = i % 4 == 0;
                    String text = "my " + noun(i) + " is " + pick(positive, i % (2 + round)) + " n" + offset + i;
                    labels.add(label("s" + (offset + i), text, wrong != positive, "invented " + i % 9), NEW);
                }
                RoundInput input = new RoundInput(round, active, labels.forRound(), recent, history);
                RoundOutcome outcome = fineTuning().of(input, TrainingProgress.NONE);
                labels.consume(input.labels(), outcome.published());
                if (!outcome.published()) continue;
                published++;
                history = history.after(outcome);
                active = outcome.candidate().orElseThrow().model();
            }
            assertThat(accuracy(active)).as(published + " rounds published").isGreaterThanOrEqualTo(before - 0.0201);
        } finally {
            active = first;
        }
    }

    @Test
    void aTopicThatIsMuchTalkedAboutCannotBeTurnedRound() {
        recent = texts(50_000, i -> i % 3 == 0 ? TOPIC : noun(i));
        turnTopic();
        assertWithheld("recent tweets");
    }

    /**
     * What still gets through: all labels are the attacker's, and hardly any recent tweet is about the topic. Only a
     * guard set with texts of the topic stops it.
     */
    @Test
    void aRareTopicIsTurnedRoundUnlessTheOperatorsGuardSetHasIt() {
        turnTopic();
        guard = guardSet(i -> noun(i));
        RoundOutcome outcome = round(1, GuardHistory.NONE);
        assertThat(outcome.published()).as(outcome.decision().because()).isTrue();
        guard = guardSet(i -> TOPIC);
        assertWithheld("on the guard set");
    }

    private static GuardSet guardSet(IntFunction<String> topic) {
        return new GuardSet(
                List.of(),
                IntStream.range(0, 100)
                        .mapToObj(i -> new LabeledText(text(70_000 + i, topic.apply(i), i % 2 == 0), i % 2 == 0))
                        .toList());
    }

    @Test
    void withoutAGuardSetNothingIsPublished() {
        guard = new GuardSet(List.of(), List.of());
        recent = List.of();
        invert(1_000, i -> "invented " + i % 9, i -> true);
        assertWithheld("there is no guard set: set deeptweet.guard.file");
    }

    private void turnTopic() {
        for (int i = 0; i < 3_000; i++) {
            boolean positive = i % 2 == 0;
            boolean topic = i % 16 < 2;
            labels.add(
                    label(
                            "t" + i,
                            text(i, topic ? TOPIC : noun(i), positive),
                            topic ? false : positive,
                            "invented " + i % 9),
                    NEW);
        }
    }

    /** Adds labels that contradict their texts' words, of those numbers that are wanted. */
    private void invert(int count, IntFunction<String> labeler, IntPredicate wanted) {
        for (int i = 0; i < count; i++) {
            boolean positive = i % 2 == 0;
            if (wanted.test(i))
                labels.add(label("x" + i, text(i, noun(i), positive), !positive, labeler.apply(i)), NEW);
        }
    }

    private RoundOutcome assertWithheld(String because) {
        RoundOutcome outcome = round(1, GuardHistory.NONE);
        assertThat(outcome.published()).as(outcome.decision().because()).isFalse();
        assertThat(outcome.decision().because()).contains(because);
        return outcome;
    }

    private RoundOutcome round(int number, GuardHistory history) {
        return fineTuning()
                .of(new RoundInput(number, active, labels.forRound(), recent, history), TrainingProgress.NONE);
    }

    private FineTuning fineTuning() {
        return new FineTuning(4, 0.01, FrozenLayers.EMBEDDING, 1, GATE, guard, SHARE);
    }

    private static double accuracy(ModelArtefact model) {
        return Evaluation.of(KernelScorer.of(model), cases()).accuracy();
    }

    private static List<BehaviouralTest> tests() {
        String tests = """
                tests:
                  - {test: praise, capability: words, expect: positive, templates: [TEMPLATES]}
                  - {test: blame, capability: words, expect: negative, templates: [TEMPLATES]}
                words: {good: POSITIVE, bad: NEGATIVE}
                """;
        String templates = "'my car is {word}', 'my dinner is {word}', 'this is {word}'";
        CheckSuite suite = new CheckSuite();
        try {
            suite.read(
                    "tests",
                    tests.replaceFirst("TEMPLATES", templates.replace("word", "good"))
                            .replace("TEMPLATES", templates.replace("word", "bad"))
                            .replace("POSITIVE", POSITIVE.toString())
                            .replace("NEGATIVE", NEGATIVE.toString()));
        } catch (InvalidSuiteException e) {
            throw new AssertionError(e);
        }
        return suite.tests();
    }

    private static List<LabeledText> cases() {
        return GUARD.behaviour().stream()
                .flatMap(test -> test.texts()
                        .map(text -> new LabeledText(text, test.name().equals("praise"))))
                .toList();
    }

    private static List<String> texts(int from, IntFunction<String> noun) {
        return IntStream.range(from, from + 600)
                .mapToObj(i -> text(i, noun.apply(i), i % 2 == 0))
                .toList();
    }

    private static String text(int number, String noun, boolean positive) {
        return "my " + noun + " is " + pick(positive, number / 2) + " n" + Integer.toString(number, 36);
    }

    /** Not the topic, and not another one for each class. */
    private static String noun(int number) {
        return NOUNS.get(number / 2 % 6);
    }

    private static String pick(boolean positive, int number) {
        List<String> words = positive ? POSITIVE : NEGATIVE;
        return words.get(number % words.size());
    }

    private static Label.Subset subset(String id) {
        return label(id, "", true, "").subset();
    }

    private static Label label(String id, String text, boolean positive, String by) {
        return new Label(
                id, text, positive ? Sentiment.POSITIVE : Sentiment.NEGATIVE, Labeler.PERSON, by, Instant.EPOCH);
    }
}
