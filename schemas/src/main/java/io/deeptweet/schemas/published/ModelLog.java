// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.published;

import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.ModelManifest;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.TensorChunk;
import io.deeptweet.schemas.TensorRef;
import io.deeptweet.schemas.text.UntrustedText;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The state of the topic {@code sentiment.models}: apply its records in order, then ask for models.
 *
 * <p>The key tells what a record is: {@code tensor/<sha256>/<n>} a {@link TensorChunk}, {@code model/<version>} a
 * {@link ModelManifest}, {@code active} the {@link Activation} of the model that scores, {@code shadow} that of the
 * shadow model. A tombstone removes its key. A chunk is stored once, however many versions share its tensor. Not
 * thread-safe.
 */
public final class ModelLog {
    /** Key of the active model's activation. */
    public static final String ACTIVE = "active";

    /** Key of the shadow's activation: the version that scores the same tweets for comparison only. */
    public static final String SHADOW = "shadow";

    /** Longest version of a model, in UTF-16 units: windows, scored tweets and metrics carry it. */
    public static final int LONGEST_VERSION = 128;

    private static final String MODEL = "model/";
    private static final String TENSOR = "tensor/";

    private final Map<String, TensorChunk> chunks = new HashMap<>();
    private final Map<String, ModelManifest> manifests = new LinkedHashMap<>();
    private Optional<Activation> activation = Optional.empty();
    private Optional<Activation> shadow = Optional.empty();
    private final boolean ordered;

    /** A log that accepts every activation. */
    public ModelLog() {
        this(false);
    }

    /**
     * @param ordered whether an activation that is older than the current one is refused: where activations are signed,
     *     it is an old record that was sent again
     */
    public ModelLog(boolean ordered) {
        this.ordered = ordered;
    }

    /** Key of a version's manifest. */
    public static String manifestKey(String version) {
        return MODEL + version;
    }

    /** Key of a tensor's chunk. */
    public static String chunkKey(String sha256, int index) {
        return TENSOR + sha256 + "/" + index;
    }

    /** Whether a key is that of a tensor's chunk, whose record holds most of the topic's bytes. */
    public static boolean isChunkKey(String key) {
        return key.startsWith(TENSOR);
    }

    /**
     * Applies the next record.
     *
     * @param value empty for a tombstone
     * @throws InvalidModelException if the value does not belong under the key, or names a version longer than
     *     {@value #LONGEST_VERSION}; the record is ignored
     */
    public void apply(String key, Optional<ModelRecord> value) throws InvalidModelException {
        if (value.isEmpty()) {
            chunks.remove(key);
            if (key.startsWith(MODEL)) manifests.remove(key.substring(MODEL.length()));
            if (key.equals(ACTIVE)) activation = Optional.empty();
            if (key.equals(SHADOW)) shadow = Optional.empty();
            return;
        }
        Object content = value.get().getContent();
        if (content instanceof ModelManifest manifest) {
            requireVersion(manifest.getVersion());
            if (manifest.getParent().isPresent())
                requireVersion(manifest.getParent().get());
        }
        if (content instanceof Activation named) {
            requireVersion(named.getVersion());
            if (named.getPrevious().isPresent())
                requireVersion(named.getPrevious().get());
        }
        if (content instanceof TensorChunk chunk && key.equals(chunkKey(chunk.getSha256(), chunk.getIndex()))) {
            chunks.put(key, chunk);
        } else if (content instanceof ModelManifest manifest && key.equals(manifestKey(manifest.getVersion()))) {
            manifests.remove(manifest.getVersion()); // republished, it becomes the newest
            manifests.put(manifest.getVersion(), manifest);
        } else if (content instanceof Activation active && key.equals(ACTIVE)) {
            requireNotOlder(active, activation);
            activation = Optional.of(active);
        } else if (content instanceof Activation beside && key.equals(SHADOW)) {
            requireNotOlder(beside, shadow);
            shadow = Optional.of(beside);
        } else {
            throw new InvalidModelException("the model topic holds a "
                    + content.getClass().getSimpleName() + " that does not belong under the key "
                    + UntrustedText.quoted(key));
        }
    }

    private void requireNotOlder(Activation next, Optional<Activation> current) throws InvalidModelException {
        if (ordered
                && current.filter(now -> next.getActivatedAt().isBefore(now.getActivatedAt()))
                        .isPresent())
            throw new InvalidModelException("the activation of model " + next.getVersion() + " of "
                    + next.getActivatedAt() + " is older than the current one: an old record was sent again");
    }

    private static void requireVersion(String version) throws InvalidModelException {
        if (version.isBlank() || version.length() > LONGEST_VERSION)
            throw new InvalidModelException("the model topic names the version " + UntrustedText.quoted(version)
                    + ", which has " + version.length() + " characters: use 1 to " + LONGEST_VERSION);
    }

    /** The current activation; empty if no model is active. */
    public Optional<Activation> activation() {
        return activation;
    }

    /** The version that was active before the active one, to which a rollback returns; empty if there was none. */
    public Optional<String> previous() {
        return activation.flatMap(Activation::getPrevious);
    }

    /** The activation of the shadow; empty if there is none, or if the shadow is the active version itself. */
    public Optional<Activation> shadow() {
        return shadow.filter(
                beside -> !activation.map(Activation::getVersion).equals(Optional.of(beside.getVersion())));
    }

    /**
     * The keys to tombstone: manifests of old models, and chunks that no remaining manifest names. The newest models
     * remain, and, however old, what may score again: the active model, the one before it, the shadow, and the parents
     * of the active model and of the shadow.
     *
     * @param newest how many of the last published models remain; at least 1
     */
    public List<String> outdated(int newest) {
        if (newest < 1) throw new IllegalArgumentException("at least 1 model must remain, not " + newest);
        List<String> versions = List.copyOf(manifests.keySet());
        Set<String> kept = new HashSet<>(versions.subList(Math.max(0, versions.size() - newest), versions.size()));
        previous().ifPresent(kept::add);
        Stream.of(activation, shadow)
                .flatMap(Optional::stream)
                .map(Activation::getVersion)
                .forEach(version -> {
                    kept.add(version);
                    parentOf(version).ifPresent(kept::add);
                });
        Set<String> needed = new HashSet<>();
        for (ModelManifest manifest : manifests.values())
            if (kept.contains(manifest.getVersion()))
                for (TensorRef tensor : manifest.getTensors())
                    for (int i = 0; i < tensor.getChunks(); i++) needed.add(chunkKey(tensor.getSha256(), i));
        return Stream.concat(
                        versions.stream()
                                .filter(version -> !kept.contains(version))
                                .map(ModelLog::manifestKey),
                        chunks.keySet().stream()
                                .filter(chunk -> !needed.contains(chunk))
                                .sorted())
                .toList();
    }

    /** The version that a version was trained from; empty if it has none or is not on the topic. */
    public Optional<String> parentOf(String version) {
        return Optional.ofNullable(manifests.get(version)).flatMap(ModelManifest::getParent);
    }

    /** The manifests in order of publication. */
    public List<ModelManifest> manifests() {
        return List.copyOf(manifests.values());
    }

    /**
     * The digests of the tensors of which the topic holds every chunk that a manifest names: they need not be sent
     * again.
     */
    public Set<String> completeTensors() {
        Set<String> complete = new HashSet<>();
        for (ModelManifest manifest : manifests.values())
            for (TensorRef tensor : manifest.getTensors())
                if (missingChunk(tensor).isEmpty()) complete.add(tensor.getSha256());
        return complete;
    }

    /**
     * A published model, assembled from its chunks. Every digest is checked.
     *
     * @throws InvalidModelException if there is no such version, a chunk is missing, or a tensor does not match its
     *     digest; the message names it
     */
    public PublishedModel model(String version) throws InvalidModelException {
        ModelManifest manifest = manifests.get(version);
        if (manifest == null)
            throw new InvalidModelException("model " + version + " is not on the model topic, which has "
                    + (manifests.isEmpty() ? "none" : String.join(", ", manifests.keySet())));
        List<PublishedModel.Tensor> tensors = new ArrayList<>();
        for (TensorRef ref : manifest.getTensors()) tensors.add(tensor(version, ref));
        return new PublishedModel(version, manifest.getParent(), manifest.getHeader(), tensors);
    }

    private PublishedModel.Tensor tensor(String version, TensorRef ref) throws InvalidModelException {
        String named = "model " + version + " refused: tensor " + ref.getName();
        Optional<Integer> missing = missingChunk(ref);
        if (missing.isPresent())
            throw new InvalidModelException(
                    named + " lacks chunk " + missing.get() + " of " + ref.getChunks() + " (" + ref.getSha256() + ")");
        if (ref.getLength() < 0 || ref.getLength() > (long) ref.getChunks() * PublishedModel.CHUNK_BYTES)
            throw new InvalidModelException(
                    named + " cannot have " + ref.getLength() + " bytes in " + ref.getChunks() + " chunks");
        ByteBuffer bytes = ByteBuffer.allocate((int) ref.getLength());
        for (int i = 0; i < ref.getChunks(); i++) {
            ByteBuffer chunk =
                    chunks.get(chunkKey(ref.getSha256(), i)).getBytes().duplicate();
            if (chunk.remaining() > bytes.remaining())
                throw new InvalidModelException(named + " has more than its " + ref.getLength() + " bytes");
            bytes.put(chunk);
        }
        if (bytes.hasRemaining())
            throw new InvalidModelException(
                    named + " has " + bytes.position() + " of its " + ref.getLength() + " bytes");
        PublishedModel.Tensor tensor = new PublishedModel.Tensor(ref.getName(), bytes.array());
        if (!tensor.sha256().equals(ref.getSha256()))
            throw new InvalidModelException(named + " is not what was published: its SHA-256 is " + tensor.sha256()
                    + ", not " + ref.getSha256());
        return tensor;
    }

    private Optional<Integer> missingChunk(TensorRef ref) {
        for (int i = 0; i < ref.getChunks(); i++)
            if (!chunks.containsKey(chunkKey(ref.getSha256(), i))) return Optional.of(i);
        return Optional.empty();
    }
}
