// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    /** Only the classes of the jar, without those of the tests. */
    private static final JavaClasses CLI = new ClassFileImporter()
            .importUrl(DeepTweet.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.deeptweet.cli.(*)..").should().beFreeOfCycles().check(CLI);
    }

    @Test
    void commandsDoNotKnowHowTheyArePutTogether() {
        noClasses()
                .that()
                .resideInAPackage("io.deeptweet.cli.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.deeptweet.cli")
                .check(CLI);
    }
}
