// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.data.TrainingData;
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
 * Knows more of language than the texts to train on can tell: two sentence encoders that others trained on a great many
 * texts (E5 small and BGE small, of 33 million parameters each, far too slow for a stream), and a {@link TeacherHead}
 * on what they say, fitted on the labelled texts. The network and the n-grams learn from its probabilities beside the
 * labels, and from its probabilities alone where there is no label: they hear about words and kinds of tweets that no
 * label speaks of, and labels that are wrong weigh less.
 *
 * @see <a href="https://arxiv.org/abs/1503.02531">Hinton, Vinyals and Dean: Distilling the Knowledge in a Neural
 *     Network, 2015</a>
 */
final class Teacher implements AutoCloseable {
    private static final int SIZE = SentenceEncoder.Kind.values().length * SentenceEncoder.SIZE;
    private static final int PORTION = 1024;
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
     * How probable the teacher thinks it that each of a material's texts is positive: the labelled ones to train with,
     * then those without a label.
     *
     * @param kept where that is written, and read again if it is there and of the same texts
     * @throws IOException if it can't be written or read
     */
    static float[] probabilities(TrainingData material, Path kept, TrainingProgress progress) throws IOException {
        Optional<float[]> read = read(kept, material);
        if (read.isPresent()) return read.get();
        float[] probabilities =
                asked(material.split().train(), material.split().validation(), material.unlabeled(), progress);
        write(probabilities, material, kept);
        return probabilities;
    }

    /**
     * What a material's texts are to be learned as: the labelled ones with their label and the teacher's probability
     * mixed, then those without a label with its probability.
     *
     * @param probabilities as {@link #probabilities} gives them
     * @param share of the teacher in the mixture, in (0, 1]
     */
    static List<Example> lessons(TrainingData material, float[] probabilities, double share) {
        List<Example> lessons = new ArrayList<>(probabilities.length);
        for (Example example : material.split().train())
            lessons.add(example.withSoftLabel(probabilities[lessons.size()], share));
        for (TrainingData.Unlabeled other : material.unlabeled()) {
            float probability = probabilities[lessons.size()];
            lessons.add(new Example(new LabeledText(other.text(), probability >= 0.5f), other.tokens(), probability));
        }
        return lessons;
    }

    private static float[] asked(
            List<Example> labelled,
            List<Example> heldOut,
            List<TrainingData.Unlabeled> others,
            TrainingProgress progress)
            throws IOException {
        try (Teacher teacher = new Teacher(labelled.size() + heldOut.size() + others.size(), progress)) {
            return teacher.probabilities(labelled, heldOut, others);
        }
    }

    private float[] probabilities(List<Example> labelled, List<Example> heldOut, List<TrainingData.Unlabeled> others) {
        float[][] vectors = vectors(labelled);
        TeacherHead head = TeacherHead.fit(vectors, positive(labelled), vectors(heldOut), positive(heldOut), progress);
        float[] probabilities = Arrays.copyOf(head.probabilities(vectors), labelled.size() + others.size());
        embed(
                others.stream().map(TrainingData.Unlabeled::text).toList(),
                (from, embedded) -> System.arraycopy(
                        head.probabilities(embedded), 0, probabilities, vectors.length + from, embedded.length));
        return probabilities;
    }

    private float[][] vectors(List<Example> examples) {
        float[][] vectors = new float[examples.size()][];
        embed(
                examples.stream().map(example -> example.source().text()).toList(),
                (from, embedded) -> System.arraycopy(embedded, 0, vectors, from, embedded.length));
        return vectors;
    }

    private static boolean[] positive(List<Example> examples) {
        boolean[] positive = new boolean[examples.size()];
        for (int i = 0; i < positive.length; i++) positive[i] = examples.get(i).positive();
        return positive;
    }

    private static int digest(TrainingData material) {
        return Objects.hash(material.split().train(), material.split().validation(), material.unlabeled());
    }

    private static Optional<float[]> read(Path kept, TrainingData material) throws IOException {
        if (!Files.exists(kept)) return Optional.empty();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(kept));
        float[] probabilities =
                new float[material.split().train().size() + material.unlabeled().size()];
        if (bytes.remaining() != Integer.BYTES + Float.BYTES * probabilities.length
                || bytes.getInt() != digest(material)) return Optional.empty();
        bytes.asFloatBuffer().get(probabilities);
        return Optional.of(probabilities);
    }

    private static void write(float[] probabilities, TrainingData material, Path kept) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + Float.BYTES * probabilities.length)
                .putInt(digest(material));
        bytes.asFloatBuffer().put(probabilities);
        Path part = kept.resolveSibling(kept.getFileName() + ".part");
        Files.write(part, bytes.array());
        Files.move(part, kept, StandardCopyOption.REPLACE_EXISTING);
    }

    private interface Taking {
        void take(int from, float[][] embedded);
    }

    /**
     * Hands on what the encoders say of each text, one behind the other, a portion of the texts at a time: (texts,
     * {@value #SIZE}).
     */
    private void embed(List<String> texts, Taking to) {
        for (int from = 0; from < texts.size(); from += PORTION) {
            List<String> portion = texts.subList(from, Math.min(texts.size(), from + PORTION)).stream()
                    .map(Teacher::plain)
                    .toList();
            float[][] embedded = new float[portion.size()][SIZE];
            for (int encoder = 0; encoder < encoders.size(); encoder++) {
                float[][] said = encoders.get(encoder).embedded(portion);
                for (int i = 0; i < said.length; i++)
                    System.arraycopy(said[i], 0, embedded[i], encoder * SentenceEncoder.SIZE, SentenceEncoder.SIZE);
            }
            to.take(from, embedded);
            done += embedded.length;
            double seconds = (System.nanoTime() - start) / 1e9;
            progress.teacherEncoded(
                    done, all, done / seconds, Duration.ofMillis((long) (1000 * seconds / done * (all - done))));
        }
    }

    /** Names and addresses tell a sentence encoder more of who and where than of how. */
    private static String plain(String text) {
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
