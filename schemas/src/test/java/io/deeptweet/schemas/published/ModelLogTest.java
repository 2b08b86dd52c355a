// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.TensorChunk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelLogTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final PublishedModel.Tensor EMBEDDING = tensor("embedding", 2 * PublishedModel.CHUNK_BYTES + 7);
    private static final PublishedModel.Tensor DENSE = tensor("dense.weight", 640);
    private static final PublishedModel V1 =
            new PublishedModel("v1", Optional.empty(), "{\"häder\":1}  ", List.of(EMBEDDING, DENSE));

    private final ModelLog log = new ModelLog();

    @Test
    void aPublishedModelIsReadBackByteForByte() throws InvalidModelException {
        publish(V1);
        PublishedModel read = log.model("v1");
        assertThat(read.artefact()).isEqualTo(V1.artefact());
        assertThat(read.parent()).isEmpty();
    }

    @Test
    void theArtefactIsLengthHeaderAndTensors() {
        ByteBuffer file = ByteBuffer.wrap(V1.artefact()).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) file.getLong()];
        file.get(header);
        assertThat(new String(header, StandardCharsets.UTF_8)).isEqualTo(V1.header());
        assertThat(file.remaining()).isEqualTo(EMBEDDING.bytes().length + DENSE.bytes().length);
    }

    @Test
    void everyChunkIsFarBelowKafkasRecordLimit() {
        assertThat(V1.records(Set.of(), NOW).values())
                .filteredOn(record -> record.getContent() instanceof TensorChunk)
                .hasSize(4)
                .allSatisfy(record -> assertThat(
                                ((TensorChunk) record.getContent()).getBytes().remaining())
                        .isLessThanOrEqualTo(512 * 1024));
    }

    /** A fine-tuned model with an unchanged embedding sends only the changed tensors. */
    @Test
    void tensorsThatTheTopicHoldsAreNotSentAgain() throws InvalidModelException {
        publish(V1);
        PublishedModel v2 =
                new PublishedModel("v2", Optional.of("v1"), "{}", List.of(EMBEDDING, tensor("dense.weight", 644)));
        Map<String, ModelRecord> records = v2.records(log.completeTensors(), NOW);
        assertThat(records.keySet())
                .containsExactly(ModelLog.chunkKey(v2.tensors().get(1).sha256(), 0), "model/v2");
        records.forEach(this::apply);
        assertThat(log.model("v2").artefact()).isEqualTo(v2.artefact());
        assertThat(log.model("v1").artefact()).isEqualTo(V1.artefact());
        assertThat(log.model("v2").parent()).contains("v1");
    }

    @Test
    void aVersionLongerThanTheLimitIsRefused() {
        String version = "v".repeat(ModelLog.LONGEST_VERSION + 1);
        assertThatThrownBy(() -> log.apply("active", Optional.of(activation(version))))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("129 characters");
        PublishedModel model = new PublishedModel(version, Optional.empty(), "{}", List.of());
        assertThatThrownBy(() -> log.apply(
                        ModelLog.manifestKey(version),
                        Optional.of(model.records(Set.of(), NOW).get(ModelLog.manifestKey(version)))))
                .isInstanceOf(InvalidModelException.class);
        assertThat(log.activation()).isEmpty();
        assertThat(log.manifests()).isEmpty();
    }

    @Test
    void theLastActivationCounts() {
        apply("active", new ModelRecord(new Activation("v1", NOW, "first", null)));
        apply("active", new ModelRecord(new Activation("v2", NOW, "better", null)));
        assertThat(log.activation().orElseThrow().getVersion()).isEqualTo("v2");
    }

    /** A signed activation can be recorded and sent again. */
    @Test
    void anOrderedLogRefusesAnActivationThatIsOlderThanTheCurrentOne() throws Exception {
        ModelLog ordered = new ModelLog(true);
        ordered.apply("active", Optional.of(new ModelRecord(new Activation("v2", NOW, "better", null))));
        assertThatThrownBy(() -> ordered.apply(
                        "active",
                        Optional.of(new ModelRecord(new Activation("v1", NOW.minusMillis(1), "sent again", null)))))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("model v1")
                .hasMessageContaining("older than the current one");
        assertThat(ordered.activation().orElseThrow().getVersion()).isEqualTo("v2");
    }

    @Test
    void aShadowIsSetAndDroppedAndIsNeverTheActiveVersion() {
        apply("active", activation("v1"));
        apply("shadow", activation("v2"));
        assertThat(log.shadow().orElseThrow().getVersion()).isEqualTo("v2");
        assertThat(log.activation().orElseThrow().getVersion()).isEqualTo("v1");
        apply("active", activation("v2"));
        assertThat(log.shadow()).isEmpty();
        apply("active", activation("v1"));
        log("shadow", Optional.empty());
        assertThat(log.shadow()).isEmpty();
    }

    @Test
    void nothingIsOutdatedUpToTheNumberOfKeptModels() {
        publishChain(4);
        assertThat(log.outdated(4)).isEmpty();
        assertThat(log.outdated(100)).isEmpty();
        assertThatThrownBy(() -> log.outdated(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theOldestModelsAreOutdatedWithTheTensorsThatNoKeptModelShares() {
        List<PublishedModel> chain = publishChain(4);
        assertThat(log.outdated(2))
                .containsExactlyInAnyOrder("model/v1", "model/v2", chunk(chain.get(0)), chunk(chain.get(1)));
        log.outdated(2).forEach(key -> log(key, Optional.empty()));
        assertThat(log.outdated(2)).isEmpty();
        for (PublishedModel kept : chain.subList(2, 4))
            assertThat(whole(kept.version())).isEqualTo(kept.artefact()); // the embedding is v1's, too
    }

    @Test
    void theActiveModelTheShadowAndTheirParentsAreKeptHoweverOld() {
        List<PublishedModel> chain = publishChain(8);
        apply("active", activation("v2"));
        apply("shadow", activation("v5"));
        assertThat(log.outdated(1))
                .containsExactlyInAnyOrder(
                        "model/v3",
                        "model/v6",
                        "model/v7",
                        chunk(chain.get(2)),
                        chunk(chain.get(5)),
                        chunk(chain.get(6)));
        log.outdated(1).forEach(key -> log(key, Optional.empty()));
        for (int kept : List.of(1, 2, 4, 5, 8))
            assertThat(whole("v" + kept)).isEqualTo(chain.get(kept - 1).artefact());
    }

    @Test
    void theModelBeforeTheActiveOneIsKeptForARollback() {
        publishChain(6);
        apply("active", new ModelRecord(new Activation("v5", NOW, "better", "v2")));
        assertThat(log.previous()).contains("v2");
        assertThat(log.outdated(1)).contains("model/v1", "model/v3").doesNotContain("model/v2", "model/v4");
        ModelRecord tooLong = new ModelRecord(new Activation("v5", NOW, "…", "v".repeat(129)));
        assertThatThrownBy(() -> log.apply("active", Optional.of(tooLong))).isInstanceOf(InvalidModelException.class);
        assertThat(log.previous()).contains("v2");
    }

    /** The remains of a version whose manifest an operator has tombstoned. */
    @Test
    void chunksThatNoManifestNamesAreOutdated() {
        publish(V1);
        log(ModelLog.manifestKey("v1"), Optional.empty());
        assertThat(log.outdated(10)).hasSize(4).allMatch(key -> key.startsWith("tensor/"));
    }

    @Test
    void aMissingChunkIsNamed() {
        Map<String, ModelRecord> records = V1.records(Set.of(), NOW);
        records.remove(ModelLog.chunkKey(EMBEDDING.sha256(), 1));
        records.forEach(this::apply);
        assertRefused("v1", "tensor embedding lacks chunk 1 of 3");
        assertThat(log.completeTensors()).containsExactly(DENSE.sha256());
    }

    @Test
    void aCorruptedChunkIsNamed() {
        publish(V1);
        byte[] wrong = DENSE.bytes().clone();
        wrong[3] ^= 1;
        apply(
                ModelLog.chunkKey(DENSE.sha256(), 0),
                new ModelRecord(new TensorChunk(DENSE.sha256(), 0, ByteBuffer.wrap(wrong))));
        assertRefused("v1", "tensor dense.weight is not what was published");
    }

    @Test
    void aShortChunkIsNamed() {
        publish(V1);
        apply(
                ModelLog.chunkKey(DENSE.sha256(), 0),
                new ModelRecord(new TensorChunk(DENSE.sha256(), 0, ByteBuffer.wrap(new byte[9]))));
        assertRefused("v1", "tensor dense.weight has 9 of its 640 bytes");
    }

    @Test
    void aTombstoneRemovesItsKey() {
        publish(V1);
        log(ModelLog.manifestKey("v1"), Optional.empty());
        assertThat(log.manifests()).isEmpty();
        assertRefused("v1", "not on the model topic");
    }

    @Test
    void aRecordUnderAWrongKeyIsRefusedAndIgnored() {
        publish(V1);
        assertThatThrownBy(() -> log.apply(
                        "active", Optional.of(new ModelRecord(new TensorChunk("00", 0, ByteBuffer.allocate(1))))))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("TensorChunk")
                .hasMessageContaining("active");
        assertThat(log.activation()).isEmpty();
        assertThat(log.manifests()).hasSize(1);
    }

    /** Versions v1, v2, … with a common embedding and a last layer each; each version is the parent of the next. */
    private List<PublishedModel> publishChain(int versions) {
        List<PublishedModel> chain = IntStream.rangeClosed(1, versions)
                .mapToObj(i -> new PublishedModel(
                        "v" + i,
                        i == 1 ? Optional.empty() : Optional.of("v" + (i - 1)),
                        "{}",
                        List.of(EMBEDDING, tensor("dense.weight", 640 + i))))
                .toList();
        chain.forEach(model -> model.records(log.completeTensors(), NOW).forEach(this::apply));
        return chain;
    }

    private static String chunk(PublishedModel model) {
        return ModelLog.chunkKey(model.tensors().get(1).sha256(), 0);
    }

    private byte[] whole(String version) {
        try {
            return log.model(version).artefact();
        } catch (InvalidModelException e) {
            throw new AssertionError(e);
        }
    }

    private static ModelRecord activation(String version) {
        return new ModelRecord(new Activation(version, NOW, "for a test", null));
    }

    private void publish(PublishedModel model) {
        model.records(Set.of(), NOW).forEach(this::apply);
    }

    private void apply(String key, ModelRecord record) {
        log(key, Optional.of(record));
    }

    private void log(String key, Optional<ModelRecord> record) {
        try {
            log.apply(key, record);
        } catch (InvalidModelException e) {
            throw new AssertionError(e);
        }
    }

    private void assertRefused(String version, String because) {
        assertThatThrownBy(() -> log.model(version))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(version)
                .hasMessageContaining(because);
    }

    private static PublishedModel.Tensor tensor(String name, int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return new PublishedModel.Tensor(name, bytes);
    }
}
