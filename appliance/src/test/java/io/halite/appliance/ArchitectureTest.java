package io.halite.appliance;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;

@AnalyzeClasses(packages = "io.halite", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule modulesPointDownwards = layeredArchitecture().consideringOnlyDependenciesInLayers()
            .layer("appliance").definedBy("io.halite.appliance..")
            .layer("admin").definedBy("io.halite.admin..")
            .layer("proxy").definedBy("io.halite.proxy..")
            .optionalLayer("dns").definedBy("io.halite.dns..")
            .layer("health").definedBy("io.halite.health..")
            .layer("config").definedBy("io.halite.config..")
            .whereLayer("appliance").mayNotBeAccessedByAnyLayer()
            .whereLayer("admin").mayOnlyBeAccessedByLayers("appliance")
            .whereLayer("proxy").mayOnlyBeAccessedByLayers("appliance")
            .whereLayer("dns").mayOnlyBeAccessedByLayers("appliance")
            .whereLayer("health").mayOnlyBeAccessedByLayers("proxy", "dns", "admin", "appliance")
            .whereLayer("config").mayOnlyBeAccessedByLayers(
                    "health", "proxy", "dns", "admin", "appliance");

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("io.halite.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule jraftStaysInTheRaftPackage = noClasses()
            .that().resideOutsideOfPackage("io.halite.config.raft..")
            .should().dependOnClassesThat().resideInAnyPackage("com.alipay..");

    @ArchTest
    static final ArchRule dnsjavaStaysInTheDnsPackage = noClasses()
            .that().resideOutsideOfPackage("io.halite.dns..")
            .should().dependOnClassesThat().resideInAnyPackage("org.xbill..");

    @ArchTest
    static final ArchRule theDomainIsRecordsEnumsAndSealedInterfaces = classes()
            .that().resideInAPackage("io.halite.config")
            .and().areNotNestedClasses().and().areNotInterfaces()
            .should().beRecords().orShould().beEnums();

    @ArchTest
    static final ArchRule theDomainDoesNoWork = noClasses().that().resideInAPackage("io.halite.config")
            .should().dependOnClassesThat(resideInAnyPackage(
                    "java.net..", "java.nio..", "java.util.concurrent..", "io.halite.config.raft.."));

    @ArchTest
    static final ArchRule applyingACommandIsDeterministic = noClasses()
            .that().resideInAPackage("io.halite.config.raft")
            .and().haveSimpleNameEndingWith("StateMachine")
            .should().dependOnClassesThat().belongToAnyOf(
                    Clock.class, java.util.Random.class, java.util.UUID.class, java.time.InstantSource.class)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule timeComesFromAnInjectedClock = noClasses()
            .that().haveNameNotMatching(".*Ticker.*")
            .should().callMethod(System.class, "currentTimeMillis").orShould().callMethod(System.class, "nanoTime");
}
