package bank.registry.store;

import bank.platform.db.Session;
import bank.platform.db.Tx;
import bank.registry.model.Appointment;
import bank.registry.model.AppointmentFilter;
import bank.registry.model.AppointmentStatus;
import bank.registry.model.Slot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/// Appointments in the database.
public final class AppointmentStore {
    private static final String SELECT = """
            SELECT appointment.id, slot_id, doctor, practice, slot.starts_at, slot.ends_at, nhs_number, status,
                booked_at, cancelled_at
            FROM appointment JOIN slot ON slot.id = slot_id
            """;

    /// Somebody has the slot.
    public boolean booked(Session session, long slotId) {
        return session.sql()
                .createQuery("SELECT EXISTS (SELECT FROM appointment WHERE slot_id = :slot AND status = 'BOOKED')")
                .bind("slot", slotId)
                .mapTo(Boolean.class)
                .one();
    }

    /// Lets bookings for a patient come one after another until the transaction ends: two at once would each wait for
    /// the other's end to see whether they overlap.
    public void lockPatient(Tx tx, String nhsNumber) {
        tx.sql()
                .createQuery("SELECT 1 FROM pg_advisory_xact_lock(hashtextextended('patient ' || :number, 0))")
                .bind("number", nhsNumber)
                .mapTo(Integer.class)
                .one();
    }

    /// Books a slot.
    ///
    /// @throws bank.platform.db.ConstraintViolatedException `appointment_slot_booked` when somebody has it;
    ///     `appointment_overlap` when the patient has another at that time
    public Appointment insert(Tx tx, Slot slot, String nhsNumber, String caller, Instant now) {
        var id = tx.sql()
                .createQuery("""
                        INSERT INTO appointment (slot_id, nhs_number, starts_at, ends_at, status, booked_at, booked_by)
                        VALUES (:slot, :number, :starts, :ends, 'BOOKED', :now, :caller) RETURNING id""")
                .bind("slot", slot.id())
                .bind("number", nhsNumber)
                .bind("starts", slot.startsAt().atOffset(ZoneOffset.UTC))
                .bind("ends", slot.endsAt().atOffset(ZoneOffset.UTC))
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("caller", caller)
                .mapTo(Long.class)
                .one();
        return find(tx, id).orElseThrow();
    }

    /// One appointment.
    public Optional<Appointment> find(Session session, long id) {
        return session.sql()
                .createQuery(SELECT + "WHERE appointment.id = :id")
                .bind("id", id)
                .map(AppointmentStore::appointment)
                .findOne();
    }

    /// One appointment, which nobody else cancels before the transaction ends.
    public Optional<Appointment> lock(Tx tx, long id) {
        return tx.sql()
                .createQuery(SELECT + "WHERE appointment.id = :id FOR UPDATE OF appointment")
                .bind("id", id)
                .map(AppointmentStore::appointment)
                .findOne();
    }

    /// Cancels an appointment.
    public Appointment cancel(Tx tx, long id, String caller, Instant now) {
        tx.sql()
                .createUpdate("""
                        UPDATE appointment SET status = 'CANCELLED', cancelled_at = :now, cancelled_by = :caller
                        WHERE id = :id""")
                .bind("id", id)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("caller", caller)
                .execute();
        return find(tx, id).orElseThrow();
    }

    /// Appointments that pass the filter, newest first.
    ///
    /// @param before only those with a lower number
    public List<Appointment> list(Session session, AppointmentFilter filter, long before, int rowsMax) {
        var where = new StringBuilder("WHERE appointment.id < :before");
        if (filter.nhsNumber() != null) {
            where.append(" AND nhs_number = :number");
        }
        if (filter.status() != null) {
            where.append(" AND status = :status");
        }
        var query = session.sql()
                .createQuery(SELECT + where + " ORDER BY appointment.id DESC LIMIT :rows")
                .bind("before", before)
                .bind("rows", rowsMax);
        if (filter.nhsNumber() != null) {
            query.bind("number", filter.nhsNumber());
        }
        if (filter.status() != null) {
            query.bind("status", filter.status().name());
        }
        return query.map(AppointmentStore::appointment).list();
    }

    private static Appointment appointment(ResultSet row, StatementContext context) throws SQLException {
        var cancelledAt = row.getObject("cancelled_at", OffsetDateTime.class);
        return new Appointment(
                row.getLong("id"),
                new Slot(
                        row.getLong("slot_id"),
                        row.getString("doctor"),
                        row.getString("practice"),
                        row.getObject("starts_at", OffsetDateTime.class).toInstant(),
                        row.getObject("ends_at", OffsetDateTime.class).toInstant()),
                row.getString("nhs_number"),
                AppointmentStatus.valueOf(row.getString("status")),
                row.getObject("booked_at", OffsetDateTime.class).toInstant(),
                cancelledAt == null ? null : cancelledAt.toInstant());
    }
}
