// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.schemas.text.UntrustedText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The rules of the stream, which X keeps for an app. Those of a source have its tag. Others are left as they are: X
 * delivers their posts as well.
 */
final class XRules {
    private static final Logger LOG = Logger.getLogger(XRules.class);
    private static final int MOST_PAGES = 100;
    private static final int BAD_REQUEST = 400;
    private static final int UNPROCESSABLE = 422;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_FAILED = 500;
    /** X counts seven days. */
    private static final double WEEKS_OF_A_MONTH = 365.25 / 12 / 7;

    private record Rule(String id, String value, String tag) {}

    private final String source;
    private final XOptions options;
    private final XApi api;
    private final String tag;
    private final Set<String> ids = new HashSet<>();

    XRules(String source, XOptions options, XApi api) {
        this.source = source;
        this.options = options;
        this.api = api;
        tag = "deeptweet-" + source;
    }

    /**
     * Adds the source's rules that X does not have, and deletes those of an earlier start. What their posts cost is
     * logged before.
     *
     * @throws LiveException if X cannot be asked now
     * @throws IOException if X refuses a rule; the message is a sentence
     */
    void set(XBudget budget) throws IOException, InterruptedException {
        List<Rule> present = present();
        Set<String> wanted = new LinkedHashSet<>(options.rules());
        ids.clear();
        present.stream().filter(rule -> wanted.contains(rule.value())).forEach(rule -> ids.add(rule.id()));
        List<Rule> foreign = present.stream()
                .filter(rule -> !rule.tag().equals(tag) && !wanted.contains(rule.value()))
                .toList();
        if (!foreign.isEmpty())
            LOG.warnf(
                    "source %s: X has %d rules of other tags, whose posts it delivers and charges for as well: %s",
                    source, foreign.size(), names(foreign));
        present.forEach(rule -> wanted.remove(rule.value()));
        logCost(wanted, budget);
        List<Rule> obsolete = present.stream()
                .filter(rule -> rule.tag().equals(tag) && !options.rules().contains(rule.value()))
                .toList();
        if (!obsolete.isEmpty()) delete(obsolete);
        if (!wanted.isEmpty()) add(wanted);
    }

    private static String names(List<Rule> rules) {
        return rules.stream()
                .limit(5)
                .map(rule -> UntrustedText.quoted(rule.tag().isEmpty() ? rule.value() : rule.tag()))
                .collect(Collectors.joining(", "));
    }

    /** Whether X delivered a post for a rule of this source. */
    boolean match(JsonNode object) {
        JsonNode matching = object.path("matching_rules");
        return matching.isEmpty()
                || matching.valueStream()
                        .anyMatch(rule -> ids.contains(rule.path("id").asText())
                                || rule.path("tag").asText().equals(tag));
    }

    private List<Rule> present() throws IOException, InterruptedException {
        List<Rule> rules = new ArrayList<>();
        Optional<String> next = Optional.empty();
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode answer = api.rules(next);
            answer.path("data").valueStream().map(XRules::rule).forEach(rules::add);
            next = Optional.ofNullable(answer.path("meta").path("next_token").textValue());
            if (next.isEmpty()) break;
        }
        return rules;
    }

    private static Rule rule(JsonNode rule) {
        return new Rule(
                rule.path("id").asText(),
                rule.path("value").asText(),
                rule.path("tag").asText());
    }

    /** For each rule, how many posts it matches, and what they cost. */
    void logCost(Iterable<String> rules, XBudget budget) throws IOException, InterruptedException {
        for (String rule : rules) {
            try {
                long posts = Math.round(api.count(rule) * WEEKS_OF_A_MONTH);
                LOG.infof(
                        "source %s: the rule %s matches %s",
                        source, UntrustedText.oneLine(rule), budget.estimate(posts, options.expand()));
            } catch (LiveException e) {
                boolean passes = e.status() == 0 || e.status() == TOO_MANY_REQUESTS || e.status() >= SERVER_FAILED;
                if (passes) throw e;
                LOG.warnf(
                        "source %s: X does not tell how many posts the rule %s matches (%s); %s",
                        source, UntrustedText.oneLine(rule), UntrustedText.oneLine(e.getMessage()), budget.describe());
            }
        }
    }

    private void delete(List<Rule> rules) throws IOException, InterruptedException {
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        ArrayNode list = change.putObject("delete").putArray("ids");
        rules.forEach(rule -> list.add(rule.id()));
        requireDone(change(change));
        LOG.infof("source %s: deleted %d rules of an earlier start", source, rules.size());
    }

    private void add(Set<String> values) throws IOException, InterruptedException {
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        ArrayNode list = change.putArray("add");
        values.forEach(value -> list.addObject().put("value", value).put("tag", tag));
        JsonNode answer = change(change);
        requireDone(answer);
        Stream.concat(answer.path("data").valueStream(), answer.path("errors").valueStream())
                .map(rule -> rule.path("id").asText())
                .filter(id -> !id.isEmpty())
                .forEach(ids::add);
    }

    private JsonNode change(JsonNode change) throws IOException, InterruptedException {
        try {
            return api.changeRules(change);
        } catch (LiveException e) {
            if (e.status() != BAD_REQUEST && e.status() != UNPROCESSABLE) throw e;
            throw new IOException(e.getMessage() + "; correct the rule", e);
        }
    }

    /** A part of the rules may be refused by an answer of success. */
    private static void requireDone(JsonNode answer) throws IOException {
        Optional<JsonNode> error = answer.path("errors")
                .valueStream()
                .filter(one -> !one.path("title").asText().equals("DuplicateRule"))
                .findFirst();
        if (error.isEmpty()) return;
        String why = Stream.concat(
                        Stream.of("title", "detail")
                                .map(field -> error.get().path(field).asText()),
                        error.get().path("details").valueStream().map(JsonNode::asText))
                .filter(text -> !text.isBlank())
                .collect(Collectors.joining(": "));
        throw new IOException("X refuses the rule "
                + UntrustedText.oneLine(
                        UntrustedText.shortened(error.get().path("value").asText(), 200))
                + ": " + UntrustedText.oneLine(UntrustedText.shortened(why, 300)) + "; correct it");
    }
}
