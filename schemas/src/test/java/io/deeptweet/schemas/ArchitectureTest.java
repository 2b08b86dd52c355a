// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void theModuleKnowsNoOtherModule() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.deeptweet..").and(resideOutsideOfPackage("io.deeptweet.schemas..")))
                .check(CLASSES);
    }

    /** It is all that a downstream consumer needs. */
    @Test
    void theModuleNeedsNoFramework() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "io.smallrye..", "jakarta..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.deeptweet.(schemas.*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    /** It is shaded into a jar of another project, so it must be easy to replace. */
    @Test
    void oneClassUsesTheRegistryClient() {
        noClasses()
                .that()
                .haveNameNotMatching("io.deeptweet.schemas.serde.RegistrySchemaIds.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.flink..")
                .check(CLASSES);
    }
}
