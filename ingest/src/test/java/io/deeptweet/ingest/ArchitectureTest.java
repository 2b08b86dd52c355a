// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.deeptweet.ingest");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.deeptweet.ingest.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theDomainDoesNotKnowTheWiring() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..ingest.service", "..ingest.http")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.deeptweet.ingest.service..",
                        "io.deeptweet.ingest.http..",
                        "io.deeptweet.service.settings..",
                        "io.deeptweet.service.start..",
                        "io.deeptweet.service.http..",
                        "io.quarkus..",
                        "io.smallrye..",
                        "io.micrometer..",
                        "jakarta..",
                        "org.eclipse.microprofile..")
                .check(CLASSES);
    }
}
