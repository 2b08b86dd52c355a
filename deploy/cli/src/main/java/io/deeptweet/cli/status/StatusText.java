// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.status;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.cli.record.FeedTrouble;
import io.deeptweet.cli.stack.ServiceType;
import io.deeptweet.schemas.text.UntrustedText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The status as lines for people. */
final class StatusText {
    private final PrintWriter out;

    StatusText(PrintWriter out) {
        this.out = out;
    }

    /** @param status as {@code status --json} prints it */
    void print(JsonNode status) {
        for (var service : status.path("services").properties()) {
            JsonNode entry = service.getValue();
            JsonNode says = entry.path("says");
            if (service.getKey().equals(ServiceType.CLASSIFIER.label())) {
                classifiers(entry.path("instances"));
            } else if (service.getKey().equals(ServiceType.TRAINER.label())) {
                service(service.getKey(), entry, says.has("state") ? rounds(says) : "");
            } else {
                service(service.getKey(), entry, "");
                for (JsonNode feed : says) feed(feed);
            }
        }
        out.printf("%-11s %-9s %s%n", "broker", status.has("brokerFault") ? "down" : "ready", text(status, "broker"));
        status.path("topics").properties().forEach(topic -> topic(topic.getKey(), topic.getValue()));
    }

    private void service(String name, JsonNode entry, String detail) {
        out.printf(
                "%-11s %-9s %-25s %s%n",
                name,
                entry.path("ready").asBoolean() ? "ready" : entry.has("fault") ? "down" : "not ready",
                text(entry, "address"),
                UntrustedText.oneLine(detail));
    }

    private void feed(JsonNode feed) {
        out.printf(
                "  feed %-12s %-9s %s read, %s published, %s filtered, %s skipped, %s rejected %s%n",
                text(feed, "feed"),
                text(feed, "state"),
                text(feed, "read"),
                text(feed, "published"),
                text(feed, "filtered"),
                text(feed, "skipped"),
                text(feed, "rejected"),
                FeedTrouble.of(feed));
    }

    private void topic(String name, JsonNode topic) {
        out.printf(
                "  %-21s %s%n",
                name,
                topic.has("missing")
                        ? "missing"
                        : topic.path("partitions")
                                + (topic.path("partitions").asInt() == 1 ? " partition, " : " partitions, ")
                                + topic.path("offsets") + " offsets"
                                + (topic.has("lag") ? ", classifier behind by " + topic.path("lag") : ""));
    }

    /** {@code TRAINING round 3: epoch 2, 40 %; 12 new labels of 1000; round 2 published round-2-0123abcd}. */
    private static String rounds(JsonNode trainer) {
        String fault = trainer.path("fault").asText();
        JsonNode last = trainer.path("lastRound");
        return trainer.path("state").asText()
                + (trainer.path("round").asInt() == 0
                        ? ""
                        : " round " + trainer.path("round") + ": "
                                + trainer.path("step").asText())
                + (fault.isEmpty() ? "" : ": " + fault)
                + ", " + trainer.path("newLabels") + " new labels of " + trainer.path("roundAfterLabels")
                + (last.isObject()
                        ? ", round " + last.path("number")
                                + (last.path("published").asBoolean()
                                        ? " published " + last.path("candidate").asText()
                                        : " withheld")
                        : ", no round yet");
    }

    private void classifiers(JsonNode instances) {
        Set<String> models = new TreeSet<>();
        for (JsonNode instance : instances) {
            JsonNode says = instance.path("says");
            service(
                    ServiceType.CLASSIFIER.label(),
                    instance,
                    says.isObject()
                            ? says.path("state").asText() + ", model "
                                    + says.path("activeModel").asText() + ", "
                                    + says.path("scored").asText() + " scored, "
                                    + says.path("rejected").asText() + " rejected, lag "
                                    + says.path("lag").asText()
                            : "");
            JsonNode shadow = says.path("shadow");
            if (says.isObject())
                models.add(says.path("activeModel").asText()
                        + (shadow.isObject()
                                ? " with the shadow " + shadow.path("version").asText()
                                : ""));
            if (shadow.isObject()) shadow(shadow);
            for (JsonNode drift : says.path("drift")) drift(drift);
        }
        if (models.size() > 1)
            out.println("  the classifiers score with different models: "
                    + UntrustedText.oneLine(String.join("; ", models)));
    }

    private void shadow(JsonNode shadow) {
        long compared = shadow.path("compared").asLong();
        long failed = shadow.path("failed").asLong();
        out.printf(
                "  shadow %s: %s%s%n",
                text(shadow, "version"),
                compared == 0
                        ? "nothing compared yet"
                        : String.format(
                                Locale.ROOT,
                                "another sentiment for %.1f %% of %,d tweets, mean difference %.3f",
                                100 * shadow.path("disagreed").asDouble(),
                                compared,
                                shadow.path("meanDifference").asDouble()),
                failed == 0 ? "" : String.format(Locale.ROOT, ", failed for %,d", failed));
    }

    private void drift(JsonNode drift) {
        List<String> alarms = new ArrayList<>();
        drift.path("alarms").forEach(alarm -> alarms.add(alarm.asText()));
        JsonNode psi = drift.path("psi");
        out.printf(
                Locale.ROOT,
                "  drift of %-12s %.1f %% of tokens unknown, %.1f %% of tweets uncertain, PSI %s%n"
                        + "                        in %,d tweets from %s on%s%n",
                text(drift, "feed"),
                100 * drift.path("unknownRate").asDouble(),
                100 * drift.path("uncertainShare").asDouble(),
                psi.isNumber() ? String.format(Locale.ROOT, "%.2f", psi.asDouble()) : "unknown",
                drift.path("tweets").asLong(),
                text(drift, "window"),
                alarms.isEmpty() ? "" : ": drifts by " + UntrustedText.oneLine(String.join(", ", alarms)));
    }

    private static String text(JsonNode object, String field) {
        return UntrustedText.oneLine(object.path(field).asText());
    }
}
