// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.deeptweet.model.artefact.ModelArtefact;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    /** Only the classes of the jar, without those of the tests. */
    private static final JavaClasses MODEL = new ClassFileImporter()
            .importUrl(ModelArtefact.class.getProtectionDomain().getCodeSource().getLocation());

    /** So it knows neither Kafka, Quarkus and DL4J nor another module. */
    @Test
    void theScoringJarNeedsOnlyTheJdkAndJackson() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.deeptweet.model..", "java..", "jdk.incubator.vector", "com.fasterxml.jackson..")
                .check(MODEL);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.deeptweet.model.(*)..").should().beFreeOfCycles().check(MODEL);
    }

    @Test
    void onlyTheVectorClassesTouchTheVectorModule() {
        classes()
                .that()
                .haveSimpleNameNotStartingWith("Vector")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackage("jdk.incubator.vector")
                .check(MODEL);
    }
}
