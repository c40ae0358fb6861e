package bank.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.doNot;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Holds the directions of the house: which module may know which, and which layer of a service may know which.
class ArchitectureTest {
    private static final String[] SERVICES = {"bank.identity..", "bank.document..", "bank.contract..", "bank.registry.."
    };
    private static final String[] PROTOBUF_AND_GRPC = {
        "com.google.protobuf..", "com.google.rpc..", "io.grpc..", "bank.v1.."
    };
    private static final JavaClasses BANK = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/testing"))
            .importPackages("bank");

    /// The outside of a service: what it reaches the world through.
    private static final String[] OUTSIDE = {
        "..store..", "..blob..", "..content..", "..events..", "..client..", "..keys..", "..password.."
    };

    @ParameterizedTest
    @ValueSource(strings = {"identity", "document", "contract", "registry"})
    void servicesMeetOnlyThroughTheContract(String service) {
        var own = "bank." + service + "..";
        noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others(own, "bank.edge..", "bank.embedded..", "bank.standalone.."))
                .allowEmptyShould(true)
                .check(BANK);
    }

    @Test
    void platformKnowsNoServiceAndTheEdgeNeither() {
        noClasses()
                .that()
                .resideInAnyPackage("bank.platform..", "bank.edge..", "bank.embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SERVICES)
                .check(BANK);
        noClasses()
                .that()
                .resideOutsideOfPackage("bank.standalone..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("bank.standalone..")
                .check(BANK);
    }

    @Test
    void callsRunOneWay() {
        callsNone("bank.identity..", "AuthService", "UserService", "OAuthService");
        callsNone("bank.document..", "ContractService", "HmrcService", "NhsService");
        callsNone("bank.contract..", "HmrcService", "NhsService");
        callsNone("bank.registry..", "ContractService", "DocumentService", "DocumentHoldService");
    }

    /// Checks that a service neither calls what is not named here, by a stub of it.
    private static void callsNone(String service, String... called) {
        var stubs = resideInAPackage("bank.v1..").and(stubOf(called));
        noClasses()
                .that()
                .resideInAPackage(service)
                .should()
                .dependOnClassesThat(stubs)
                .allowEmptyShould(true)
                .check(BANK);
    }

    private static DescribedPredicate<JavaClass> stubOf(String... services) {
        return DescribedPredicate.describe(
                "stubs of " + String.join(", ", services),
                type -> type.getSimpleName().endsWith("Stub")
                        && Arrays.stream(services).anyMatch(type.getName().split("\\$")[0]::contains));
    }

    @Test
    void layersOfAServiceLookDown() {
        noClasses()
                .that(inServices("..domain.."))
                .should()
                .dependOnClassesThat(inServices("..rpc..", "..consumer.."))
                .check(BANK);
        noClasses()
                .that(inServices(OUTSIDE))
                .should()
                .dependOnClassesThat(inServices("..rpc..", "..consumer..", "..domain.."))
                .check(BANK);
        noClasses()
                .that(inServices("..rpc..", "..consumer..", "..domain..", "..model..")
                        .or(inServices(OUTSIDE)))
                .should()
                .dependOnClassesThat(rootOfAService())
                .check(BANK);
        noClasses()
                .that(inServices("..rpc..", "..consumer.."))
                .should()
                .dependOnClassesThat(inServices("..store..", "..blob..").and(simpleNameEndingWith("Store")))
                .check(BANK);
    }

    @Test
    void modelsKnowTheJdkAlone() {
        classes()
                .that(inServices("..model.."))
                .should()
                .onlyDependOnClassesThat(
                        inServices("..model..").or(resideInAnyPackage("java..", "org.jspecify.annotations..")))
                .check(BANK);
    }

    @Test
    void protobufAndGrpcStayAtTheRim() {
        noClasses()
                .that(doNot(resideInAnyPackage(
                        "..rpc..",
                        "..consumer..",
                        "..events..",
                        "..client..",
                        "bank.edge..",
                        "bank.platform..",
                        "bank.v1..")))
                .and(doNot(rootOfAService()))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PROTOBUF_AND_GRPC)
                .check(BANK);
    }

    @Test
    void jdbiStaysInTheStores() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "..store..", "bank.platform.db..", "bank.platform.idempotency..", "bank.platform.events..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jdbi..")
                .check(BANK);
    }

    @Test
    void kafkaStaysInThePlatform() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "bank.platform.events..",
                        "bank.embedded..",
                        "bank.edge.events..",
                        "bank.standalone..",
                        "bank.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "io.cloudevents..")
                .check(BANK);
    }

    @Test
    void armeriaStaysAtTheEdge() {
        noClasses()
                .that()
                .resideOutsideOfPackages("bank.edge..", "bank.sandbox..", "bank.standalone..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.linecorp.armeria..")
                .check(BANK);
    }

    @Test
    void onlyMainAndPlatformReadTheClockAndTheEnvironment() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Main")
                .and()
                .resideOutsideOfPackages("bank.platform..")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(BANK);
        noClasses()
                .that()
                .doNotHaveSimpleName("Main")
                .and()
                .resideOutsideOfPackages("bank.platform..", "bank.standalone..")
                .should()
                .callMethod(Clock.class, "systemUTC")
                .check(BANK);
    }

    @Test
    void namesTellWhatAThingIs() {
        noClasses()
                .that()
                .resideOutsideOfPackage("bank.v1..")
                .should()
                .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Dto|DTO)(\\$.*)?")
                .orShould()
                .haveNameMatching(".*\\.Base[A-Z]\\w*")
                .check(BANK);
    }

    private static DescribedPredicate<JavaClass> inServices(String... layers) {
        return resideInAnyPackage(SERVICES).and(resideInAnyPackage(layers));
    }

    private static DescribedPredicate<JavaClass> rootOfAService() {
        return resideInAnyPackage("bank.identity", "bank.document", "bank.contract", "bank.registry");
    }

    private static String[] others(String own, String... more) {
        return Stream.concat(Stream.of(SERVICES).filter(service -> !service.equals(own)), Stream.of(more))
                .toArray(String[]::new);
    }
}
