// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.DataSetReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that reads labelled texts. */
final class DataOptions {
    @Option(
            names = "--data",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Labelled texts, plain or compressed: Sentiment140's, TweetEval's or Kaggle's layout, a table"
                    + " of id, label and text between tabs, or one whose header names text and sentiment.")
    private List<Path> files;

    @Mixin
    private LayoutOptions layout;

    List<Path> files() {
        return files;
    }

    /** Finds wrong options and files that cannot be read, before a command does anything else. */
    void check() {
        layout.check();
        InputFiles.readable(files);
    }

    /** The texts, file by file, each file by its own layout. */
    List<DataSet> read() throws IOException {
        check();
        List<DataSet> sets = new ArrayList<>();
        for (Path file : files)
            sets.add(layout.isGiven() ? DataSetReader.read(file, layout.of(file)) : DataSetReader.read(file));
        return sets;
    }

    /** The labelled texts of files that tell their layouts themselves. */
    static List<DataSet> read(List<Path> files) throws IOException {
        InputFiles.readable(files);
        List<DataSet> sets = new ArrayList<>();
        for (Path file : files) sets.add(DataSetReader.read(file));
        return sets;
    }
}
