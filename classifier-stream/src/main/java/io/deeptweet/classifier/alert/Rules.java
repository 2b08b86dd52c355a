// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.alert;

import io.deeptweet.schemas.AlertRule;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.definition.DefinitionChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The rules: those of the settings, and those of {@code sentiment.alert-rules}, which cannot replace the former.
 * Thread-safe.
 */
public final class Rules {
    /** Most rules that the topic may define. */
    public static final int MOST = 100;

    private static final Logger LOG = Logger.getLogger(Rules.class);

    /**
     * A rule that is known.
     *
     * @param configured whether the settings define it
     */
    public record Known(Rule rule, boolean configured) {}

    private final Set<Duration> sizes;
    private volatile Map<String, Known> rules;

    /**
     * @param configured rules of the settings
     * @param sizes of the windows that are counted
     * @throws Rule.InvalidException if a rule looks at windows of another size
     */
    public Rules(List<Rule> configured, Set<Duration> sizes) {
        this.sizes = Set.copyOf(sizes);
        configured.forEach(this::requirePossible);
        this.rules = configured.stream()
                .collect(Collectors.toMap(
                        Rule::name, rule -> new Known(rule, true), (first, second) -> second, TreeMap::new));
    }

    /** @throws Rule.InvalidException if the rule looks at windows that are not counted */
    public void requirePossible(Rule rule) {
        if (!rule.isPossible(sizes))
            throw new Rule.InvalidException(
                    "window",
                    rule.window(),
                    "one of " + sizes.stream().sorted().map(Duration::toString).collect(Collectors.joining(", ")));
    }

    /** Returns the rules, in the order of their names. */
    public List<Known> known() {
        return List.copyOf(rules.values());
    }

    public Optional<Known> find(String name) {
        return Optional.ofNullable(rules.get(name));
    }

    /** Whether the topic may define no more rules. */
    public boolean isFull() {
        return rules.values().stream().filter(known -> !known.configured()).count() >= MOST;
    }

    List<Rule> all() {
        return rules.values().stream().map(Known::rule).toList();
    }

    /** Applies a change of the topic. A rule that cannot be used is logged and left out. */
    public synchronized void apply(DefinitionChange<AlertRule> change) {
        String name = change.name();
        if (find(name).filter(Known::configured).isPresent()) {
            LOG.warnf("the alert rule %s of the topic is ignored: the settings define it", UntrustedText.quoted(name));
            return;
        }
        Map<String, Known> changed = new TreeMap<>(rules);
        changed.remove(name);
        if (change instanceof DefinitionChange.Defined<AlertRule> defined) {
            try {
                Rule rule = Rule.of(defined.definition());
                requirePossible(rule);
                if (!rule.name().equals(name)) throw new IllegalArgumentException("the record has another name as key");
                if (isFull() && find(name).isEmpty())
                    throw new IllegalArgumentException("there are " + MOST + " rules already");
                changed.put(name, new Known(rule, false));
            } catch (IllegalArgumentException | ArithmeticException e) {
                LOG.warnf("the alert rule %s is ignored: %s", UntrustedText.quoted(name), e.getMessage());
            }
        } else if (change instanceof DefinitionChange.Unreadable<AlertRule> unreadable) {
            LOG.warnf("the alert rule %s is ignored: %s", UntrustedText.quoted(name), unreadable.fault());
        }
        rules = changed;
    }
}
