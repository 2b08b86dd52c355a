// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.check;

import io.deeptweet.trainer.evaluate.ReportJson;
import io.deeptweet.trainer.report.ReportTemplates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a model did with behavioural tests.
 *
 * @param model its version
 * @param tests at least one
 */
public record CheckReport(String model, List<TestResult> tests) {
    /**
     * The tests of one capability.
     *
     * @param failureRate mean of the tests' failure rates, in [0, 1]
     */
    public record Capability(String name, int tests, double failureRate) {}

    public CheckReport {
        tests = List.copyOf(tests);
    }

    /** The mean of the tests' failure rates, in [0, 1]. */
    public double failureRate() {
        return mean(tests);
    }

    /** Whether no test failed more often than it may. */
    public boolean passed() {
        return tests.stream().allMatch(TestResult::passed);
    }

    /** The capabilities in the order of the tests. */
    public List<Capability> capabilities() {
        return tests.stream()
                .collect(Collectors.groupingBy(TestResult::capability, LinkedHashMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(capability -> new Capability(
                        capability.getKey(), capability.getValue().size(), mean(capability.getValue())))
                .toList();
    }

    /** The tests whose words have groups. */
    public List<TestResult> grouped() {
        return tests.stream().filter(test -> !test.groups().isEmpty()).toList();
    }

    private static double mean(List<TestResult> tests) {
        return tests.stream().mapToDouble(TestResult::failureRate).average().orElseThrow();
    }

    /** As Markdown. */
    public String markdown() {
        return ReportTemplates.render("check.md", Map.of("report", this));
    }

    /** As a page. */
    public String html() {
        return ReportTemplates.render("check.html", Map.of("report", this));
    }

    /** As a JSON object. */
    public String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model);
        json.put("passed", passed());
        json.put("failure_rate", failureRate());
        json.put("capabilities", capabilities());
        json.put("tests", tests);
        return ReportJson.pretty(json);
    }
}
