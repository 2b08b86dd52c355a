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
            description =
                    "Labelled texts, plain or gzip. Sentiment140's, TweetEval's and Kaggle's layouts are known, and any table whose header names text and sentiment.")
    private List<Path> files;

    @Mixin
    private LayoutOptions layout;

    /** The files' texts, each file by its own layout. */
    List<DataSet> read() throws IOException {
        layout.check();
        List<DataSet> sets = new ArrayList<>();
        for (Path file : files)
            sets.add(layout.isTold() ? DataSetReader.read(file) : DataSetReader.read(file, layout.of(file)));
        return sets;
    }
}
