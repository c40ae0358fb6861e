package bank.registry;

import static bank.registry.Scene.AMELIA;
import static bank.registry.Scene.EMPLOYEE;
import static bank.registry.Scene.MARY;
import static bank.registry.Scene.STRANGER;
import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.BookAppointmentRequest;
import bank.v1.CancelAppointmentRequest;
import bank.v1.ListSlotsRequest;
import bank.v1.Slot;
import com.google.type.Date;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotsIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    private static final int EACH_TIME = 4;
    private static final int EACH_DAY = 16 * EACH_TIME;

    private Scene scene;

    @BeforeEach
    void open() {
        scene = new Scene(postgres, kafka);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void areThereForTwoWeeksTheEarliestFirst() {
        var slots = all(ListSlotsRequest.getDefaultInstance(), 200);

        assertThat(slots).hasSize(10 * EACH_DAY).doesNotHaveDuplicates();
        assertThat(slots).isSortedAccordingTo(Comparator.comparing(SlotsIT::start).thenComparing(Slot::getId));
        assertThat(day(slots.getFirst())).isEqualTo(LocalDate.of(2026, 11, 30));
        assertThat(day(slots.getLast())).isEqualTo(LocalDate.of(2026, 12, 11));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 63, 64})
    void pagesHaveEverySlotOnce(int size) {
        var day = ListSlotsRequest.newBuilder().setTo(date(2026, 11, 30)).build();

        assertThat(all(day, size)).isEqualTo(all(day, 200)).hasSize(EACH_DAY);
    }

    @Test
    void areOfTheDaysAskedForBothIncluded() {
        var two = ListSlotsRequest.newBuilder()
                .setFrom(date(2026, 12, 1))
                .setTo(date(2026, 12, 2))
                .build();
        assertThat(all(two, 200).stream().map(SlotsIT::day).distinct())
                .containsExactly(LocalDate.of(2026, 12, 1), LocalDate.of(2026, 12, 2));
        var weekend = ListSlotsRequest.newBuilder()
                .setFrom(date(2026, 12, 5))
                .setTo(date(2026, 12, 6))
                .build();
        assertThat(all(weekend, 200)).isEmpty();
        var backwards = ListSlotsRequest.newBuilder()
                .setFrom(date(2026, 12, 2))
                .setTo(date(2026, 12, 1))
                .build();
        assertThat(all(backwards, 200)).isEmpty();
        var longAgo = ListSlotsRequest.newBuilder().setFrom(date(1, 1, 1)).setTo(date(9999, 12, 31));
        assertThat(all(longAgo.build(), 200)).hasSize(10 * EACH_DAY);
    }

    @Test
    void refusesDaysThatThereAreNot() {
        for (var date : List.of(date(2026, 2, 30), date(0, 12, 1), date(2026, 0, 0), date(10000, 1, 1))) {
            assertThatCall(() -> scene.nhs(EMPLOYEE)
                            .listSlots(ListSlotsRequest.newBuilder().setFrom(date).build()))
                    .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                    .hasFieldViolation("from");
            assertThatCall(() -> scene.nhs(EMPLOYEE)
                            .listSlots(ListSlotsRequest.newBuilder().setTo(date).build()))
                    .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                    .hasFieldViolation("to");
        }
    }

    @Test
    void areGoneOnceTheyBegin() {
        var nine = Instant.parse("2026-11-30T09:00:00Z");
        scene.clock.advance(Duration.between(Scene.START, nine).minusMillis(1));
        assertThat(start(scene.slots(1).getFirst())).isEqualTo(nine);

        scene.clock.advance(Duration.ofMillis(1));
        assertThat(start(scene.slots(1).getFirst())).isEqualTo(nine.plusSeconds(1800));

        // Also for whoever asks for today, and for a page that began before.
        var today = ListSlotsRequest.newBuilder().setFrom(date(2026, 11, 30)).setTo(date(2026, 11, 30));
        assertThat(all(today.build(), 200)).hasSize(EACH_DAY - EACH_TIME);
    }

    @Test
    void areGoneWhileSomebodyHasThem() {
        var slot = scene.slots(1).getFirst();
        var appointment = scene.nhs(MARY)
                .bookAppointment(BookAppointmentRequest.newBuilder()
                        .setSlotId(slot.getId())
                        .build());
        assertThat(scene.slots(200)).doesNotContain(slot);

        scene.nhs(MARY)
                .cancelAppointment(CancelAppointmentRequest.newBuilder()
                        .setId(appointment.getId())
                        .build());
        assertThat(scene.slots(200)).contains(slot);
    }

    @Test
    void areForVerifiedClientsAndStaff() {
        var request = ListSlotsRequest.getDefaultInstance();
        assertThat(scene.nhs(MARY).listSlots(request).getSlotsCount()).isEqualTo(50);
        assertThat(scene.nhs(AMELIA).listSlots(request).getSlotsCount()).isEqualTo(50);
        assertThatCall(() -> scene.nhs(STRANGER).listSlots(request)).fails(Code.PERMISSION_DENIED, "NOT_VERIFIED");
    }

    private List<Slot> all(ListSlotsRequest filter, int size) {
        var slots = new ArrayList<Slot>();
        var request = filter.toBuilder().setPageSize(size);
        do {
            var page = scene.nhs(EMPLOYEE).listSlots(request.build());
            slots.addAll(page.getSlotsList());
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        return slots;
    }

    private static Instant start(Slot slot) {
        return Instant.ofEpochSecond(slot.getStartsAt().getSeconds(), slot.getStartsAt().getNanos());
    }

    private static LocalDate day(Slot slot) {
        return LocalDate.ofInstant(start(slot), ZoneOffset.UTC);
    }

    private static Date date(int year, int month, int day) {
        return Date.newBuilder().setYear(year).setMonth(month).setDay(day).build();
    }
}
