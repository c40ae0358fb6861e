package bank.registry;

import static bank.registry.Scene.EMPLOYEE;
import static bank.registry.Scene.MARY;
import static bank.registry.Scene.MARYS_NUMBER;
import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.registry.client.TestRegistry;
import bank.registry.client.TestRegistry.Fault;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.Person;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.GetPatientRequest;
import bank.v1.ListPatientsRequest;
import bank.v1.Patient;
import io.grpc.Status.Code;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// With the NHS over HTTP, staff see the patients who were verified here.
class RemotePatientsIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    private final TestRegistry nhs = new TestRegistry(new Person(
            new Identifier(IdentifierType.NHS, MARYS_NUMBER),
            "Mary",
            "Jones",
            LocalDate.of(1984, 4, 12),
            false,
            "Riverside Surgery"));
    private Scene scene;

    @BeforeEach
    void open() {
        scene = new Scene(
                postgres,
                kafka,
                Map.of(
                        "bank.registry.nhs.url", nhs.url().toString(),
                        "bank.registry.nhs.token-url", nhs.tokenUrl().toString(),
                        "bank.registry.nhs.client-id", "bank",
                        "bank.registry.nhs.client-secret", "secret",
                        "bank.registry.nhs.timeout", "PT5S",
                        "bank.registry.nhs.tries-max", "1"));
    }

    @AfterEach
    void close() {
        scene.close();
        nhs.close();
    }

    @Test
    void staffSeeThoseVerifiedHereWhomTheNhsKnows() {
        // Amelia was verified here too, and the NHS knows her no more.
        var page = scene.nhs(EMPLOYEE)
                .listPatients(ListPatientsRequest.newBuilder().setPageSize(1).build());

        assertThat(page.getPatientsList()).extracting(Patient::getNhsNumber).containsExactly(MARYS_NUMBER);
        assertThat(page.getNextPageToken()).isEmpty();
    }

    @Test
    void tellsThatTheRegistryDoesNotAnswer() {
        nhs.failing(Fault.of(503, ""), Fault.of(503, ""), Fault.of(503, ""));

        assertThatCall(() -> scene.nhs(EMPLOYEE).listPatients(ListPatientsRequest.getDefaultInstance()))
                .fails(Code.UNAVAILABLE, "REGISTRY_UNAVAILABLE");
        assertThatCall(() -> scene.nhs(MARY)
                        .getPatient(GetPatientRequest.newBuilder()
                                .setNhsNumber(MARYS_NUMBER)
                                .build()))
                .fails(Code.UNAVAILABLE, "REGISTRY_UNAVAILABLE");
    }
}
