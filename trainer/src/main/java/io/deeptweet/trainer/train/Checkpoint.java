// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.trainer.network.BiLstm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A checkpoint, from which an interrupted training resumes: a folder with the networks after some epochs, and a list of
 * the epochs. The list is replaced last and atomically, so it never names an incomplete file.
 *
 * @param folder that is created after the first epoch
 * @param settings of the training and a digest of its data; a checkpoint with other ones is refused
 */
record Checkpoint(Path folder, String settings) {
    private static final String EPOCHS = "epochs.json";
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * The content of {@link #EPOCHS}.
     *
     * @param kept numbers of the epochs whose networks are in the folder
     */
    private record EpochList(String settings, List<Epoch> epochs, int best, Set<Integer> kept) {}

    /**
     * The state of a training after an epoch.
     *
     * @param best number of the epoch with the lowest validation loss; 0 before the first
     * @param network after the last epoch
     * @param weights after some epochs, by their numbers
     */
    record State(List<Epoch> epochs, int best, BiLstm network, Map<Integer, Weights> weights) {}

    boolean exists() {
        return Files.exists(folder.resolve(EPOCHS));
    }

    /**
     * Reads the state after the last completed epoch.
     *
     * @throws IOException if it belongs to another training, or cannot be read
     */
    State read() throws IOException {
        EpochList list = JSON.readValue(folder.resolve(EPOCHS).toFile(), EpochList.class);
        if (!list.settings.equals(settings))
            throw new IOException(folder
                    + " is a checkpoint of other settings or data: delete it to start from the beginning (it has "
                    + list.settings + ", this is " + settings + ")");
        BiLstm network = BiLstm.resume(file(list.epochs.size()));
        Map<Integer, Weights> weights = new HashMap<>();
        for (int epoch : list.kept)
            weights.put(
                    epoch,
                    epoch == list.epochs.size()
                            ? network.weights()
                            : BiLstm.resume(file(epoch)).weights());
        return new State(list.epochs, list.best, network, weights);
    }

    /**
     * Writes the state after the last of these epochs, and deletes the networks that are no longer needed.
     *
     * @param network after the last epoch
     * @param kept numbers of the epochs whose weights are still needed, the last one included
     */
    void write(List<Epoch> epochs, int best, BiLstm network, Set<Integer> kept) throws IOException {
        Files.createDirectories(folder);
        network.save(file(epochs.size()));
        Path part = folder.resolve(EPOCHS + ".part");
        JSON.writeValue(part.toFile(), new EpochList(settings, epochs, best, kept));
        Files.move(part, folder.resolve(EPOCHS), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        keepOnly(
                Stream.concat(Stream.of(folder.resolve(EPOCHS)), kept.stream().map(this::file))
                        .toList(),
                folder);
    }

    /** Deletes a checkpoint, if there is one, after its training. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        keepOnly(List.of(), folder);
        Files.delete(folder);
    }

    private static void keepOnly(List<Path> files, Path folder) throws IOException {
        List<Path> others = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(file -> !files.contains(file)).forEach(others::add);
        }
        for (Path file : others) Files.delete(file);
    }

    private Path file(int epoch) {
        return folder.resolve("epoch-" + epoch + ".zip");
    }
}
