package bank.registry.store;

import bank.platform.db.Session;
import bank.platform.db.Tx;
import bank.registry.model.Slot;
import bank.registry.model.SlotPosition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/// Slots in the database.
public final class SlotStore {
    /// Adds slots, save those whose doctor has one at that time already.
    ///
    /// @param slots their numbers do not count
    public void add(Tx tx, List<Slot> slots) {
        var batch = tx.sql().prepareBatch("""
                INSERT INTO slot (doctor, practice, starts_at, ends_at)
                VALUES (:doctor, :practice, :starts, :ends)
                ON CONFLICT ON CONSTRAINT slot_doctor DO NOTHING""");
        for (var slot : slots) {
            batch.bind("doctor", slot.doctor())
                    .bind("practice", slot.practice())
                    .bind("starts", slot.startsAt().atOffset(ZoneOffset.UTC))
                    .bind("ends", slot.endsAt().atOffset(ZoneOffset.UTC))
                    .add();
        }
        batch.execute();
    }

    /// Removes slots that began before a moment and were never booked.
    ///
    /// @return how many
    public int remove(Tx tx, Instant before, int rowsMax) {
        return tx.sql()
                .createUpdate("""
                        DELETE FROM slot WHERE id IN (
                            SELECT id FROM slot
                            WHERE starts_at < :before
                                AND NOT EXISTS (SELECT FROM appointment WHERE appointment.slot_id = slot.id)
                            ORDER BY starts_at, id LIMIT :rows)""")
                .bind("before", before.atOffset(ZoneOffset.UTC))
                .bind("rows", rowsMax)
                .execute();
    }

    /// One slot.
    public Optional<Slot> find(Session session, long id) {
        return session.sql()
                .createQuery("SELECT id, doctor, practice, starts_at, ends_at FROM slot WHERE id = :id")
                .bind("id", id)
                .map(SlotStore::slot)
                .findOne();
    }

    /// Slots that nobody has, the earliest first.
    ///
    /// @param after only those behind this place
    /// @param end only those that begin before it
    public List<Slot> listFree(Session session, SlotPosition after, Instant end, int rowsMax) {
        return session.sql()
                .createQuery("""
                        SELECT id, doctor, practice, starts_at, ends_at FROM slot
                        WHERE (starts_at, id) > (:starts, :id) AND starts_at < :end
                            AND NOT EXISTS (
                                SELECT FROM appointment WHERE appointment.slot_id = slot.id AND status = 'BOOKED')
                        ORDER BY starts_at, id LIMIT :rows""")
                .bind("starts", after.startsAt().atOffset(ZoneOffset.UTC))
                .bind("id", after.id())
                .bind("end", end.atOffset(ZoneOffset.UTC))
                .bind("rows", rowsMax)
                .map(SlotStore::slot)
                .list();
    }

    private static Slot slot(ResultSet row, StatementContext context) throws SQLException {
        return new Slot(
                row.getLong("id"),
                row.getString("doctor"),
                row.getString("practice"),
                row.getObject("starts_at", OffsetDateTime.class).toInstant(),
                row.getObject("ends_at", OffsetDateTime.class).toInstant());
    }
}
