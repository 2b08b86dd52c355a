// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.trainer.data.DataSource.Use;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSourcesTest {
    private static final Path SHIPPED = Path.of("plans/sources.yaml");
    private static final String REST = "title: T, licence: L, reference: R, use: ";
    private static final DataSources MINE = DataSources.parse(
            "mine.yaml",
            "sources:\n"
                    + "  - {name: acme-*, title: Acme, licence: MIT, reference: us, use: allowed}\n"
                    + "  - {name: acme-leaked, title: Leak, licence: secret, reference: us, use: forbidden}\n"
                    + "  - {name: tweeteval/train, title: TweetEval, licence: none stated, reference: R,"
                    + " use: unclear}\n");

    @TempDir
    Path folder;

    private static DataSource named(String name) {
        return new DataSource(name, "title", "licence", "reference", Use.ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({
        "sts-gold, sts-gold.tsv.gz, true",
        "sts-gold, a/b/STS-Gold.CSV.zst, true",
        "STS-Gold, sts-gold.jsonl, true",
        "sts-gold, sts-gold, true",
        "sts-gold, sts-golden.tsv, false",
        "sts-gold, sts-gold.v2.tsv, false",
        "sts-gold.v2, sts-gold.v2.tsv, true",
        "sts-gold, sts-gold/other.tsv, false",
        "x-*, x-2024.jsonl.gz, true",
        "x-*, x-.tsv, true",
        "x-*, my-x-2024.tsv, false",
        "a*a, a.tsv, false",
        "a*a, aa.tsv, true",
        "tweeteval/*, data/tweeteval/val_text.txt, true",
        "tweeteval/*, tweeteval/more/val_text.txt, false",
        "tweeteval/*, other/val_text.txt, false",
        "tweeteval/*, tweeteval/../other/val_text.txt, false",
        "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z, z.tsv, false"
    })
    void aFileIsKnownByItsName(String name, Path file, boolean same) {
        assertThat(named(name).isOf(file)).isEqualTo(same);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "/train",
                "train/",
                "a//b",
                "../train",
                "a/./b",
                "*",
                "*/*",
                "a*b*c",
                "train.tsv",
                "İİİİİİİ.csv.gz"
            })
    void aNameThatFitsNoFileOrAnyFileIsRefused(String name) {
        assertThatThrownBy(() -> named(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("name is ");
    }

    @Test
    void aUseIsAtLeastItselfAndWhatPermitsLess() {
        assertThat(Use.ALLOWED.isAtLeast(Use.UNCLEAR)).isTrue();
        assertThat(Use.UNCLEAR.isAtLeast(Use.UNCLEAR)).isTrue();
        assertThat(Use.FORBIDDEN.isAtLeast(Use.UNCLEAR)).isFalse();
    }

    @Test
    void ofSeveralSourcesTheStrictestCounts() {
        assertThat(MINE.of(Path.of("acme-2024.csv")).orElseThrow().title()).isEqualTo("Acme");
        assertThat(MINE.of(Path.of("acme-leaked.csv")).orElseThrow().title()).isEqualTo("Leak");
        assertThat(MINE.of(Path.of("train.tsv"))).isEqualTo(Optional.empty());
    }

    @Test
    void theSourcesOfAcceptedFilesAreNamedOnce() {
        List<Path> files = List.of(Path.of("acme-1.csv"), Path.of("tweeteval/train.tsv.gz"), Path.of("acme-2.csv"));
        assertThat(MINE.require(files, Use.UNCLEAR))
                .extracting(DataSource::title)
                .containsExactly("Acme", "TweetEval");
        assertThat(MINE.require(List.of(), Use.ALLOWED)).isEmpty();
    }

    @Test
    void everyRefusedFileIsNamedWithItsReason() {
        List<Path> files = List.of(
                Path.of("acme-1.csv"),
                Path.of("mine.csv"),
                Path.of("tweeteval/train.tsv.gz"),
                Path.of("acme-leaked.csv"));
        assertThatThrownBy(() -> MINE.require(files, Use.ALLOWED))
                .isInstanceOf(DataException.class)
                .hasMessage("3 of 4 files may not be used by the licences in mine.yaml:"
                        + " mine.csv is not listed (leave it out, or add an entry with its licence);"
                        + " tweeteval/train.tsv.gz is unclear: TweetEval, licence none stated (leave it out, ask its"
                        + " owners and correct its entry, or accept it with --licences unclear);"
                        + " acme-leaked.csv is forbidden: Leak, licence secret (leave it out)");
        assertThatThrownBy(() -> MINE.require(files, Use.UNCLEAR))
                .hasMessageStartingWith("2 of 4 files")
                .hasMessageNotContainingAny("TweetEval", "Acme");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            name: a, title: T, licence: L, reference: R              | source 1 (a): there is no use
            title: T, licence: L, reference: R, use: allowed         | source 1: there is no name
            name: a, title: T, licence: , reference: R, use: allowed | source 1 (a): there is no licence
            name: a, title: ' ', licence: L, reference: R, use: allowed    | source 1 (a): title is empty
            name: a, title: 2022, licence: L, reference: R, use: allowed   | source 1 (a): title is NUMBER: use a text
            name: a, title: [T], licence: L, reference: R, use: allowed    | source 1 (a): title is ARRAY: use a text
            name: a, title: "T\\nU", licence: L, reference: R, use: allowed | source 1 (a): title has a line break
            name: a, title: T, licence: L, reference: R, use: Allowed | source 1 (a): use is Allowed: use allowed
            name: a, title: T, license: L, reference: R, use: allowed | source 1 (a): license is unknown: use one of
            name: a.tsv, title: T, licence: L, reference: R, use: allowed | name is a.tsv: leave out the ending .tsv
            """)
    void anEntryThatCannotBeUsedIsNamed(String entry, String message) {
        assertThatThrownBy(() -> DataSources.parse("mine.yaml", "sources:\n  - {" + entry + "}\n"))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("mine.yaml: source 1")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            sources: [                          | mine.yaml is not YAML:
            sources: []                         | mine.yaml: there are no sources: list one or more
            source: []                          | mine.yaml: source is unknown: use sources
            a text                              | mine.yaml has no list of sources
            ``                                  | mine.yaml has no list of sources
            sources: {name: a}                  | mine.yaml has no list of sources
            sources: [a]                        | mine.yaml: source 1: there is no name
            {sources: [], sources: []}          | mine.yaml is not YAML: Duplicate field 'sources'
            """)
    void aTextThatIsNoListOfSourcesIsNamed(String yaml, String message) {
        assertThatThrownBy(() -> DataSources.parse("mine.yaml", yaml))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aMessageQuotesNoTextOfAnyLength() {
        String text = "x".repeat(10_000);
        for (String entry : List.of("name: " + text, text + ": a", "name: a, " + REST + text))
            assertThatThrownBy(() -> DataSources.parse("mine.yaml", "sources:\n  - {" + entry + "}\n"))
                    .isInstanceOfSatisfying(
                            DataException.class,
                            refused -> assertThat(refused.getMessage()).hasSizeLessThan(300));
    }

    @Test
    void aNameThatIsListedTwiceAndASecondDocumentAreRefused() {
        String one = "  - {name: a, " + REST + "allowed}\n";
        String again = "  - {name: A, " + REST + "forbidden}\n";
        assertThatThrownBy(() -> DataSources.parse("mine.yaml", "sources:\n" + one + again))
                .isInstanceOf(DataException.class)
                .hasMessage("mine.yaml: A is listed twice: leave one of them");
        assertThatThrownBy(() -> DataSources.parse("mine.yaml", "sources:\n" + one + "---\nsources:\n" + again))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("mine.yaml is not YAML");
    }

    @Test
    void aFileThatIsTooLargeOrNotInUtf8IsRefused() throws Exception {
        Path large = Files.writeString(folder.resolve("large.yaml"), "#".repeat((1 << 20) + 1));
        assertThatThrownBy(() -> DataSources.read(large))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(large + " is larger than 1048576 bytes");
        Path latin = Files.write(folder.resolve("latin.yaml"), new byte[] {'#', (byte) 0xe9, '\n'});
        assertThatThrownBy(() -> DataSources.read(latin))
                .isInstanceOf(DataException.class)
                .hasMessage(latin + " is not in UTF-8: save it as UTF-8");
    }

    @ParameterizedTest
    @CsvSource({
        "sentiment140/training.csv.gz, UNCLEAR",
        "tweeteval/train.tsv.gz, UNCLEAR",
        "tweeteval/val_text.txt, UNCLEAR",
        "kaggle-tweets/Tweets.csv.gz, UNCLEAR",
        "recent/world-cup-2022.csv.gz, UNCLEAR",
        "labelled/apple-dfe.tsv.gz, UNCLEAR",
        "labelled/brands-sxsw.tsv.gz, UNCLEAR",
        "labelled/customer-reviews-cr.tsv.gz, UNCLEAR",
        "labelled/emobank.tsv.gz, ALLOWED",
        "labelled/goemotions-reddit.tsv.gz, ALLOWED",
        "labelled/mpqa-phrases.tsv.gz, UNCLEAR",
        "labelled/nuclear-power-dfe.tsv.gz, UNCLEAR",
        "labelled/s140-extra-100k.tsv.gz, UNCLEAR",
        "labelled/self-driving-dfe.tsv.gz, UNCLEAR",
        "labelled/semeval2025-task11-eng.tsv.gz, ALLOWED",
        "labelled/smile-museums.tsv.gz, UNCLEAR",
        "labelled/ss-tweet.tsv.gz, UNCLEAR",
        "labelled/sst-phrases.tsv.gz, UNCLEAR",
        "labelled/sts-gold.tsv.gz, UNCLEAR",
        "labelled/text-emotion-crowdflower.tsv.gz, UNCLEAR",
        "labelled/twitter-entity-sentiment.tsv.gz, UNCLEAR",
        "labelled/twitter-financial-news.tsv.gz, ALLOWED",
        "labelled/twitter2015-2017-target.tsv.gz, UNCLEAR",
        "labelled/uci-sentences.tsv.gz, UNCLEAR",
        "labelled/vader-amazon.tsv.gz, ALLOWED",
        "labelled/vader-movies.tsv.gz, ALLOWED",
        "labelled/vader-tweets.tsv.gz, ALLOWED",
        "labelled/weather-dfe.tsv.gz, UNCLEAR",
        "lexicons/AFINN-en-165.txt, ALLOWED",
        "lexicons/vader_lexicon.txt.gz, ALLOWED",
        "lexicons/emoji_utf8_lexicon.txt, ALLOWED",
        "streams/x-chatgpt-2023.jsonl.gz, UNCLEAR",
        "streams/x-election-2024.jsonl.gz, FORBIDDEN",
        "streams/bluesky-feed-2025-08.json.gz, UNCLEAR",
        "unlabelled/bluesky-2024-11-topics.tsv.gz, UNCLEAR",
        "unlabelled/mastodon-2026-04-politics.tsv.gz, UNCLEAR"
    })
    void theShippedListKnowsThePublicDataSets(Path file, Use use) throws Exception {
        assertThat(DataSources.read(SHIPPED).of(file).map(DataSource::use)).contains(use);
    }

    @Test
    void theShippedListForbidsWhatIsNonCommercialOrWithoutDerivatives() throws Exception {
        assertThat(DataSources.read(SHIPPED).sources()).allSatisfy(source -> {
            assertThat(source.use() == Use.FORBIDDEN).isEqualTo(source.licence().matches(".*-N[CD].*"));
            if (source.licence().matches(".*(none|to be checked).*"))
                assertThat(source.use()).isEqualTo(Use.UNCLEAR);
        });
    }
}
