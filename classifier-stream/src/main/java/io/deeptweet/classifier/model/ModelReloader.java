// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.model;

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
 * Applies the records of the model topic. When another version is active, builds its scorer beside the running one and
 * then swaps; the same for the shadow. A version that cannot be built is refused and the old one continues; it is tried
 * again after further records. A version that fails at too many tweets is replaced by the one before it, until another
 * activation comes. Plain logic without Kafka, for one thread.
 */
public final class ModelReloader {
    /** Is notified of what happens to models. */
    public interface Observer {
        void swapped(Optional<String> from, String to, Duration took);

        /** @param to the version that scores in shadow mode from now on; empty for none */
        void shadowed(Optional<String> from, Optional<String> to, Duration took);

        /** @param reason a sentence that names the version and the fault */
        void refused(String reason);
    }

    private static final List<String> PROBES = List.of("", "what a lovely day", "i hate mondays :(");

    private ModelLog log;
    private final ActiveModel active;
    private final ModelReferences references;
    private final Observer observer;
    /** The version that scored before the active one, in this process. */
    private Optional<String> previous = Optional.empty();
    /** The activation whose model failed at too many tweets. */
    private Optional<Activation> failed = Optional.empty();

    private Optional<String> refusal = Optional.empty();
    private Optional<String> shadowRefusal = Optional.empty();

    /**
     * @param active receives the scorers
     * @param references receives the histograms of the models' reports
     */
    public ModelReloader(ActiveModel active, ModelReferences references, Observer observer) {
        this(new ModelLog(), active, references, observer);
    }

    /**
     * As the other constructor.
     *
     * @param log gets the records
     */
    ModelReloader(ModelLog log, ActiveModel active, ModelReferences references, Observer observer) {
        this.log = log;
        this.active = active;
        this.references = references;
        this.observer = observer;
    }

    /**
     * Forgets the records, because the topic is read from its beginning again. What scores, and which model failed,
     * stays.
     *
     * @param empty gets the records
     */
    void reset(ModelLog empty) {
        log = empty;
    }

    /** Applies the next record of the topic; empty for a tombstone. */
    public void apply(String key, Optional<ModelRecord> value) {
        try {
            log.apply(key, value);
        } catch (InvalidModelException e) {
            observer.refused(e.getMessage());
        }
    }

    /** Brings the scorers in line with the topic. To be called when no further record is waiting. */
    public void settle() {
        log.manifests().forEach(manifest -> references.add(manifest.getVersion(), manifest.getHeader()));
        settleActive();
        settleShadow(); // second, so that a promoted shadow can be reused
    }

    private void settleActive() {
        if (active.isFailing()) rollBack();
        Optional<String> wanted = log.activation()
                .filter(activation -> !failed.equals(Optional.of(activation)))
                .map(Activation::getVersion);
        Optional<String> running = active.version();
        if (wanted.isEmpty() || wanted.equals(running)) {
            refusal = Optional.empty();
            return;
        }
        long start = System.nanoTime();
        try {
            Scorer scorer = scorer(wanted.get());
            active.swap(scorer);
            previous = running;
            refusal = Optional.empty();
            observer.swapped(running, scorer.version(), since(start));
        } catch (UnusableModelException e) {
            String consequence =
                    running.map(version -> version + " goes on scoring").orElse("no model scores yet");
            refusal = refuse(e.getMessage() + "; " + consequence, refusal);
        }
    }

    /** Once for each activation; if no earlier model can be built, the failing one goes on. */
    private void rollBack() {
        String failing = active.version().orElseThrow();
        Optional<Activation> activation =
                log.activation().filter(current -> current.getVersion().equals(failing));
        if (activation.isEmpty() || activation.equals(failed)) return;
        failed = activation;
        long start = System.nanoTime();
        String fault = "model " + failing + " fails at too many tweets; ";
        try {
            String earlier = previous.or(() -> log.parentOf(failing))
                    .orElseThrow(() -> new UnusableModelException("there is no earlier model"));
            Scorer scorer = scorer(earlier);
            active.swap(scorer);
            previous = Optional.empty();
            observer.refused(fault + earlier + " scores again, until a model is activated");
            observer.swapped(Optional.of(failing), earlier, since(start));
        } catch (UnusableModelException e) {
            observer.refused(fault + "it goes on, because " + e.getMessage());
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
        // The old shadow ends even if the new one is refused: nothing depends on it.
        Optional<Scorer> scorer = Optional.empty();
        try {
            if (wanted.isPresent()) scorer = Optional.of(scorer(wanted.get()));
            shadowRefusal = Optional.empty();
        } catch (UnusableModelException e) {
            shadowRefusal = refuse(e.getMessage() + "; no shadow scores", shadowRefusal);
        }
        active.swapShadow(scorer);
        Optional<String> now = scorer.map(Scorer::version);
        if (!now.equals(running)) observer.shadowed(running, now, since(start));
    }

    /** Returns the shadow's scorer if it has this version, otherwise builds one. */
    private Scorer scorer(String version) throws UnusableModelException {
        Optional<Scorer> shadow =
                active.shadow().filter(scorer -> scorer.version().equals(version));
        if (shadow.isPresent()) return shadow.get();
        try {
            Scorer scorer =
                    KernelScorer.of(ModelArtefact.read(log.model(version).artefact()));
            if (!scorer.version().equals(version))
                throw new InvalidArtefactException("its artefact says it is " + scorer.version());
            PROBES.forEach(scorer::score); // finite weights can still add up to NaN, which a Score refuses
            return scorer;
        } catch (InvalidModelException e) {
            throw new UnusableModelException(e.getMessage());
        } catch (InvalidArtefactException e) {
            throw new UnusableModelException("model " + version + " refused: " + e.getMessage());
        } catch (RuntimeException e) { // a model that fails in any way must not stop the stream
            throw new UnusableModelException("model " + version + " refused: it cannot score: " + e.getMessage());
        } catch (OutOfMemoryError e) { // all of it was for the new model, and is free again
            throw new UnusableModelException("model " + version + " refused: it does not fit into the heap");
        }
    }

    /** Reports a refusal once, not again with every record that does not resolve it. */
    private Optional<String> refuse(String reason, Optional<String> reportedBefore) {
        if (!reportedBefore.equals(Optional.of(reason))) observer.refused(reason);
        return Optional.of(reason);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** A version cannot be used; the message names it and the fault. */
    private static final class UnusableModelException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableModelException(String message) {
            super(message);
        }
    }
}
