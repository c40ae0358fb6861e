package bank.registry.rpc;

import bank.platform.failure.Failure;
import bank.registry.model.Appointment;
import bank.registry.model.AppointmentFilter;
import bank.registry.model.AppointmentStatus;
import bank.registry.model.DeathNotice;
import bank.registry.model.DeathState;
import bank.registry.model.Person;
import bank.registry.model.Slot;
import bank.registry.model.Taxpayer;
import bank.v1.ListAppointmentsRequest;
import bank.v1.Patient;
import com.google.protobuf.Timestamp;
import com.google.type.Date;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// To protobuf and from it.
final class RegistryProtos {
    // Of a date without a year or a month nothing can be compared; later years have no place in the database.
    private static final int YEAR_MAX = 9999;

    private RegistryProtos() {}

    static Patient patient(Person person) {
        return Patient.newBuilder()
                .setNhsNumber(person.identifier().value())
                .setFirstName(person.firstName())
                .setLastName(person.lastName())
                .setBirthday(date(person.birthday()))
                .setPractice(person.practice())
                .build();
    }

    static bank.v1.Taxpayer toProto(Taxpayer taxpayer) {
        var person = taxpayer.person();
        var death = taxpayer.death();
        return bank.v1.Taxpayer.newBuilder()
                .setNin(person.identifier().value())
                .setFirstName(person.firstName())
                .setLastName(person.lastName())
                .setBirthday(date(person.birthday()))
                .setDeathState(death == null ? bank.v1.DeathState.DEATH_STATE_UNSPECIFIED : toProto(death))
                .build();
    }

    static bank.v1.Slot toProto(Slot slot) {
        return bank.v1.Slot.newBuilder()
                .setId(slot.id())
                .setDoctor(slot.doctor())
                .setPractice(slot.practice())
                .setStartsAt(timestamp(slot.startsAt()))
                .setEndsAt(timestamp(slot.endsAt()))
                .build();
    }

    static bank.v1.Appointment toProto(Appointment appointment) {
        var proto = bank.v1.Appointment.newBuilder()
                .setId(appointment.id())
                .setSlot(toProto(appointment.slot()))
                .setNhsNumber(appointment.nhsNumber())
                .setStatus(toProto(appointment.status()))
                .setBookedAt(timestamp(appointment.bookedAt()));
        var cancelledAt = appointment.cancelledAt();
        if (cancelledAt != null) {
            proto.setCancelledAt(timestamp(cancelledAt));
        }
        return proto.build();
    }

    static bank.v1.DeathNotice toProto(DeathNotice notice) {
        return bank.v1.DeathNotice.newBuilder()
                .setReference(notice.reference().toString())
                .setNin(notice.nin())
                .setState(toProto(notice.state()))
                .setReportedAt(timestamp(notice.reportedAt()))
                .build();
    }

    static AppointmentFilter filter(ListAppointmentsRequest request) {
        return new AppointmentFilter(
                request.getNhsNumber().isBlank() ? null : request.getNhsNumber(),
                switch (request.getStatus()) {
                    case APPOINTMENT_STATUS_UNSPECIFIED -> null;
                    case APPOINTMENT_STATUS_BOOKED -> AppointmentStatus.BOOKED;
                    case APPOINTMENT_STATUS_CANCELLED -> AppointmentStatus.CANCELLED;
                    case UNRECOGNIZED -> throw unchecked(request.getStatus());
                });
    }

    static DeathState state(bank.v1.DeathState state) {
        return switch (state) {
            case DEATH_STATE_INFORMAL -> DeathState.INFORMAL;
            case DEATH_STATE_FORMAL -> DeathState.FORMAL;
            case DEATH_STATE_REMOVED -> DeathState.REMOVED;
            case DEATH_STATE_UNSPECIFIED, UNRECOGNIZED -> throw unchecked(state);
        };
    }

    /// A day of a request, or null when it is not there.
    ///
    /// @throws bank.platform.failure.FailureException INVALID_FIELD when there is no such day
    static @Nullable LocalDate day(String field, boolean there, Date date) {
        if (!there) {
            return null;
        }
        try {
            if (date.getYear() >= 1 && date.getYear() <= YEAR_MAX) {
                return LocalDate.of(date.getYear(), date.getMonth(), date.getDay());
            }
        } catch (DateTimeException e) {
            throw noDay(field);
        }
        throw noDay(field);
    }

    private static RuntimeException noDay(String field) {
        return Failure.invalid("INVALID_FIELD", field, "a day from year 1 to 9999").exception();
    }

    private static bank.v1.AppointmentStatus toProto(AppointmentStatus status) {
        return switch (status) {
            case BOOKED -> bank.v1.AppointmentStatus.APPOINTMENT_STATUS_BOOKED;
            case CANCELLED -> bank.v1.AppointmentStatus.APPOINTMENT_STATUS_CANCELLED;
        };
    }

    private static bank.v1.DeathState toProto(DeathState state) {
        return switch (state) {
            case INFORMAL -> bank.v1.DeathState.DEATH_STATE_INFORMAL;
            case FORMAL -> bank.v1.DeathState.DEATH_STATE_FORMAL;
            case REMOVED -> bank.v1.DeathState.DEATH_STATE_REMOVED;
        };
    }

    private static Date date(LocalDate day) {
        return Date.newBuilder()
                .setYear(day.getYear())
                .setMonth(day.getMonthValue())
                .setDay(day.getDayOfMonth())
                .build();
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    private static IllegalStateException unchecked(Enum<?> value) {
        return new IllegalStateException(value + " passed the validation of its message");
    }
}
