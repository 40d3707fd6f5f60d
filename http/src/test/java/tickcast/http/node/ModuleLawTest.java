package tickcast.http.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The law of who may know whom (docs/decisions/0002). */
@AnalyzeClasses(packages = "tickcast", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleLawTest {

    @ArchTest
    static final ArchRule modelKnowsOnlyPlainJava = classes()
            .that()
            .resideInAPackage("tickcast.model..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("tickcast.model..", "java..", "com.fasterxml.jackson..", "ml.dmlc..", "org.slf4j..");

    @ArchTest
    static final ArchRule modelHasNoClockThreadFileOrSocket = noClasses()
            .that()
            .resideInAPackage("tickcast.model..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                    "java\\.(io\\.File.*|nio\\.file\\..*|net\\..*|lang\\.Thread|util\\.Timer.*|time\\.Clock)");

    @ArchTest
    static final ArchRule modelNeverReadsTheClock = noClasses()
            .that()
            .resideInAPackage("tickcast.model..")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule actorsKnowModelAndAkka = noClasses()
            .that()
            .resideInAPackage("tickcast.actors..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "tickcast.streams..", "tickcast.http..", "akka.http..", "akka.kafka..", "java.sql..", "ml.dmlc..");

    @ArchTest
    static final ArchRule streamsNeverKnowHttpModule = noClasses()
            .that()
            .resideInAPackage("tickcast.streams..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("tickcast.http..");

    @ArchTest
    static final ArchRule apiKnowsOnlyModelAndActors = noClasses()
            .that()
            .resideInAPackage("tickcast.http.api..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tickcast.streams..", "tickcast.http.node..");

    @ArchTest
    static final ArchRule xgboostOnlyTrains = noClasses()
            .that()
            .resideOutsideOfPackage("tickcast.model.training")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ml.dmlc..");
}
