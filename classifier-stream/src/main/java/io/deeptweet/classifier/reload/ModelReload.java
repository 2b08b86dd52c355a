package io.deeptweet.classifier.reload;

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
 * Follows the model topic: takes in its records and, when another version is active, builds that one's scorer beside the
 * running one and swaps. A version that cannot be built is refused, and the old one scores on; it is tried again when more
 * records have come. Plain logic without Kafka, called from one thread.
 */
public final class ModelReload {
  /** Told of what became of a model. */
  public interface Observer {
    void swapped(Optional<String> from, String to, Duration took);

    /** @param because names the version and what is wrong */
    void refused(String because);
  }

  private static final List<String> PROBES = List.of("", "what a lovely day", "i hate mondays :(");

  private final ModelLog log = new ModelLog();
  private final ActiveModel active;
  private final Observer observer;
  private Optional<String> refusal = Optional.empty();

  public ModelReload(ActiveModel active, Observer observer) {
    this.active = active;
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

  /** Once no more records are waiting: makes the active version the one that scores. */
  public void settle() {
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
      observer.swapped(running, scorer.version(), Duration.ofNanos(System.nanoTime() - start));
    } catch (InvalidModelException e) {
      refuse(e.getMessage(), running);
    } catch (InvalidArtefactException e) {
      refuse("model " + wanted.get() + " refused: " + e.getMessage(), running);
    } catch (RuntimeException e) {
      refuse("model " + wanted.get() + " refused: it cannot score: " + e.getMessage(), running);
    }
  }

  private Scorer scorer(String version) throws InvalidModelException, InvalidArtefactException {
    Scorer scorer = KernelScorer.of(ModelArtefact.read(log.model(version).artefact()));
    if (!scorer.version().equals(version)) throw new InvalidArtefactException("its artefact says it is " + scorer.version());
    PROBES.forEach(scorer::score); // finite weights may still add up to no number, which the score refuses
    return scorer;
  }

  /** Says it once, not again with every record that does not help. */
  private void refuse(String because, Optional<String> running) {
    String sentence = because + "; " + running.map(version -> version + " goes on scoring").orElse("no model scores yet");
    if (refusal.filter(sentence::equals).isPresent()) return;
    refusal = Optional.of(sentence);
    observer.refused(sentence);
  }
}
