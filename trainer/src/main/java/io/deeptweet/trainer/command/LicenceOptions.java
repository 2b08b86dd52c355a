// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.trainer.data.DataException;
import io.deeptweet.trainer.data.DataSource;
import io.deeptweet.trainer.data.DataSource.Use;
import io.deeptweet.trainer.data.DataSources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that refuse data by its licence. */
final class LicenceOptions {
    @Option(
            names = "--sources",
            paramLabel = "FILE",
            description = "YAML file with the licences of data sets, such as trainer/plans/sources.yaml (default:"
                    + " none).")
    private Optional<Path> sources;

    @Option(
            names = "--licences",
            paramLabel = "NAME",
            description =
                    "Data to accept: allowed, unclear (also without a clear licence), or any, which checks nothing"
                            + " (default: allowed with --sources, else any).")
    private Optional<Licences> licences;

    /** As the option has them. */
    enum Licences {
        allowed,
        unclear,
        any
    }

    /**
     * Checks the licences of files that a model is made of.
     *
     * @return the sources of the files, each once; empty if nothing is checked
     * @throws CommandFailedException if a file's licence is not accepted, or the file of {@code --sources} cannot be
     *     used; wrong usage, if {@code --licences} has nothing to check by
     */
    Optional<List<DataSource>> check(List<Path> files) throws IOException {
        Licences accepted = licences.orElse(sources.isPresent() ? Licences.allowed : Licences.any);
        if (accepted == Licences.any) return Optional.empty();
        if (sources.isEmpty())
            throw CommandFailedException.usage("--licences is " + accepted + ": name a list of data sets by --sources");
        try {
            return Optional.of(DataSources.read(InputFiles.readable(sources.get()))
                    .require(files, accepted == Licences.allowed ? Use.ALLOWED : Use.UNCLEAR));
        } catch (DataException e) {
            throw CommandFailedException.failed(e.getMessage());
        }
    }
}
