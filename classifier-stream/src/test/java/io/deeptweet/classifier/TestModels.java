package io.deeptweet.classifier;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.schemas.published.PublishedModel;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Small real models that give every text the same probability. */
public final class TestModels {
  private static final int EMBEDDING_SIZE = 2;
  private static final int UNITS = 2;

  private TestModels() {}

  public static ModelArtefact constant(String name, double probability) {
    return model(name, new float[4 * UNITS], new float[2 * UNITS], (float) Math.log(probability / (1 - probability)));
  }

  /** A model of finite weights that add up to no number for any text with a word in it. */
  public static ModelArtefact overflowing(String name) {
    float[] open = new float[4 * UNITS];
    Arrays.fill(open, 10);
    float huge = Float.MAX_VALUE;
    return model(name, open, new float[] {huge, -huge, huge, -huge}, 0);
  }

  private static ModelArtefact model(String name, float[] gates, float[] dense, float bias) {
    Vocabulary vocabulary = Vocabulary.of(List.of("love", "hate"));
    Weights.Lstm lstm = new Weights.Lstm(new float[EMBEDDING_SIZE * 4 * UNITS], new float[UNITS * 4 * UNITS], gates);
    Weights weights = new Weights(
        vocabulary.size(), EMBEDDING_SIZE, UNITS, new float[vocabulary.size() * EMBEDDING_SIZE], lstm, lstm, dense, bias);
    return ModelArtefact.of(
        name, TextPipeline.deepTweet(), 64, vocabulary, weights,
        new ModelArtefact.Provenance(Optional.empty(), Instant.parse("2026-01-31T12:00:00Z"), "none", "{}"));
  }

  /** As it is published. */
  public static PublishedModel published(ModelArtefact artefact) {
    return new PublishedModel(
        artefact.version(), artefact.parent(), artefact.file().header(),
        artefact.file().tensors().stream().map(tensor -> new PublishedModel.Tensor(tensor.name(), tensor.bytes())).toList());
  }
}
