// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void theModuleKnowsNoModuleButSchemas() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("io.deeptweet..")
                        .and(resideOutsideOfPackages("io.deeptweet.service..", "io.deeptweet.schemas..")))
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.deeptweet.(service.*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void plainLogicDoesNotImportWiring() {
        noClasses()
                .that()
                .resideInAnyPackage("io.deeptweet.service.retry..", "io.deeptweet.service.file..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "io.smallrye..", "jakarta..")
                .check(CLASSES);
    }
}
