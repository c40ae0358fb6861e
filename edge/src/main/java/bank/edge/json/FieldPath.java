package bank.edge.json;

import org.jspecify.annotations.Nullable;

/// Where in a message a value stands, e.g. `documents[1].callcopy_id`. Turned to text only when asked.
record FieldPath(@Nullable FieldPath parent, String step) {
    static final FieldPath ROOT = new FieldPath(null, "");

    FieldPath field(String name) {
        return new FieldPath(this, parent == null ? name : "." + name);
    }

    FieldPath index(int index) {
        return new FieldPath(this, "[" + index + "]");
    }

    FieldPath key(String key) {
        return new FieldPath(this, "[\"" + key + "\"]");
    }

    @Override
    public String toString() {
        return parent == null ? step : parent + step;
    }
}
