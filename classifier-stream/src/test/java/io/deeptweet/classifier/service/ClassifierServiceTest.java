// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClassifierServiceTest {
    @Test
    void withoutMemoryOrAStateUpdaterTheProcessEnds() {
        Thread updater = new Thread("deeptweet-classifier-0c1d-StateUpdater-1");
        Thread other = new Thread("alert-log");
        assertThat(ClassifierService.endsProcess(other, new OutOfMemoryError("Cannot reserve direct buffer memory")))
                .isTrue();
        assertThat(ClassifierService.endsProcess(updater, new NoClassDefFoundError()))
                .isTrue();
        assertThat(ClassifierService.endsProcess(other, new IllegalStateException()))
                .isFalse();
    }
}
