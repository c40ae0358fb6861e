package bank.standalone;

import java.util.ArrayList;
import java.util.List;

/// The short table printed at the start: what listens where.
final class AddressTable {
    private record Row(String name, String address, String remark) {}

    private final List<Row> rows = new ArrayList<>();

    AddressTable add(String name, String address, String remark) {
        rows.add(new Row(name, address, remark));
        return this;
    }

    /// The rows, one a line, in columns.
    @Override
    public String toString() {
        var nameWidth = rows.stream().mapToInt(row -> row.name().length()).max().orElse(1);
        var addressWidth =
                rows.stream().mapToInt(row -> row.address().length()).max().orElse(1);
        var format = "%-" + nameWidth + "s  %-" + addressWidth + "s  %s%n";
        var text = new StringBuilder();
        rows.forEach(row -> text.append(format.formatted(row.name(), row.address(), row.remark())
                        .stripTrailing())
                .append(System.lineSeparator()));
        return text.toString();
    }
}
