package bank.registry;

import static bank.registry.Scene.EMPLOYEE;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.BookAppointmentRequest;
import bank.v1.ListPatientsRequest;
import bank.v1.Patient;
import bank.v1.Slot;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whatever comes at once, a slot has one appointment and a patient one at a time.
class BookingRaceIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    /// On a busy machine so many may wait too long for a connection.
    @RegisterExtension
    static final ExpectedLog log =
            new ExpectedLog("database unavailable", "ERROR RunUntilShutdown", "ERROR RunAndLogErrors");

    private static final int AT_ONCE = 200;
    private static final String BOOKED = "booked";

    private static Scene scene;
    private static List<String> patients;

    @BeforeAll
    static void open() {
        scene = new Scene(postgres, kafka);
        patients = scene.nhs(EMPLOYEE).listPatients(ListPatientsRequest.getDefaultInstance()).getPatientsList().stream()
                .map(Patient::getNhsNumber)
                .toList();
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    @BeforeEach
    void empty() {
        scene.database.inTransaction(tx -> tx.sql().execute("DELETE FROM appointment"));
    }

    @Test
    void oneOfManyWhoBookASlotAtOnceGetsIt() throws Exception {
        var slot = scene.slots(1).getFirst();

        assertThat(atOnce(n -> book(slot, patients.get(n % patients.size()))))
                .containsOnly(Map.entry(BOOKED, 1L), Map.entry("SLOT_TAKEN", AT_ONCE - 1L));
    }

    @Test
    void oneOfManyAppointmentsOfAPatientAtOneTimeStands() throws Exception {
        var slots = scene.slots(4);

        var outcomes = atOnce(n -> book(slots.get(n % slots.size()), patients.getFirst()));

        assertThat(outcomes).containsEntry(BOOKED, 1L);
        assertThat(outcomes.keySet()).isSubsetOf(BOOKED, "SLOT_TAKEN", "APPOINTMENT_OVERLAPS");
    }

    @Test
    void manyPatientsAndSlotsAtOnceLeaveNoSlotFreeThatSomebodyCouldHave() throws Exception {
        var slots = scene.slots(4);

        var outcomes = atOnce(n -> book(slots.get(n % 4), patients.get(n / 4 % patients.size())));

        assertThat(outcomes).containsEntry(BOOKED, 4L);
        assertThat(outcomes.keySet()).isSubsetOf(BOOKED, "SLOT_TAKEN", "APPOINTMENT_OVERLAPS");
        assertThat(scene.slots(4)).doesNotContainAnyElementsOf(slots);
    }

    /// What comes of it in the end: so many at once may find no place at the database, and come again as clients do.
    private static String book(Slot slot, String patient) {
        String outcome;
        do {
            outcome = tried(slot, patient);
        } while (outcome.equals("DATABASE_UNAVAILABLE"));
        return outcome;
    }

    private static String tried(Slot slot, String patient) {
        try {
            scene.nhs(EMPLOYEE)
                    .bookAppointment(BookAppointmentRequest.newBuilder()
                            .setSlotId(slot.getId())
                            .setNhsNumber(patient)
                            .build());
            return BOOKED;
        } catch (StatusRuntimeException e) {
            return reason(e);
        }
    }

    private static String reason(StatusRuntimeException e) {
        var status = StatusProto.fromThrowable(e);
        try {
            return status == null || status.getDetailsCount() == 0
                    ? e.getStatus().toString()
                    : status.getDetails(0).unpack(ErrorInfo.class).getReason();
        } catch (InvalidProtocolBufferException malformed) {
            return malformed.toString();
        }
    }

    /// How often each outcome came.
    private static Map<String, Long> atOnce(Function<Integer, String> work) throws Exception {
        var barrier = new CyclicBarrier(AT_ONCE);
        var calls = new ArrayList<Callable<String>>();
        for (var n = 0; n < AT_ONCE; n++) {
            var number = n;
            calls.add(() -> {
                barrier.await();
                return work.apply(number);
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var outcomes = new ArrayList<String>();
            for (var outcome : threads.invokeAll(calls)) {
                outcomes.add(outcome.get());
            }
            return outcomes.stream().collect(Collectors.groupingBy(outcome -> outcome, Collectors.counting()));
        }
    }
}
