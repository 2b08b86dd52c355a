// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.main.LaunchResult;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import io.quarkus.test.junit.main.QuarkusMainTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Starts the sample service with right and wrong settings. An integration test because Quarkus builds it first. */
@QuarkusMainTest
class StartFailureIT {
    private final List<String> given = new ArrayList<>();

    @AfterEach
    void forget() {
        given.forEach(System::clearProperty);
    }

    @Test
    void aServiceStartsWithItsSettings(QuarkusMainLauncher launcher) {
        give(Map.of("deeptweet.feeds.x.file", "x.csv", "deeptweet.window.grace", "90s"));
        LaunchResult result = launcher.launch();
        assertThat(result.exitCode()).isZero();
        assertThat(result.getOutput()).contains("grace PT1M30S, feeds [x]").contains("x repeats ONCE");
        assertThat(result.getOutput() + result.getErrorOutput()).doesNotContain(" ERROR ", " WARN ");
    }

    /** Quarkus converts before the service runs. */
    @Test
    void valuesThatQuarkusCannotConvertEndTheStart(QuarkusMainLauncher launcher) {
        give(Map.of(
                "deeptweet.window.grace", "soon",
                "deeptweet.threads", "0",
                "deeptweet.pin", "swordfish",
                "deeptweet.feeds.x.repeat", "twice"));
        assertFailure(
                launcher.launch(),
                "sample cannot start: deeptweet.feeds.x.file is missing: use a file that can be read"
                        + "; deeptweet.feeds.x.repeat is twice: use once or in-a-loop"
                        + "; deeptweet.pin has a wrong value, not shown because it is secret: use 4 digits"
                        + "; deeptweet.threads is 0: use 1 to 999"
                        + "; deeptweet.window.grace is soon: use 0s to 36500d, such as 30s");
    }

    @Test
    void valuesOutOfRangeEndTheStart(QuarkusMainLauncher launcher) {
        give(Map.of("deeptweet.window.grace", "-5s", "deeptweet.window.grase", "1d"));
        assertFailure(
                launcher.launch(),
                "sample cannot start: deeptweet.window.grace is -5s: use 0s to 36500d, such as 30s"
                        + "; deeptweet.window.grase is not a setting: correct or remove it");
    }

    /** Quarkus' own settings, in its own words. */
    @Test
    void aWrongSettingOfQuarkusEndsTheStart(QuarkusMainLauncher launcher) {
        give(Map.of("quarkus.shutdown.timeout", "later"));
        assertFailure(launcher.launch(), "sample cannot start: ", "quarkus.shutdown.timeout");
    }

    @Test
    void aServiceThatEverybodyCouldUseDoesNotStart(QuarkusMainLauncher launcher) {
        give(Map.of("deeptweet.feeds.x.file", "x.csv", "quarkus.http.host", "0.0.0.0"));
        assertFailure(
                launcher.launch(),
                "sample cannot start: quarkus.http.host is 0.0.0.0: use 127.0.0.1",
                "deeptweet.security.users-file",
                "deeptweet.security.enabled=false");
    }

    private void give(Map<String, String> settings) {
        settings.forEach(System::setProperty);
        given.addAll(settings.keySet());
    }

    private static void assertFailure(LaunchResult result, String... words) {
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(Stream.of(result.getOutputStream(), result.getErrorStream()).flatMap(List::stream))
                .filteredOn(line -> line.contains("cannot start"))
                .singleElement()
                .asString()
                .contains(words);
        assertThat(result.getOutput() + result.getErrorOutput()).doesNotContain("\tat ", "Exception in thread");
    }
}
