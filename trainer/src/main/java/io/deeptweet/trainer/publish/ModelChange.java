// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.ModelManifest;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.TensorChunk;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.PublishedModel;
import io.deeptweet.trainer.audit.AuditAction;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a publication or an activation writes to {@code sentiment.models}, decided from what the topic holds.
 *
 * @param version the model that is published, activated or compared
 * @param from the version that was active before; empty if there was none
 * @param records in the order to send them in, by key; empty for a tombstone
 */
record ModelChange(
        AuditAction action, String version, Optional<String> from, Map<String, Optional<ModelRecord>> records) {
    /**
     * Publishes a model: the tensors that the log lacks, its manifest, its activation if a reason is given, and
     * tombstones for models that are {@linkplain ModelLog#outdated outdated} by then.
     *
     * @param log is changed: holds the records of this change afterwards
     * @param kept how many of the newest models are kept; at least 1
     */
    static ModelChange publish(
            ModelLog log, PublishedModel model, Optional<String> activationReason, int kept, Instant now) {
        Optional<String> active = active(log);
        Map<String, Optional<ModelRecord>> records = new LinkedHashMap<>();
        if (!holds(log, model))
            model.records(log.completeTensors(), now).forEach((key, record) -> records.put(key, Optional.of(record)));
        activationReason.ifPresent(reason -> records.putAll(activation(log, model.version(), reason, now)));
        if (!records.isEmpty()) {
            records.forEach((key, record) -> apply(log, key, record));
            log.outdated(kept).forEach(key -> records.put(key, Optional.empty()));
        }
        return new ModelChange(AuditAction.PUBLISHED, model.version(), active, records);
    }

    /**
     * Activates a published version. If it is the shadow, it no longer is.
     *
     * @throws InvalidModelException if the log does not hold that version completely, or it cannot be loaded
     */
    static ModelChange activate(ModelLog log, String version, String reason, Instant now) throws InvalidModelException {
        return activate(AuditAction.ACTIVATED, log, version, reason, now);
    }

    /**
     * Activates the version that was active before the active one. Done twice, the first of the two is active again.
     *
     * @throws InvalidModelException if no version was active before, or as {@link #activate}
     */
    static ModelChange rollBack(ModelLog log, String reason, Instant now) throws InvalidModelException {
        String previous = log.previous()
                .orElseThrow(() -> new InvalidModelException("no model was active before the active one"));
        return activate(AuditAction.ROLLED_BACK, log, previous, reason, now);
    }

    /**
     * Activates the shadow.
     *
     * @throws InvalidModelException if no model is the shadow, or as {@link #activate}
     */
    static ModelChange promote(ModelLog log, String reason, Instant now) throws InvalidModelException {
        return activate(AuditAction.PROMOTED, log, shadowVersion(log), reason, now);
    }

    private static ModelChange activate(AuditAction action, ModelLog log, String version, String reason, Instant now)
            throws InvalidModelException {
        requireLoadable(log, version);
        return new ModelChange(action, version, active(log), activation(log, version, reason, now));
    }

    /**
     * Makes a published version the shadow.
     *
     * @throws InvalidModelException if the log does not hold that version completely, it cannot be loaded, or it is
     *     active
     */
    static ModelChange shadow(ModelLog log, String version, String reason, Instant now) throws InvalidModelException {
        requireLoadable(log, version);
        if (isActive(log, version))
            throw new InvalidModelException(
                    "model " + version + " is active: choose another model to run in shadow mode");
        Map<String, Optional<ModelRecord>> records = isShadow(log, version)
                ? Map.of()
                : Map.of(
                        ModelLog.SHADOW,
                        Optional.of(
                                new ModelRecord(new Activation(version, notBefore(log.shadow(), now), reason, null))));
        return new ModelChange(AuditAction.SHADOW_SET, version, active(log), records);
    }

    /**
     * Ends shadow mode.
     *
     * @throws InvalidModelException if no model is the shadow
     */
    static ModelChange dropShadow(ModelLog log) throws InvalidModelException {
        return new ModelChange(
                AuditAction.SHADOW_DROPPED, shadowVersion(log), active(log), Map.of(ModelLog.SHADOW, Optional.empty()));
    }

    /** The version that is active after this change; empty if it changes nothing about that. */
    Optional<String> to() {
        return records.containsKey(ModelLog.ACTIVE) ? Optional.of(version) : Optional.empty();
    }

    /**
     * Whether the topic holds this change.
     *
     * @param log what the topic holds; tensors are not needed
     */
    boolean isIn(ModelLog log) {
        return records.entrySet().stream().allMatch(entry -> {
            Object content = entry.getValue().map(ModelRecord::getContent).orElse(null);
            if (content instanceof ModelManifest manifest)
                return log.manifests().stream()
                        .anyMatch(held -> held.getVersion().equals(manifest.getVersion())
                                && held.getHeader().equals(manifest.getHeader()));
            if (content instanceof Activation activation)
                return (entry.getKey().equals(ModelLog.ACTIVE) ? log.activation() : log.shadow())
                        .map(Activation::getVersion)
                        .equals(Optional.of(activation.getVersion()));
            // Chunks and tombstones are in the same transaction; a change of tombstones alone ends shadow mode.
            return !entry.getKey().equals(ModelLog.SHADOW) || log.shadow().isEmpty();
        });
    }

    /** How many bytes of tensors are sent. */
    long tensorBytes() {
        return records.values().stream()
                .flatMap(Optional::stream)
                .map(ModelRecord::getContent)
                .mapToLong(content ->
                        content instanceof TensorChunk chunk ? chunk.getBytes().remaining() : 0)
                .sum();
    }

    private static boolean holds(ModelLog log, PublishedModel model) {
        return log.manifests().stream()
                .anyMatch(manifest -> manifest.getVersion().equals(model.version())
                        && manifest.getHeader().equals(model.header())
                        && log.completeTensors()
                                .containsAll(model.tensors().stream()
                                        .map(PublishedModel.Tensor::sha256)
                                        .toList()));
    }

    private static Map<String, Optional<ModelRecord>> activation(
            ModelLog log, String version, String reason, Instant now) {
        Map<String, Optional<ModelRecord>> records = new LinkedHashMap<>();
        if (isActive(log, version)) return records;
        records.put(
                ModelLog.ACTIVE,
                Optional.of(new ModelRecord(new Activation(
                        version,
                        notBefore(log.activation(), now),
                        reason,
                        active(log).orElse(null)))));
        if (isShadow(log, version)) records.put(ModelLog.SHADOW, Optional.empty());
        return records;
    }

    /** Readers of signed activations refuse one that is older than the last; clocks of writers may differ. */
    private static Instant notBefore(Optional<Activation> last, Instant now) {
        return last.map(Activation::getActivatedAt)
                .filter(at -> at.isAfter(now))
                .orElse(now);
    }

    private static String shadowVersion(ModelLog log) throws InvalidModelException {
        return log.shadow()
                .map(Activation::getVersion)
                .orElseThrow(() -> new InvalidModelException("no model is the shadow"));
    }

    /** What the classifiers would refuse is not brought to score. */
    private static void requireLoadable(ModelLog log, String version) throws InvalidModelException {
        try {
            ModelArtefact.read(log.model(version).artefact());
        } catch (InvalidArtefactException e) {
            throw new InvalidModelException("model " + version + " cannot be loaded: " + e.getMessage());
        }
    }

    private static Optional<String> active(ModelLog log) {
        return log.activation().map(Activation::getVersion);
    }

    private static boolean isActive(ModelLog log, String version) {
        return active(log).equals(Optional.of(version));
    }

    private static boolean isShadow(ModelLog log, String version) {
        return log.shadow().map(Activation::getVersion).equals(Optional.of(version));
    }

    private static void apply(ModelLog log, String key, Optional<ModelRecord> record) {
        try {
            log.apply(key, record);
        } catch (InvalidModelException e) {
            throw new IllegalStateException("a record of this change has a wrong key: " + e.getMessage(), e);
        }
    }
}
