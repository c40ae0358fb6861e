package bank.registry;

import static bank.registry.Scene.AMELIA;
import static bank.registry.Scene.AMELIAS_NUMBER;
import static bank.registry.Scene.EMPLOYEE;
import static bank.registry.Scene.MARY;
import static bank.registry.Scene.MARYS_NUMBER;
import static bank.registry.Scene.STRANGER;
import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.GetPatientRequest;
import bank.v1.ListPatientsRequest;
import bank.v1.NhsServiceGrpc;
import bank.v1.Patient;
import com.google.type.Date;
import io.grpc.Status.Code;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatientsIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    private static final ListPatientsRequest ALL = ListPatientsRequest.getDefaultInstance();
    private static final Patient MARY_JONES = Patient.newBuilder()
            .setNhsNumber(MARYS_NUMBER)
            .setFirstName("Mary")
            .setLastName("Jones")
            .setBirthday(Date.newBuilder().setYear(1984).setMonth(4).setDay(12))
            .setPractice("Riverside Surgery")
            .build();

    private static Scene scene;

    @BeforeAll
    static void open() {
        scene = new Scene(postgres, kafka);
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    @Test
    void staffSeeEveryPatientByNumber() {
        var patients = scene.nhs(EMPLOYEE).listPatients(ALL).getPatientsList();

        assertThat(patients).hasSizeGreaterThan(15).contains(MARY_JONES);
        assertThat(patients).extracting(Patient::getNhsNumber).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 200})
    void pagesHaveEveryPatientOnce(int size) {
        var paged = new ArrayList<Patient>();
        var request = ListPatientsRequest.newBuilder().setPageSize(size);
        do {
            var page = scene.nhs(EMPLOYEE).listPatients(request.build());
            assertThat(page.getPatientsCount()).isBetween(1, size);
            paged.addAll(page.getPatientsList());
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());

        assertThat(paged).isEqualTo(scene.nhs(EMPLOYEE).listPatients(ALL).getPatientsList());
    }

    @Test
    void refusesPagesOfImpossibleSizeAndTokensOfOthers() {
        for (var size : new int[] {0, 201}) {
            assertThatCall(() -> scene.nhs(EMPLOYEE)
                            .listPatients(ListPatientsRequest.newBuilder()
                                    .setPageSize(size)
                                    .build()))
                    .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                    .hasFieldViolation("page_size");
        }
        var token = scene.nhs(EMPLOYEE)
                .listPatients(ListPatientsRequest.newBuilder().setPageSize(1).build())
                .getNextPageToken();
        assertThatCall(() -> scene.nhs(MARY)
                        .listPatients(ListPatientsRequest.newBuilder()
                                .setPageToken(token)
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "PAGE_TOKEN");
    }

    @Test
    void aVerifiedClientSeesHisOwnRecordAndOneWhoIsNotNone() {
        assertThat(scene.nhs(MARY).listPatients(ALL).getPatientsList()).containsExactly(MARY_JONES);
        assertThat(scene.nhs(MARY).listPatients(ALL).getNextPageToken()).isEmpty();
        assertThat(scene.nhs(AMELIA).listPatients(ALL).getPatientsList())
                .extracting(Patient::getNhsNumber)
                .containsExactly(AMELIAS_NUMBER);
        assertThat(scene.nhs(STRANGER).listPatients(ALL).getPatientsList()).isEmpty();
    }

    @Test
    void onePatientIsForStaffAndHimself() {
        assertThat(scene.nhs(EMPLOYEE).getPatient(get("943 476 5919"))).isEqualTo(MARY_JONES);
        assertThat(scene.nhs(MARY).getPatient(get(MARYS_NUMBER))).isEqualTo(MARY_JONES);
        for (var other : new long[] {AMELIA, STRANGER}) {
            assertThatCall(() -> scene.nhs(other).getPatient(get(MARYS_NUMBER)))
                    .fails(Code.NOT_FOUND, "PATIENT_NOT_FOUND");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999999999", "9434765918", "mary", "AB654321A"})
    void nobodyHasAnUnknownNumber(String number) {
        assertThatCall(() -> scene.nhs(EMPLOYEE).getPatient(get(number))).fails(Code.NOT_FOUND, "PATIENT_NOT_FOUND");
    }

    @Test
    void machinesAndNobodyAreLeftOut() {
        var stub = NhsServiceGrpc.newBlockingStub(scene.channel);
        assertThatCall(() -> stub.listPatients(ALL)).fails(Code.UNAUTHENTICATED, "TOKEN_MISSING");
        assertThatCall(() -> Scene.as(stub, scene.identity.machine("abs", "verifications:process"))
                        .listPatients(ALL))
                .fails(Code.PERMISSION_DENIED, "USER_MISSING");
    }

    private static GetPatientRequest get(String number) {
        return GetPatientRequest.newBuilder().setNhsNumber(number).build();
    }
}
