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
 * Where an interrupted training goes on: a folder with the network after its last epoch and those epochs whose weights
 * may be kept, and a note that says which epochs there were. The note is replaced last and at once, so whatever the
 * moment of an interruption, it names whole files.
 *
 * @param folder which is made when the first epoch is over
 * @param settings of the training and of its data; a checkpoint of others is refused
 */
public record Checkpoint(Path folder, String settings) {
    private static final String NOTE = "epochs.json";
    private static final JsonMapper JSON = new JsonMapper();

    private record Note(String settings, List<Epoch> epochs, int best, Set<Integer> kept) {}

    /**
     * A training as far as it came.
     *
     * @param weights after those epochs that were kept, by their numbers
     */
    record State(List<Epoch> epochs, int best, BiLstm network, Map<Integer, Weights> weights) {}

    boolean exists() {
        return Files.exists(folder.resolve(NOTE));
    }

    /**
     * What was kept.
     *
     * @throws IOException if it is of another training, or can't be read
     */
    State read() throws IOException {
        Note note = JSON.readValue(folder.resolve(NOTE).toFile(), Note.class);
        if (!note.settings.equals(settings))
            throw new IOException(
                    folder + " holds a checkpoint of other settings or data: delete it to begin anew (it has "
                            + note.settings + ", this is " + settings + ")");
        BiLstm network = BiLstm.resume(file(note.epochs.size()));
        Map<Integer, Weights> weights = new HashMap<>();
        for (int epoch : note.kept)
            weights.put(
                    epoch,
                    epoch == note.epochs.size()
                            ? network.weights()
                            : BiLstm.resume(file(epoch)).weights());
        return new State(note.epochs, note.best, network, weights);
    }

    /**
     * Keeps the network as it is after the last of these epochs.
     *
     * @param kept the epochs whose weights are still needed, the last one among them, which alone is new
     */
    void write(List<Epoch> epochs, int best, BiLstm network, Set<Integer> kept) throws IOException {
        Files.createDirectories(folder);
        network.save(file(epochs.size()));
        Path part = folder.resolve(NOTE + ".part");
        JSON.writeValue(part.toFile(), new Note(settings, epochs, best, kept));
        Files.move(part, folder.resolve(NOTE), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        keepOnly(
                Stream.concat(Stream.of(folder.resolve(NOTE)), kept.stream().map(this::file))
                        .toList(),
                folder);
    }

    /** Takes the checkpoint away: the training is done. */
    public static void delete(Path folder) throws IOException {
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
