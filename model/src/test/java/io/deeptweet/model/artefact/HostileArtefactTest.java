// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever may write to the model topic, or names a file, gets a sentence and not a crash. */
class HostileArtefactTest {
    @ParameterizedTest
    @MethodSource("io.deeptweet.model.artefact.HostileArtefact#all")
    void aHostileModelIsRefusedWithItsReason(HostileArtefact hostile) {
        assertThatThrownBy(() -> ModelArtefact.read(hostile.file()))
                .isInstanceOf(InvalidArtefactException.class)
                .hasMessageContaining(hostile.refusal());
    }

    @Test
    void noCaseIsThereTwice() throws Exception {
        List<String> names = HostileArtefact.all().map(HostileArtefact::name).toList();
        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(180);
    }
}
