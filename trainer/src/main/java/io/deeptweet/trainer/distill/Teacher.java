// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.distill;

import io.deeptweet.model.score.Score;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.train.TrainingProgress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * The teacher of {@link Distillation}: two pre-trained sentence encoders (E5 small and BGE small, 33 million parameters
 * each, far too slow for a stream) and a {@link TeacherHead} for each head on their vectors, fitted on the labelled
 * texts.
 */
final class Teacher implements AutoCloseable {
    private static final int SIZE = SentenceEncoder.Kind.values().length * SentenceEncoder.SIZE;
    private static final int TEXTS_AT_ONCE = 1024;
    private static final String VERSION = "teacher";
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
     * The teacher's scores: of the labelled training texts, then of the unlabelled ones. With labels of two classes,
     * every text has an opinion.
     *
     * @param cache file that holds them; it is read if it is of the same texts, else written
     * @throws IOException if the cache or an encoder cannot be read
     */
    static List<Score> scores(TrainingData data, Path cache, TrainingProgress progress) throws IOException {
        Optional<float[]> cached = read(cache, data);
        int heads = data.split().heads();
        if (cached.isPresent()) return scores(cached.get(), heads);
        List<Example> train = data.split().train();
        List<Example> validation = data.split().validation();
        int texts = train.size() + validation.size() + data.unlabeled().size();
        try (Teacher teacher = new Teacher(texts, progress)) {
            float[] probabilities = teacher.probabilities(train, validation, data.unlabeled(), heads);
            write(probabilities, data, cache);
            return scores(probabilities, heads);
        }
    }

    /** @param probabilities (heads, texts) */
    private static List<Score> scores(float[] probabilities, int heads) {
        int texts = probabilities.length / heads;
        return IntStream.range(0, texts)
                .mapToObj(i -> new Score(probabilities[i], heads == 1 ? 1 : probabilities[texts + i], VERSION, 0, 0))
                .toList();
    }

    /** (heads, texts) in one array: the labelled training texts, then the unlabelled ones. */
    private float[] probabilities(
            List<Example> train, List<Example> validation, List<TrainingData.Unlabeled> unlabeled, int heads) {
        float[][] vectors = vectors(train);
        float[][] validationVectors = vectors(validation);
        int texts = train.size() + unlabeled.size();
        float[] probabilities = new float[heads * texts];
        List<TeacherHead> fitted = new ArrayList<>();
        for (int head = 0; head < heads; head++) {
            int number = head;
            int[] some = withTarget(train, head);
            int[] others = withTarget(validation, head);
            fitted.add(TeacherHead.fit(
                    of(vectors, some),
                    labels(train, some, head),
                    of(validationVectors, others),
                    labels(validation, others, head),
                    (epoch, epochs, left) -> progress.teacherEpoch(
                            number * epochs + epoch,
                            heads * epochs,
                            left.plus(left.multipliedBy(heads - 1 - number)))));
            System.arraycopy(fitted.get(head).probabilities(vectors), 0, probabilities, head * texts, vectors.length);
        }
        encode(unlabeled.stream().map(TrainingData.Unlabeled::text).toList(), (from, encoded) -> {
            for (int head = 0; head < heads; head++)
                System.arraycopy(
                        fitted.get(head).probabilities(encoded),
                        0,
                        probabilities,
                        head * texts + vectors.length + from,
                        encoded.length);
        });
        return probabilities;
    }

    private static int[] withTarget(List<Example> examples, int head) {
        return IntStream.range(0, examples.size())
                .filter(i -> examples.get(i).target().weight(head) > 0)
                .toArray();
    }

    private static float[][] of(float[][] vectors, int[] texts) {
        return Arrays.stream(texts).mapToObj(text -> vectors[text]).toArray(float[][]::new);
    }

    private float[][] vectors(List<Example> examples) {
        float[][] vectors = new float[examples.size()][];
        encode(
                examples.stream().map(example -> example.source().text()).toList(),
                (from, encoded) -> System.arraycopy(encoded, 0, vectors, from, encoded.length));
        return vectors;
    }

    /** Whether the label is positive; of the opinion, whether there is one. */
    private static boolean[] labels(List<Example> examples, int[] texts, int head) {
        boolean[] labels = new boolean[texts.length];
        for (int i = 0; i < labels.length; i++)
            labels[i] = examples.get(texts[i]).target().of(head) >= 0.5f;
        return labels;
    }

    /** The same in every JVM, unlike the hash of a label, which is an enum. */
    private static int digest(TrainingData data) {
        CRC32 digest = new CRC32();
        for (List<Example> part : List.of(data.split().train(), data.split().validation()))
            for (Example example : part) {
                LabeledText text = example.source();
                update(digest, text.text() + '\n' + text.label() + text.opinionLabelled() + '\n');
            }
        data.unlabeled().forEach(text -> update(digest, text.text() + '\n'));
        return (int) digest.getValue();
    }

    private static void update(CRC32 digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<float[]> read(Path cache, TrainingData data) throws IOException {
        if (!Files.exists(cache)) return Optional.empty();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(cache));
        int texts = data.split().train().size() + data.unlabeled().size();
        float[] probabilities = new float[data.split().heads() * texts];
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
