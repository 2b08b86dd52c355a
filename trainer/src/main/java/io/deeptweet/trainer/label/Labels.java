// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.Labeler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the labels that were read so far come to: add them in the order of their partitions, then take what a round
 * learns from.
 *
 * <p>Of several labels of one tweet the most trusted judge's holds, among equals the latest. Memory is bounded: of the
 * earlier labels a sample is kept ({@value #VALIDATION} to validate, {@value #HELD_OUT} held out, and as many to learn
 * as the constructor says), the last {@value #HELD_OUT} that were held out since a model was published, and of the last
 * {@value #KNOWN} tweets which label holds, without the text. New ones are kept until a round has consumed them:
 * reading on is the caller's choice. Thread-safe.
 */
public final class Labels {
    static final int KNOWN = 200_000;
    static final int VALIDATION = 5_000;
    static final int HELD_OUT = 5_000;

    /** How far a label has come on its way into the model. */
    public enum Age {
        /** A round consumed it, and this or a later one published its model. */
        LEARNED,
        /** A round consumed it, but no model was published since. */
        TRIED,
        /** No round has consumed it. */
        NEW
    }

    /** What became of a label. */
    public enum Outcome {
        /** It is its tweet's first. */
        ADDED,
        /** It says what was known. */
        REPEATED,
        /** It says something else than was known, and holds. */
        CORRECTED,
        /** It says something else than was known, and does not hold. */
        OUTRANKED
    }

    /**
     * What a round works with.
     *
     * @param consumed the new labels, on whatever side
     * @param earlier a sample of the earlier ones that train or validate
     * @param heldOut held-out labels since the last publication, new ones included
     * @param guard a sample of held-out labels from before it
     */
    public record Taken(List<Label> consumed, List<Label> earlier, List<Label> heldOut, List<Label> guard) {}

    private record Known(boolean positive, Labeler labeler, Instant at) {}

    private final Map<String, Known> known = new LinkedHashMap<>();
    private final Map<String, Label> fresh = new LinkedHashMap<>();
    private final Map<String, Label> tried = new LinkedHashMap<>(); // held out, since the last publication
    private final Sample train;
    private final Sample validation = new Sample(VALIDATION);
    private final Sample guard = new Sample(HELD_OUT);

    /** @param rehearsed how many earlier labels to learn again are kept at most */
    public Labels(int rehearsed) {
        train = new Sample(rehearsed);
    }

    /** Takes in a label. */
    public synchronized Outcome add(Label label, Age age) {
        Optional<Known> before = Optional.ofNullable(known.get(label.id()));
        boolean repeats =
                before.filter(held -> held.positive() == label.positive()).isPresent();
        boolean holds = before.isEmpty()
                || label.outranks(before.get().labeler(), before.get().at());
        if (holds) {
            known.remove(label.id()); // to stand last
            known.put(label.id(), new Known(label.positive(), label.labeler(), label.at()));
            if (known.size() > KNOWN) known.remove(known.keySet().iterator().next());
        }
        if (repeats) return Outcome.REPEATED; // what was learned is not learned twice
        if (!holds) return Outcome.OUTRANKED;
        take(label.id());
        if (age == Age.NEW) fresh.put(label.id(), label);
        else keep(label, age);
        return before.isEmpty() ? Outcome.ADDED : Outcome.CORRECTED;
    }

    /** Takes in a text that the first model may have learned from, to be learned again. */
    public synchronized void rehearse(Label label) {
        keep(label, Age.LEARNED);
    }

    /** Forgets a tweet: no later round learns from it or measures on it. */
    public synchronized void remove(String id) {
        known.remove(id);
        take(id);
    }

    /** Takes it out from wherever it is. */
    private void take(String id) {
        fresh.remove(id);
        tried.remove(id);
        train.remove(id);
        validation.remove(id);
        guard.remove(id);
    }

    private void keep(Label label, Age age) {
        switch (label.side()) {
            case TRAIN -> train.add(label);
            case VALIDATION -> validation.add(label);
            case HELD_OUT -> {
                if (age == Age.LEARNED) guard.add(label);
                else tried.put(label.id(), label);
                if (tried.size() > HELD_OUT)
                    guard.add(tried.remove(tried.keySet().iterator().next()));
            }
        }
    }

    /** What a round would work with now. */
    public synchronized Taken taken() {
        List<Label> earlier = new ArrayList<>(train.labels());
        earlier.addAll(validation.labels());
        List<Label> heldOut = new ArrayList<>(tried.values());
        fresh.values().stream()
                .filter(label -> label.side() == Label.Side.HELD_OUT)
                .forEach(heldOut::add);
        return new Taken(List.copyOf(fresh.values()), earlier, heldOut, guard.labels());
    }

    /**
     * A round has consumed what it took. What was corrected or removed meanwhile stays so.
     *
     * @param published whether its model was
     */
    public synchronized void consumed(Taken round, boolean published) {
        for (Label label : round.consumed()) if (fresh.remove(label.id(), label)) keep(label, Age.TRIED);
        if (!published) return;
        for (Label label : round.heldOut()) if (tried.remove(label.id(), label)) guard.add(label);
    }

    /** Whether a label of that tweet is known. */
    public synchronized boolean knows(String id) {
        return known.containsKey(id);
    }

    /** Labels that no round has consumed. */
    public synchronized int fresh() {
        return fresh.size();
    }

    /** Earlier labels that are kept. */
    public synchronized int earlier() {
        return train.size() + validation.size() + guard.size() + tried.size();
    }
}
