// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.ModelManifest;
import io.deeptweet.schemas.TensorRef;
import io.deeptweet.schemas.published.ModelLog;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * A published model, as the command {@code models} and {@code GET /models} list it.
 *
 * @param version its version
 * @param parent the version that it was fine-tuned from; empty if it was trained from scratch
 * @param publishedAt ISO 8601 instant
 * @param bytes size of its tensors in bytes, those shared with other models included
 * @param active whether it is the active model
 * @param shadow whether it is the shadow, which scores the same tweets for comparison only
 * @param previous whether it was active before the active model: a rollback activates it
 * @param reason why it is active or the shadow; empty if it is neither
 */
public record ModelListing(
        String version,
        String parent,
        String publishedAt,
        long bytes,
        boolean active,
        boolean shadow,
        boolean previous,
        String reason) {
    /** All models of the topic, in order of publication. */
    public static List<ModelListing> of(ModelLog log) {
        return log.manifests().stream().map(manifest -> of(manifest, log)).toList();
    }

    private static ModelListing of(ModelManifest manifest, ModelLog log) {
        Optional<Activation> active =
                log.activation().filter(activation -> activation.getVersion().equals(manifest.getVersion()));
        Optional<Activation> shadow =
                log.shadow().filter(activation -> activation.getVersion().equals(manifest.getVersion()));
        return new ModelListing(
                manifest.getVersion(),
                manifest.getParent().orElse(""),
                manifest.getPublishedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                manifest.getTensors().stream().mapToLong(TensorRef::getLength).sum(),
                active.isPresent(),
                shadow.isPresent(),
                log.previous().equals(Optional.of(manifest.getVersion())),
                active.or(() -> shadow).map(Activation::getReason).orElse(""));
    }
}
