// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * The packages' layers, from the bottom: data, evaluate, train, distill, plan, report, benchmark; label, publish,
 * round.
 */
class ArchitectureTest {
    private static final String ROOT = "io.deeptweet.trainer";
    private static final String[] WIRING = {ROOT + ".service..", ROOT + ".command.."};
    private static final String[] WITHOUT_KAFKA = {
        ROOT + ".data..",
        ROOT + ".evaluate..",
        ROOT + ".network..",
        ROOT + ".train..",
        ROOT + ".distill..",
        ROOT + ".plan..",
        ROOT + ".report..",
        ROOT + ".benchmark..",
        ROOT + ".keras.."
    };
    private static final String[] DL4J = {"org.deeplearning4j..", "org.nd4j..", "org.bytedeco.."};
    /** Qute is a library here, without the rest of Quarkus. */
    private static final DescribedPredicate<JavaClass> FRAMEWORKS = resideInAnyPackage(
                    "io.quarkus..",
                    "io.smallrye..",
                    "io.vertx..",
                    "io.micrometer..",
                    "jakarta..",
                    "org.eclipse.microprofile..")
            .and(resideOutsideOfPackages("io.quarkus.qute.."));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyWiringKnowsTheFrameworks() {
        noClasses()
                .that()
                .resideOutsideOfPackages(WIRING)
                .should()
                .dependOnClassesThat(FRAMEWORKS)
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

    @Test
    void trainingAndEvaluationDoNotKnowKafka() {
        noClasses()
                .that()
                .resideInAnyPackage(WITHOUT_KAFKA)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "io.deeptweet.schemas..")
                .check(CLASSES);
    }

    /** The network, matrix products of the logistic regression, the seed of dropout, and the teacher's own network. */
    @Test
    void onlyTheNetworkAndThreeClassesKnowDl4j() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".network..")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".train.LogisticRegression")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".train.TrainingRun")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".distill.TeacherHead")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(DL4J)
                .check(CLASSES);
    }

    @Test
    void eachLibraryIsKnownToOnePackage() {
        knownOnlyTo("report", "org.knowm.xchart..", "com.kennycason..", "io.quarkus.qute..");
        knownOnlyTo("distill", "ai.onnxruntime..", "ai.djl..");
        knownOnlyTo("benchmark", "de.bwaldvogel..");
        knownOnlyTo("keras", "io.jhdf..");
        knownOnlyTo("command", "picocli..");
    }

    private static void knownOnlyTo(String name, String... libraries) {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries)
                .check(CLASSES);
    }
}
