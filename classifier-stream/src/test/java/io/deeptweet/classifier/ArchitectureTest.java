// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "io.deeptweet.classifier";
    private static final String[] WIRING = {ROOT + ".service..", ROOT + ".metrics.."};
    private static final String[] FRAMEWORKS = {
        "io.quarkus..",
        "io.smallrye..",
        "jakarta..",
        "org.eclipse.microprofile..",
        "io.micrometer..",
        "io.opentelemetry..",
        "io.vertx.."
    };

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void packagesHaveNoCycles() {
        slices().assignedFrom(new EachPackage()).should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyWiringKnowsTheFrameworks() {
        noClasses()
                .that()
                .resideOutsideOfPackages(WIRING)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FRAMEWORKS)
                .check(CLASSES);
    }

    @Test
    void theDomainDoesNotKnowTheWiring() {
        noClasses()
                .that()
                .resideOutsideOfPackages(WIRING)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(WIRING)
                .check(CLASSES);
    }

    /** Models are reloaded and drift is judged without Kafka: a unit test needs none. */
    @Test
    void reloadingAndJudgingDoNotKnowKafka() {
        noClasses()
                .that()
                .haveSimpleName("ModelReloader")
                .or()
                .haveSimpleName("ActiveModel")
                .or()
                .haveSimpleName("ModelReferences")
                .or()
                .haveSimpleName("DriftThresholds")
                .or()
                .haveSimpleName("SentimentAggregate")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(CLASSES);
    }

    /** One slice per package, the root package among them. */
    private static final class EachPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            return javaClass.getPackageName().startsWith(ROOT)
                    ? SliceIdentifier.of(javaClass.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "each package of " + ROOT;
        }
    }
}
