// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.distill;

import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.train.TrainingProgress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The teacher of {@link Distillation}: two pre-trained sentence encoders (E5 small and BGE small, 33 million parameters
 * each, far too slow for a stream) and a {@link TeacherHead} on their vectors, fitted on the labelled texts.
 */
final class Teacher implements AutoCloseable {
    private static final int SIZE = SentenceEncoder.Kind.values().length * SentenceEncoder.SIZE;
    private static final int TEXTS_AT_ONCE = 1024;
    private static final Pattern MENTION = Pattern.compile("@\\w++");
    private static final Pattern LINK = Pattern.compile("(?:https?://|www\\.)\\S*+");

    private final List<SentenceEncoder> encoders = new ArrayList<>();
    private final TrainingProgress progress;
    private final int all;
    private final long start = System.nanoTime();
    private int done;

    private Teacher(int all, TrainingProgress progress) throws IOException {
        this.all = all;
        this.progress = progress;
        for (SentenceEncoder.Kind kind : SentenceEncoder.Kind.values()) encoders.add(new SentenceEncoder(kind));
    }

    /**
     * The teacher's probabilities that texts are positive, in [0, 1]: of the labelled training texts, then of the
     * unlabelled ones.
     *
     * @param cache file that holds them; it is read if it is of the same texts, else written
     * @throws IOException if the cache or an encoder cannot be read
     */
    static float[] probabilities(TrainingData data, Path cache, TrainingProgress progress) throws IOException {
        Optional<float[]> cached = read(cache, data);
        if (cached.isPresent()) return cached.get();
        List<Example> train = data.split().train();
        List<Example> validation = data.split().validation();
        int texts = train.size() + validation.size() + data.unlabeled().size();
        try (Teacher teacher = new Teacher(texts, progress)) {
            float[] probabilities = teacher.probabilities(train, validation, data.unlabeled());
            write(probabilities, data, cache);
            return probabilities;
        }
    }

    private float[] probabilities(
            List<Example> train, List<Example> validation, List<TrainingData.Unlabeled> unlabeled) {
        float[][] vectors = vectors(train);
        TeacherHead head =
                TeacherHead.fit(vectors, positive(train), vectors(validation), positive(validation), progress);
        float[] probabilities = Arrays.copyOf(head.probabilities(vectors), train.size() + unlabeled.size());
        encode(
                unlabeled.stream().map(TrainingData.Unlabeled::text).toList(),
                (from, encoded) -> System.arraycopy(
                        head.probabilities(encoded), 0, probabilities, vectors.length + from, encoded.length));
        return probabilities;
    }

    private float[][] vectors(List<Example> examples) {
        float[][] vectors = new float[examples.size()][];
        encode(
                examples.stream().map(example -> example.source().text()).toList(),
                (from, encoded) -> System.arraycopy(encoded, 0, vectors, from, encoded.length));
        return vectors;
    }

    private static boolean[] positive(List<Example> examples) {
        boolean[] positive = new boolean[examples.size()];
        for (int i = 0; i < positive.length; i++) positive[i] = examples.get(i).positive();
        return positive;
    }

    private static int digest(TrainingData data) {
        return Objects.hash(data.split().train(), data.split().validation(), data.unlabeled());
    }

    private static Optional<float[]> read(Path cache, TrainingData data) throws IOException {
        if (!Files.exists(cache)) return Optional.empty();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(cache));
        float[] probabilities =
                new float[data.split().train().size() + data.unlabeled().size()];
        if (bytes.remaining() != Integer.BYTES + Float.BYTES * probabilities.length || bytes.getInt() != digest(data))
            return Optional.empty();
        bytes.asFloatBuffer().get(probabilities);
        return Optional.of(probabilities);
    }

    private static void write(float[] probabilities, TrainingData data, Path cache) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + Float.BYTES * probabilities.length)
                .putInt(digest(data));
        bytes.asFloatBuffer().put(probabilities);
        Path part = cache.resolveSibling(cache.getFileName() + ".part");
        Files.write(part, bytes.array());
        Files.move(part, cache, StandardCopyOption.REPLACE_EXISTING);
    }

    private interface VectorConsumer {
        /** Takes the vectors (texts, {@value #SIZE}) of the texts from that index on. */
        void accept(int from, float[][] encoded);
    }

    /** Encodes texts, some at a time to bound memory: the encoders' vectors, concatenated. */
    private void encode(List<String> texts, VectorConsumer to) {
        for (int from = 0; from < texts.size(); from += TEXTS_AT_ONCE) {
            List<String> some = texts.subList(from, Math.min(texts.size(), from + TEXTS_AT_ONCE)).stream()
                    .map(Teacher::normalized)
                    .toList();
            float[][] encoded = new float[some.size()][SIZE];
            for (int encoder = 0; encoder < encoders.size(); encoder++) {
                float[][] vectors = encoders.get(encoder).encode(some);
                for (int i = 0; i < vectors.length; i++)
                    System.arraycopy(vectors[i], 0, encoded[i], encoder * SentenceEncoder.SIZE, SentenceEncoder.SIZE);
            }
            to.accept(from, encoded);
            done += encoded.length;
            double seconds = (System.nanoTime() - start) / 1e9;
            progress.teacherEncoded(
                    done, all, done / seconds, Duration.ofMillis((long) (1000 * seconds / done * (all - done))));
        }
    }

    /** Mentions and links carry little sentiment but move a sentence encoder's vector, so they become placeholders. */
    private static String normalized(String text) {
        return LINK.matcher(MENTION.matcher(unescaped(text)).replaceAll("@user"))
                .replaceAll("http")
                .strip();
    }

    private static String unescaped(String text) {
        return text.indexOf('&') < 0
                ? text
                : text.replace("&lt;", "<")
                        .replace("&gt;", ">")
                        .replace("&quot;", "\"")
                        .replace("&#39;", "'")
                        .replace("&amp;", "&");
    }

    @Override
    public void close() {
        encoders.forEach(SentenceEncoder::close);
    }
}
