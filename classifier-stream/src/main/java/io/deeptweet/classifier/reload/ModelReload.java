// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.reload;

import io.deeptweet.classifier.drift.ReferenceScores;
import io.deeptweet.classifier.score.ActiveModel;
import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Follows the model topic: takes in its records and, when another version is active, builds that one's scorer beside
 * the running one and swaps; likewise the shadow's. A version that cannot be built is refused, and the old one scores
 * on; it is tried again when more records have come. Plain logic without Kafka, called from one thread.
 */
public final class ModelReload {
    /** Told of what became of a model. */
    public interface Observer {
        void swapped(Optional<String> from, String to, Duration took);

        /** @param to the version that scores beside the active one from now on; empty if none does any more */
        void shadowed(Optional<String> from, Optional<String> to, Duration took);

        /** @param because names the version and what is wrong */
        void refused(String because);
    }

    private static final List<String> PROBES = List.of("", "what a lovely day", "i hate mondays :(");

    private final ModelLog log = new ModelLog();
    private final ActiveModel active;
    private final ReferenceScores references;
    private final Observer observer;
    private Optional<String> refusal = Optional.empty();
    private Optional<String> shadowRefusal = Optional.empty();

    /**
     * @param active where the scorers go
     * @param references where the reports' histograms go
     */
    public ModelReload(ActiveModel active, ReferenceScores references, Observer observer) {
        this.active = active;
        this.references = references;
        this.observer = observer;
    }

    /** Takes in the next record of the topic; empty for a tombstone. */
    public void apply(String key, Optional<ModelRecord> value) {
        try {
            log.apply(key, value);
        } catch (InvalidModelException e) {
            observer.refused(e.getMessage());
        }
    }

    /**
     * Once no more records are waiting: makes the active version the one that scores, and the shadow the one that does
     * so beside it.
     */
    public void settle() {
        log.manifests().forEach(references::read);
        settleActive();
        settleShadow(); // after it: a shadow that was promoted is ready to score
    }

    private void settleActive() {
        Optional<String> wanted = log.activation().map(Activation::getVersion);
        Optional<String> running = active.version();
        if (wanted.isEmpty() || wanted.equals(running)) {
            refusal = Optional.empty();
            return;
        }
        long start = System.nanoTime();
        try {
            Scorer scorer = scorer(wanted.get());
            active.swap(scorer);
            refusal = Optional.empty();
            observer.swapped(running, scorer.version(), since(start));
        } catch (RefusedException e) {
            refusal = refuse(
                    e.getMessage() + "; "
                            + running.map(version -> version + " goes on scoring")
                                    .orElse("no model scores yet"),
                    refusal);
        }
    }

    private void settleShadow() {
        Optional<String> wanted = log.shadow().map(Activation::getVersion);
        Optional<String> running = active.shadow().map(Scorer::version);
        if (wanted.equals(running)) {
            shadowRefusal = Optional.empty();
            return;
        }
        long start = System.nanoTime();
        Optional<Scorer> scorer =
                Optional.empty(); // the old shadow ends whatever becomes of the new one: nothing depends on it
        try {
            if (wanted.isPresent()) scorer = Optional.of(scorer(wanted.get()));
            shadowRefusal = Optional.empty();
        } catch (RefusedException e) {
            shadowRefusal = refuse(e.getMessage() + "; no shadow scores", shadowRefusal);
        }
        active.swapShadow(scorer);
        Optional<String> now = scorer.map(Scorer::version);
        if (!now.equals(running)) observer.shadowed(running, now, since(start));
    }

    /** That version's scorer: one that is in use already, or a new one. */
    private Scorer scorer(String version) throws RefusedException {
        Optional<Scorer> shadow =
                active.shadow().filter(scorer -> scorer.version().equals(version));
        if (shadow.isPresent()) return shadow.get();
        try {
            Scorer scorer =
                    KernelScorer.of(ModelArtefact.read(log.model(version).artefact()));
            if (!scorer.version().equals(version))
                throw new InvalidArtefactException("its artefact says it is " + scorer.version());
            PROBES.forEach(scorer::score); // finite weights may still add up to no number, which the score refuses
            return scorer;
        } catch (InvalidModelException e) {
            throw new RefusedException(e.getMessage());
        } catch (InvalidArtefactException e) {
            throw new RefusedException("model " + version + " refused: " + e.getMessage());
        } catch (RuntimeException e) {
            throw new RefusedException("model " + version + " refused: it cannot score: " + e.getMessage());
        }
    }

    /** Says it once, not again with every record that does not help. */
    private Optional<String> refuse(String sentence, Optional<String> saidBefore) {
        if (!saidBefore.equals(Optional.of(sentence))) observer.refused(sentence);
        return Optional.of(sentence);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** A version cannot be used; the message names it and says why. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }
}
