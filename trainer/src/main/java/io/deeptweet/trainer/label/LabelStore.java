// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps in memory what rounds learn from. Add the labels of each partition in order, then take what a round works with.
 *
 * <p>Of several labels of one tweet, the one of the most trusted kind of labeler is valid; among equals, the latest.
 *
 * <p>Memory is bounded. Of earlier labels a random sample is kept ({@value #VALIDATION} for validation,
 * {@value #HELD_OUT} held out, and as many for training as the constructor says), of the held-out labels since the last
 * publication the newest {@value #HELD_OUT}, and of the newest {@value #KNOWN} tweets the valid label without the text.
 * New labels are kept until a round has consumed them; the caller limits them by not reading on. Thread-safe.
 */
public final class LabelStore {
    static final int KNOWN = 200_000;
    static final int VALIDATION = 5_000;
    static final int HELD_OUT = 5_000;

    /** How far a label has come on its way into the model. */
    public enum Stage {
        /** A round consumed it, and that round or a later one published its model. */
        LEARNED,
        /** A round consumed it, but no model has been published since. */
        TRIED,
        /** No round has consumed it. */
        NEW
    }

    /** What adding a label changed. */
    public enum Outcome {
        /** It is its tweet's first label. */
        ADDED,
        /** It agrees with the tweet's valid label. */
        REPEATED,
        /** It contradicts the tweet's valid label and replaces it. */
        CORRECTED,
        /** It contradicts the tweet's valid label and is ignored. */
        OUTRANKED
    }

    private record ValidLabel(Sentiment sentiment, Labeler labeler, Instant at) {}

    private final Map<String, ValidLabel> known = new LinkedHashMap<>();
    private final Map<String, Label> fresh = new LinkedHashMap<>();
    private final Map<String, Label> tried = new LinkedHashMap<>(); // held out, since the last publication
    private final BottomKSample train;
    private final BottomKSample validation = new BottomKSample(VALIDATION);
    private final BottomKSample guard = new BottomKSample(HELD_OUT);

    /** @param rehearsed most earlier labels that are kept for training */
    public LabelStore(int rehearsed) {
        train = new BottomKSample(rehearsed);
    }

    /** Adds a label. */
    public synchronized Outcome add(Label label, Stage stage) {
        Optional<ValidLabel> before = Optional.ofNullable(known.get(label.id()));
        boolean repeats =
                before.filter(valid -> valid.sentiment() == label.sentiment()).isPresent();
        boolean isValid = before.isEmpty()
                || label.outranks(before.get().labeler(), before.get().at());
        if (isValid) {
            known.remove(label.id()); // put again, it is the newest
            known.put(label.id(), new ValidLabel(label.sentiment(), label.labeler(), label.at()));
            if (known.size() > KNOWN) known.remove(known.keySet().iterator().next());
        }
        if (repeats) return Outcome.REPEATED; // a text is not learned twice
        if (!isValid) return Outcome.OUTRANKED;
        removeFromAll(label.id());
        if (stage == Stage.NEW) fresh.put(label.id(), label);
        else keep(label, stage);
        return before.isEmpty() ? Outcome.ADDED : Outcome.CORRECTED;
    }

    /** Adds a text that the first model may have been trained on, for rehearsal. */
    public synchronized void rehearse(Label label) {
        keep(label, Stage.LEARNED);
    }

    /** Removes a tweet's label: no later round trains, validates or tests on it. */
    public synchronized void remove(String id) {
        known.remove(id);
        removeFromAll(id);
    }

    private void removeFromAll(String id) {
        fresh.remove(id);
        tried.remove(id);
        train.remove(id);
        validation.remove(id);
        guard.remove(id);
    }

    private void keep(Label label, Stage stage) {
        switch (label.subset()) {
            case TRAIN -> train.add(label);
            case VALIDATION -> validation.add(label);
            case HELD_OUT -> {
                if (stage == Stage.LEARNED) guard.add(label);
                else tried.put(label.id(), label);
                if (tried.size() > HELD_OUT)
                    guard.add(tried.remove(tried.keySet().iterator().next()));
            }
        }
    }

    /** What a round would work with now. */
    public synchronized RoundLabels forRound() {
        List<Label> earlier = new ArrayList<>(train.labels());
        earlier.addAll(validation.labels());
        List<Label> heldOut = new ArrayList<>(tried.values());
        fresh.values().stream()
                .filter(label -> label.subset() == Label.Subset.HELD_OUT)
                .forEach(heldOut::add);
        return new RoundLabels(List.copyOf(fresh.values()), earlier, heldOut, guard.labels());
    }

    /**
     * Marks what a round worked with as consumed. Labels that were corrected or removed since {@link #forRound} stay as
     * they are now.
     *
     * @param published whether the round published its model
     */
    public synchronized void consume(RoundLabels round, boolean published) {
        for (Label label : round.consumed()) if (fresh.remove(label.id(), label)) keep(label, Stage.TRIED);
        if (!published) return;
        for (Label label : round.heldOut()) if (tried.remove(label.id(), label)) guard.add(label);
    }

    /** Whether a label of that tweet is known. */
    public synchronized boolean knows(String id) {
        return known.containsKey(id);
    }

    /** Number of labels that no round has consumed. */
    public synchronized int fresh() {
        return fresh.size();
    }

    /** Number of earlier labels that are kept. */
    public synchronized int earlier() {
        return train.size() + validation.size() + guard.size() + tried.size();
    }
}
