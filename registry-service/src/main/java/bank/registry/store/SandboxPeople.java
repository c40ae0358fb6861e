package bank.registry.store;

import bank.platform.db.Tx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/// The invented people of the sandbox, as `people.csv` lists them.
public final class SandboxPeople {
    private static final int COLUMNS = 7;

    /// Enters into both registers whoever is not there yet.
    public void enter(Tx tx) {
        var patients = tx.sql().prepareBatch("""
                INSERT INTO patient (nhs_number, first_name, last_name, birthday, practice, dead)
                VALUES (:id, :first, :last, :birthday, :practice, :dead)
                ON CONFLICT ON CONSTRAINT patient_pk DO NOTHING""");
        var taxpayers = tx.sql().prepareBatch("""
                INSERT INTO taxpayer (nin, first_name, last_name, birthday, dead)
                VALUES (:id, :first, :last, :birthday, :dead)
                ON CONFLICT ON CONSTRAINT taxpayer_pk DO NOTHING""");
        for (var row : rows()) {
            if (!row.nin().isEmpty()) {
                taxpayers.bind("id", row.nin()).bindMap(row.told()).add();
            }
            if (!row.nhsNumber().isEmpty()) {
                patients.bind("id", row.nhsNumber())
                        .bindMap(row.told())
                        .bind("practice", row.practice())
                        .add();
            }
        }
        taxpayers.execute();
        patients.execute();
    }

    private record Row(
            String nin, String nhsNumber, String first, String last, LocalDate birthday, String practice, boolean dead) {
        static Row of(String line) {
            var cells = line.split(",", COLUMNS);
            return new Row(
                    cells[0],
                    cells[1],
                    cells[2],
                    cells[3],
                    LocalDate.parse(cells[4]),
                    cells[5],
                    Boolean.parseBoolean(cells[6]));
        }

        Map<String, Object> told() {
            return Map.of("first", first, "last", last, "birthday", birthday, "dead", dead);
        }
    }

    private static List<Row> rows() {
        try (var file = SandboxPeople.class.getResourceAsStream("people.csv")) {
            if (file == null) {
                throw new IllegalStateException("people.csv is missing");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Row::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
