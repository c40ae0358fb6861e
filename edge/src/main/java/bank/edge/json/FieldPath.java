package bank.edge.json;

import org.jspecify.annotations.Nullable;

/// Where in a message a value stands, e.g. `documents[1].callcopy_id`. Turned to text only when asked.
final class FieldPath {
    static final FieldPath ROOT = new FieldPath(null, null, null, -1);

    private final @Nullable FieldPath parent;
    private final @Nullable String field;
    private final @Nullable String key;
    private final int index;

    private FieldPath(@Nullable FieldPath parent, @Nullable String field, @Nullable String key, int index) {
        this.parent = parent;
        this.field = field;
        this.key = key;
        this.index = index;
    }

    FieldPath field(String name) {
        return new FieldPath(this, name, null, -1);
    }

    FieldPath index(int at) {
        return new FieldPath(this, null, null, at);
    }

    FieldPath key(String name) {
        return new FieldPath(this, null, name, -1);
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        write(text);
        return text.toString();
    }

    private void write(StringBuilder text) {
        if (parent == null) {
            return;
        }
        parent.write(text);
        if (field != null) {
            text.append(text.isEmpty() ? "" : ".").append(field);
        } else if (key != null) {
            text.append("[\"").append(key).append("\"]");
        } else {
            text.append('[').append(index).append(']');
        }
    }
}
