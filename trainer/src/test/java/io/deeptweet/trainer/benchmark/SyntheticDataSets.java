// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Synthetic data sets in the layouts and places of the paper's. Some of Sentiment140's tweets are also among Kaggle's
 * and the held-out ones.
 */
public final class SyntheticDataSets {
    private SyntheticDataSets() {}

    /** Writes the data sets to a folder; each has at least 80 texts of each class. */
    public static Path write(Path folder) throws IOException {
        Random random = new Random(1);
        List<String> old = texts(500, random, List.of("love", "great"), List.of("hate", "awful"));
        List<String> modern = texts(240, random, List.of("lit", "great"), List.of("cringe", "awful"));
        List<String> live = texts(240, random, List.of("goal", "lit"), List.of("penalty", "hate"));

        List<String> rows = new ArrayList<>();
        for (int i = 0; i < old.size(); i++)
            rows.add("\"%d\",\"%d\",\"\",\"NO_QUERY\",\"\",\"%s\"".formatted(i % 2 == 0 ? 4 : 0, i, old.get(i)));
        write(folder.resolve("sentiment140/training.csv.gz"), rows);

        rows.clear();
        for (int i = 0; i < 160; i++) rows.add("%d\t%d\t%s".formatted(i, i % 2 == 0 ? 2 : 0, modern.get(i)));
        rows.add("x\t1\tneither");
        write(folder.resolve("tweeteval/train.tsv.gz"), rows);

        rows.clear();
        rows.add("textID,text,selected_text,sentiment");
        for (int i = 0; i < 200; i++)
            rows.add("%d,%s,x,%s".formatted(i, old.get(i), i % 2 == 0 ? "positive" : "negative"));
        for (int i = 0; i < 60; i++) rows.add("n%d,so so %s,x,neutral".formatted(i, "w" + i));
        write(folder.resolve("kaggle-tweets/Tweets.csv.gz"), rows);

        List<String> heldOut = new ArrayList<>(modern.subList(160, 240));
        heldOut.addAll(old.subList(0, 20));
        write(folder.resolve("tweeteval/val_text.txt"), heldOut);
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < heldOut.size(); i++) labels.add(i % 2 == 0 ? "2" : "0");
        write(folder.resolve("tweeteval/val_labels.txt"), labels);

        rows.clear();
        rows.add(",Date Created,Tweet,Sentiment");
        for (int i = 0; i < live.size(); i++)
            rows.add("%d,2022-11-20,%s,%s".formatted(i, live.get(i), i % 2 == 0 ? "positive" : "negative"));
        write(folder.resolve("recent/world-cup-2022.csv.gz"), rows);
        return folder;
    }

    /** Positive and negative in turn, each with a word of its class and a unique word. */
    private static List<String> texts(int count, Random random, List<String> good, List<String> bad) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> tell = i % 2 == 0 ? good : bad;
            String rest = random.ints(3, 0, 20).mapToObj(n -> "w" + n).collect(Collectors.joining(" "));
            texts.add(rest + " " + tell.get(random.nextInt(tell.size())) + " "
                    + Integer.toString(random.nextInt(Integer.MAX_VALUE), 36).replaceAll("[0-9]", "q"));
        }
        return texts;
    }

    private static void write(Path file, List<String> lines) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }
}
