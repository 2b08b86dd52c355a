// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.inspect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.cli.inspect.Inspection.Fault;
import io.deeptweet.cli.inspect.Inspection.Occurrences;
import io.deeptweet.ingest.shape.FileFormat;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.text.UntrustedText;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@code inspect} prints.
 *
 * @param fault why the file could not be read to its end; empty if it could
 */
record InspectionReport(Path file, FileFormat format, Inspection inspection, Optional<String> fault) {
    private static final int MOST_FAULTS = 20;
    private static final int LONGEST_TEXT = 140;

    /** Whether every record can be used. */
    boolean isClean() {
        return fault.isEmpty() && inspection.rejected().isEmpty();
    }

    /** For people. What the file holds is escaped. */
    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "%s: %s, %,d records", file, format.name().toLowerCase(Locale.ROOT), inspection.records());
        inspection.shapes().forEach((shape, count) -> line(text, "  %,10d  %s", count, shape));
        fault.ifPresent(why -> line(text, "  not read to its end: %s", UntrustedText.oneLine(why)));
        line(text, "");
        line(text, "%,12d  would be published%s", inspection.published(), counts(inspection.kinds()));
        line(text, "%,12d  would be filtered by language%s", sum(inspection.filtered()), counts(inspection.filtered()));
        line(text, "%,12d  would be skipped%s", sum(inspection.skipped()), counts(inspection.skipped()));
        line(text, "%,12d  would be rejected", rejected());
        inspection.rejected().stream().limit(MOST_FAULTS).forEach(entry -> addFault(text, entry));
        if (inspection.rejected().size() > MOST_FAULTS)
            line(text, "%,24d  more faults", inspection.rejected().size() - MOST_FAULTS);
        if (inspection.rejected().stream().anyMatch(entry -> entry.getKey().reason() == Reason.NO_ID))
            line(text, "%nTo give tweets without an id one: --missing-id line");
        if (!inspection.examples().isEmpty()) line(text, "%nFirst tweets:");
        inspection.examples().forEach(tweet -> addTweet(text, tweet));
        return text.toString();
    }

    private static void addFault(StringBuilder text, Map.Entry<Fault, Occurrences> entry) {
        line(
                text,
                "%,24d  %s: %s (first in line %,d)",
                entry.getValue().count(),
                entry.getKey().reason().code(),
                UntrustedText.oneLine(entry.getKey().detail()),
                entry.getValue().firstLine());
    }

    private static void addTweet(StringBuilder text, Tweet tweet) {
        line(
                text,
                "  %s  %s  %s  %s  %s%n    %s",
                UntrustedText.oneLine(tweet.getId()),
                tweet.getCreatedAt(),
                UntrustedText.oneLine(tweet.getLanguage().orElse("und")),
                UntrustedText.oneLine(
                        tweet.getAuthor().map(author -> "@" + author).orElse("-")),
                tweet.getKind().name().toLowerCase(Locale.ROOT),
                UntrustedText.shortened(UntrustedText.oneLine(tweet.getText()), LONGEST_TEXT));
    }

    private static String counts(Map<?, Long> counts) {
        if (counts.isEmpty()) return "";
        return counts.entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT,
                        "%s %,d",
                        UntrustedText.oneLine(entry.getKey().toString().toLowerCase(Locale.ROOT)),
                        entry.getValue()))
                .collect(Collectors.joining(", ", ": ", ""));
    }

    private long rejected() {
        return inspection.rejected().stream()
                .mapToLong(entry -> entry.getValue().count())
                .sum();
    }

    private static long sum(Map<?, Long> counts) {
        return sum(counts.values());
    }

    private static long sum(Collection<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }

    /** For scripts: one object in a line. */
    String json() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        ObjectNode report = nodes.objectNode()
                .put("file", file.toString())
                .put("format", format.name().toLowerCase(Locale.ROOT))
                .put("records", inspection.records());
        fault.ifPresent(why -> report.put("fault", why));
        addCounts(report.putObject("shapes"), inspection.shapes());
        report.put("published", inspection.published());
        addCounts(report.putObject("kinds"), inspection.kinds());
        addCounts(report.putObject("filtered"), inspection.filtered());
        addCounts(report.putObject("skipped"), inspection.skipped());
        ArrayNode rejected = report.putArray("rejected");
        inspection
                .rejected()
                .forEach(entry -> rejected.addObject()
                        .put("reason", entry.getKey().reason().code())
                        .put("detail", entry.getKey().detail())
                        .put("count", entry.getValue().count())
                        .put("firstLine", entry.getValue().firstLine()));
        ArrayNode tweets = report.putArray("tweets");
        inspection
                .examples()
                .forEach(tweet -> tweets.addObject()
                        .put("id", tweet.getId())
                        .put("text", tweet.getText())
                        .put("language", tweet.getLanguage().orElse(null))
                        .put("author", tweet.getAuthor().orElse(null))
                        .put("createdAt", tweet.getCreatedAt().toString())
                        .put("kind", tweet.getKind().name().toLowerCase(Locale.ROOT)));
        return UntrustedText.json(report.toString()) + System.lineSeparator();
    }

    private static void addCounts(ObjectNode object, Map<?, Long> counts) {
        counts.forEach((key, count) -> object.put(key.toString().toLowerCase(Locale.ROOT), count));
    }
}
