package bank.registry;

import static bank.registry.Scene.AMELIA;
import static bank.registry.Scene.AMELIAS_NUMBER;
import static bank.registry.Scene.EMPLOYEE;
import static bank.registry.Scene.MARY;
import static bank.registry.Scene.MARYS_NUMBER;
import static bank.registry.Scene.STRANGER;
import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.auth.Principal;
import bank.platform.config.Settings;
import bank.platform.db.Database;
import bank.platform.events.Events;
import bank.platform.events.RetrySchedule;
import bank.platform.grpc.Headers;
import bank.registry.domain.Appointments;
import bank.registry.domain.OwnRecords;
import bank.registry.domain.Patients;
import bank.registry.events.RegistryEvents;
import bank.registry.store.AppointmentStore;
import bank.registry.store.SandboxRegistry;
import bank.registry.store.SlotStore;
import bank.registry.store.VerifiedPersonStore;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.ActivityLogged;
import bank.v1.Appointment;
import bank.v1.AppointmentStatus;
import bank.v1.BookAppointmentRequest;
import bank.v1.CancelAppointmentRequest;
import bank.v1.GetAppointmentRequest;
import bank.v1.ListAppointmentsRequest;
import bank.v1.Role;
import bank.v1.Slot;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppointmentsIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    private Scene scene;
    private List<Slot> slots;

    @BeforeEach
    void open() {
        scene = new Scene(postgres, kafka);
        scene.database.inTransaction(tx -> tx.sql().execute("DELETE FROM appointment"));
        slots = scene.slots(20);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void aClientBooksForHimself() {
        var appointment = book(MARY, slots.getFirst(), "");

        assertThat(appointment.getId()).isPositive();
        assertThat(appointment.getSlot()).isEqualTo(slots.getFirst());
        assertThat(appointment.getNhsNumber()).isEqualTo(MARYS_NUMBER);
        assertThat(appointment.getStatus()).isEqualTo(AppointmentStatus.APPOINTMENT_STATUS_BOOKED);
        assertThat(appointment.getBookedAt().getSeconds()).isEqualTo(Scene.START.getEpochSecond());
        assertThat(appointment.hasCancelledAt()).isFalse();
        assertThat(get(MARY, appointment)).isEqualTo(appointment);
    }

    @Test
    void aClientMayNameHimselfAndNobodyElse() {
        assertThat(book(MARY, slots.getFirst(), "943 476 5919").getNhsNumber()).isEqualTo(MARYS_NUMBER);
        assertThatCall(() -> book(MARY, slots.get(5), AMELIAS_NUMBER)).fails(Code.NOT_FOUND, "PATIENT_NOT_FOUND");
        assertThatCall(() -> book(MARY, slots.get(5), "nobody")).fails(Code.NOT_FOUND, "PATIENT_NOT_FOUND");
    }

    @Test
    void staffBookForAnyPatientWhomTheyName() {
        assertThat(book(EMPLOYEE, slots.getFirst(), AMELIAS_NUMBER).getNhsNumber())
                .isEqualTo(AMELIAS_NUMBER);
        assertThatCall(() -> book(EMPLOYEE, slots.get(5), ""))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("nhs_number");
        assertThatCall(() -> book(EMPLOYEE, slots.get(5), "9999999999")).fails(Code.NOT_FOUND, "PATIENT_NOT_FOUND");
    }

    @Test
    void whoIsNotVerifiedBooksNothing() {
        for (var number : List.of("", MARYS_NUMBER)) {
            assertThatCall(() -> book(STRANGER, slots.getFirst(), number))
                    .fails(Code.PERMISSION_DENIED, "NOT_VERIFIED");
        }
    }

    @Test
    void aSlotIsBookedOnce() {
        book(MARY, slots.getFirst(), "");

        assertThatCall(() -> book(AMELIA, slots.getFirst(), "")).fails(Code.ALREADY_EXISTS, "SLOT_TAKEN");
        assertThatCall(() -> book(MARY, slots.getFirst(), "")).fails(Code.ALREADY_EXISTS, "SLOT_TAKEN");
    }

    @Test
    void aPatientHasOneAppointmentAtATime() {
        // Four doctors have a slot at each time.
        book(MARY, slots.get(4), "");

        assertThatCall(() -> book(MARY, slots.get(5), "")).fails(Code.ALREADY_EXISTS, "APPOINTMENT_OVERLAPS");
        assertThatCall(() -> book(EMPLOYEE, slots.get(6), MARYS_NUMBER))
                .fails(Code.ALREADY_EXISTS, "APPOINTMENT_OVERLAPS");
        // Those that end and begin when it begins and ends do not overlap.
        book(MARY, slots.get(3), "");
        book(MARY, slots.get(8), "");
    }

    @Test
    void aSlotThatHasBegunIsNotBooked() {
        var begins = Duration.between(Scene.START, start(slots.getFirst()));
        scene.clock.advance(begins.minusMillis(1));
        book(MARY, slots.getFirst(), "");

        scene.clock.advance(Duration.ofMillis(1));
        assertThatCall(() -> book(AMELIA, slots.get(1), "")).fails(Code.FAILED_PRECONDITION, "SLOT_PASSED");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void refusesSlotsThatCannotBe(long id) {
        assertThatCall(() -> scene.nhs(MARY)
                        .bookAppointment(BookAppointmentRequest.newBuilder()
                                .setSlotId(id)
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("slot_id");
    }

    @Test
    void tellsWhenThereIsNoSuchSlot() {
        assertThatCall(() -> scene.nhs(MARY)
                        .bookAppointment(BookAppointmentRequest.newBuilder()
                                .setSlotId(Long.MAX_VALUE)
                                .build()))
                .fails(Code.NOT_FOUND, "SLOT_NOT_FOUND");
    }

    @Test
    void cancellingFreesTheSlotAndIsNoErrorTwice() {
        var booked = book(MARY, slots.getFirst(), "");
        scene.clock.advance(Duration.ofSeconds(1));
        var cancelled = cancel(MARY, booked);
        scene.clock.advance(Duration.ofSeconds(1));

        assertThat(cancelled.getStatus()).isEqualTo(AppointmentStatus.APPOINTMENT_STATUS_CANCELLED);
        assertThat(cancelled.getCancelledAt().getSeconds())
                .isEqualTo(Scene.START.plusSeconds(1).getEpochSecond());
        assertThat(cancel(MARY, booked)).isEqualTo(cancelled);
        assertThat(book(AMELIA, slots.getFirst(), "").getId()).isGreaterThan(booked.getId());
        // Nor is he in the way of himself any more.
        book(MARY, slots.get(1), "");
    }

    @Test
    void whatHasBegunIsNotCancelled() {
        var booked = book(MARY, slots.getFirst(), "");
        var cancelled = cancel(MARY, book(MARY, slots.get(4), ""));
        scene.clock.advance(Duration.between(Scene.START, start(slots.getFirst())));
        assertThatCall(() -> cancel(MARY, booked)).fails(Code.FAILED_PRECONDITION, "SLOT_PASSED");

        scene.clock.advance(Duration.ofHours(1));
        assertThat(cancel(MARY, cancelled)).isEqualTo(cancelled);
    }

    @Test
    void anothersAppointmentIsNotThere() {
        var booked = book(MARY, slots.getFirst(), "");

        for (var other : new long[] {AMELIA, STRANGER}) {
            assertThatCall(() -> get(other, booked)).fails(Code.NOT_FOUND, "APPOINTMENT_NOT_FOUND");
            assertThatCall(() -> cancel(other, booked)).fails(Code.NOT_FOUND, "APPOINTMENT_NOT_FOUND");
        }
        assertThat(get(EMPLOYEE, booked)).isEqualTo(booked);
        assertThat(cancel(EMPLOYEE, booked).getStatus()).isEqualTo(AppointmentStatus.APPOINTMENT_STATUS_CANCELLED);
    }

    @Test
    void listsAClientsOwnAndForStaffAllNewestFirst() {
        var first = book(MARY, slots.getFirst(), "");
        var others = book(AMELIA, slots.get(1), "");
        var cancelled = cancel(MARY, book(MARY, slots.get(4), ""));

        assertThat(list(MARY, ListAppointmentsRequest.newBuilder())).containsExactly(cancelled, first);
        assertThat(list(AMELIA, ListAppointmentsRequest.newBuilder())).containsExactly(others);
        assertThat(list(STRANGER, ListAppointmentsRequest.newBuilder())).isEmpty();
        assertThat(list(EMPLOYEE, ListAppointmentsRequest.newBuilder())).containsExactly(cancelled, others, first);
    }

    @Test
    void listsByPatientAndStatus() {
        var first = book(MARY, slots.getFirst(), "");
        book(AMELIA, slots.get(1), "");
        var cancelled = cancel(MARY, book(MARY, slots.get(4), ""));
        var marys = ListAppointmentsRequest.newBuilder().setNhsNumber(MARYS_NUMBER);

        assertThat(list(EMPLOYEE, marys)).containsExactly(cancelled, first);
        assertThat(list(MARY, marys)).containsExactly(cancelled, first);
        marys.setStatus(AppointmentStatus.APPOINTMENT_STATUS_CANCELLED);
        assertThat(list(EMPLOYEE, marys)).containsExactly(cancelled);
        marys.setStatus(AppointmentStatus.APPOINTMENT_STATUS_BOOKED);
        assertThat(list(MARY, marys)).containsExactly(first);
        for (var other : new long[] {AMELIA, STRANGER}) {
            assertThatCall(() -> list(other, marys)).fails(Code.NOT_FOUND, "PATIENT_NOT_FOUND");
        }
        assertThatCall(() -> list(EMPLOYEE, ListAppointmentsRequest.newBuilder().setNhsNumber("nobody")))
                .fails(Code.NOT_FOUND, "PATIENT_NOT_FOUND");
    }

    @Test
    void pagesHaveEveryAppointmentOnce() {
        var booked = new ArrayList<Appointment>();
        for (var slot = 0; slot < 20; slot += 4) {
            booked.addFirst(book(MARY, slots.get(slot), ""));
        }
        for (var size = 1; size <= 6; size++) {
            assertThat(list(MARY, ListAppointmentsRequest.newBuilder().setPageSize(size)))
                    .isEqualTo(booked);
        }
    }

    @Test
    void aRepeatWithTheSameKeyGetsTheFirstAnswer() {
        var stub = Scene.with(scene.nhs(MARY), Headers.IDEMPOTENCY_KEY, "book-1");
        var request = BookAppointmentRequest.newBuilder()
                .setSlotId(slots.getFirst().getId())
                .build();
        var first = stub.bookAppointment(request);

        assertThat(stub.bookAppointment(request)).isEqualTo(first);
        assertThatCall(() -> stub.bookAppointment(
                        request.toBuilder().setSlotId(slots.get(5).getId()).build()))
                .fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
    }

    @Test
    void aDryRunChecksAndChangesNothing() {
        var stub = Scene.with(scene.nhs(MARY), Headers.VALIDATE_ONLY, "true");
        var request = BookAppointmentRequest.newBuilder()
                .setSlotId(slots.getFirst().getId())
                .build();

        assertThat(stub.bookAppointment(request).getStatus()).isEqualTo(AppointmentStatus.APPOINTMENT_STATUS_BOOKED);
        assertThat(scene.slots(1)).containsExactly(slots.getFirst());
        var booked = book(MARY, slots.getFirst(), "");
        assertThatCall(() -> stub.bookAppointment(request)).fails(Code.ALREADY_EXISTS, "SLOT_TAKEN");
        stub.cancelAppointment(
                CancelAppointmentRequest.newBuilder().setId(booked.getId()).build());
        assertThat(get(MARY, booked)).isEqualTo(booked);
    }

    @Test
    void bookingAndCancellingAreToldWithoutTellingOfWhom() {
        try (var neighbour = new TestNeighbour(postgres, kafka, scene.identity)) {
            var booked = book(MARY, slots.getFirst(), "");
            cancel(EMPLOYEE, booked);
            cancel(EMPLOYEE, booked);

            var subject = "appointment:" + booked.getId();
            var told = neighbour.await(
                    ActivityLogged.class, 2, event -> event.getSubject().equals(subject));
            assertThat(told)
                    .extracting(event -> event.getActor() + " " + event.getAction() + " " + event.getDetail())
                    .containsExactlyInAnyOrder(
                            "user:123 appointment.booked slot:"
                                    + slots.getFirst().getId(),
                            "user:456 appointment.cancelled slot:"
                                    + slots.getFirst().getId());
        }
    }

    @Test
    void aClientCancelsWithNoMoreThanTheConnectionOfTheTransaction() {
        var booked = book(MARY, slots.getFirst(), "");
        try (var single = TestDatabase.open(postgres, 1)) {
            var cancelled = single.inTransaction(tx ->
                    appointments(single).cancel(tx, new Principal.User(MARY, Role.ROLE_CLIENT, "s-1"), booked.getId()));
            assertThat(cancelled.id()).isEqualTo(booked.getId());
        }
    }

    private Appointments appointments(Database database) {
        var config = Settings.of(RegistryConfig.class, Scene.settings(postgres, kafka, scene.identity));
        var events = new Events(
                database,
                config.kafka(),
                "registry-service",
                RetrySchedule.DEFAULT,
                scene.clock,
                new SimpleMeterRegistry());
        var sandbox = new SandboxRegistry(database);
        return new Appointments(
                database,
                new AppointmentStore(),
                new SlotStore(),
                new Patients(sandbox, sandbox, new OwnRecords(database, new VerifiedPersonStore())),
                new RegistryEvents(events.outbox()),
                scene.clock);
    }

    private Appointment book(long user, Slot slot, String number) {
        return scene.nhs(user)
                .bookAppointment(BookAppointmentRequest.newBuilder()
                        .setSlotId(slot.getId())
                        .setNhsNumber(number)
                        .build());
    }

    private Appointment cancel(long user, Appointment appointment) {
        return scene.nhs(user)
                .cancelAppointment(CancelAppointmentRequest.newBuilder()
                        .setId(appointment.getId())
                        .build());
    }

    private Appointment get(long user, Appointment appointment) {
        return scene.nhs(user)
                .getAppointment(GetAppointmentRequest.newBuilder()
                        .setId(appointment.getId())
                        .build());
    }

    private List<Appointment> list(long user, ListAppointmentsRequest.Builder filter) {
        var all = new ArrayList<Appointment>();
        var request = filter.clone();
        do {
            var page = scene.nhs(user).listAppointments(request.build());
            all.addAll(page.getAppointmentsList());
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        return all;
    }

    private static Instant start(Slot slot) {
        return Instant.ofEpochSecond(slot.getStartsAt().getSeconds());
    }
}
