package bank.edge.json;

import bank.edge.json.MessagePlan.Shape;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads JSON straight into wire bytes. A value that does not fit is noted with the path of its field and passed over,
/// so that all of them are told at once; broken JSON ends the reading.
final class MessageReader {
    // What parsers of messages take: JSON of any shape has three messages for each of its levels.
    private static final int WIRE_DEPTH_MAX = 95;
    private static final byte[] AT_TYPE = "@type".getBytes(StandardCharsets.US_ASCII);

    private final Plans plans;
    private final JsonCursor json;
    private final WireBuffer out;
    private final Violations violations;
    private final @Nullable Presence presence;
    private FieldPath path = FieldPath.ROOT;

    /// Is told what the JSON sets, for what is merged with it.
    interface Presence {
        /// A field outside of lists and maps is there, in one of these ways.
        void told(FieldPath path, FieldPlan field, Way way);
    }

    /// How a field is there.
    enum Way {
        /// With a value of its own.
        SET,
        /// As an object; its members are told too.
        ENTERED,
        /// As an object without members.
        EMPTY,
        /// As null.
        NULL
    }

    MessageReader(Plans plans, byte[] json, WireBuffer out, Violations violations, @Nullable Presence presence) {
        this.plans = plans;
        this.json = new JsonCursor(json);
        this.out = out;
        this.violations = violations;
        this.presence = presence;
    }

    /// Reads a whole text as a message.
    void document(MessagePlan plan) throws MalformedJsonException {
        if (json.peek() < 0) {
            throw json.malformed("is empty");
        }
        try {
            message(plan, presence != null);
        } catch (BadValueException e) {
            violations.add(path, e.expectation());
        }
        json.requireEnd();
    }

    /// Reads a whole text as the value of a field, with its tag.
    void document(FieldPlan field) throws MalformedJsonException {
        if (json.peek() < 0) {
            throw json.malformed("is empty");
        }
        path = path.field(field.name);
        field(field, presence != null);
        json.requireEnd();
    }

    /// Reads the fields of a message, without tag and length.
    ///
    /// @return whether it was an object without members
    private boolean message(MessagePlan plan, boolean told) throws MalformedJsonException, BadValueException {
        boolean empty = false;
        switch (plan.shape()) {
            case OBJECT -> {
                object("an object");
                empty = json.peek() == '}';
                members(plan, told, false);
            }
            case TIMESTAMP, DURATION, FIELD_MASK, DATE, DECIMAL -> text(plan.shape());
            case WRAPPER -> single(plan.wrapped(), json.peek());
            case STRUCT -> {
                object("an object");
                structMembers();
            }
            case LIST_VALUE -> listValue();
            case VALUE -> value();
            case ANY -> any();
        }
        return empty;
    }

    private void object(String expected) throws MalformedJsonException, BadValueException {
        if (json.peek() != '{') {
            throw mismatch("expected " + expected);
        }
        json.beginObject();
    }

    /// Passes over a value of the wrong kind.
    private BadValueException mismatch(String expectation) throws MalformedJsonException {
        json.skip();
        return new BadValueException(expectation);
    }

    private void text(Shape shape) throws MalformedJsonException, BadValueException {
        int first = json.peek();
        if (first == '"') {
            json.string();
            if (!json.wellFormed()) {
                throw new BadValueException("expected well-formed Unicode text");
            }
        } else if (shape == Shape.DECIMAL && (first == '-' || (first >= '0' && first <= '9'))) {
            json.number();
        } else {
            throw mismatch("expected a string");
        }
        TextForms.read(shape, plans.mode(), json.text(), json.textFrom(), json.textTo(), out);
    }

    /// Reads members up to the end of the object.
    ///
    /// @param packed the object is that of an Any, whose `@type` is read elsewhere
    private void members(MessagePlan plan, boolean told, boolean packed) throws MalformedJsonException {
        FieldPlan[] fields = plan.fields();
        long seen = 0;
        boolean[] seenMore = fields.length > Long.SIZE ? new boolean[fields.length] : null;
        var members = new FieldPlan[plan.oneofs()];
        FieldPath above = path;
        int next = 0;
        for (boolean first = true; json.next(first, '}'); first = false) {
            FieldPlan field = name(plan, next);
            if (field == null) {
                if (!packed || !isType()) {
                    violations.add(above.field(lastText()), "unknown field");
                }
                json.skip();
                continue;
            }
            next = field.index + 1;
            boolean again = seenMore == null ? (seen & (1L << field.index)) != 0 : seenMore[field.index];
            if (seenMore == null) {
                seen |= 1L << field.index;
            } else {
                seenMore[field.index] = true;
            }
            if (again) {
                violations.add(above.field(field.name), "given twice");
                json.skip();
            } else if (field.oneof >= 0 && !(json.peek() == 'n' && !field.takesNull)) {
                FieldPlan other = members[field.oneof];
                if (other == null) {
                    members[field.oneof] = field;
                    member(field, told);
                } else {
                    violations.add(above.field(field.name), "excluded by " + other.name + ", which is set too");
                    json.skip();
                }
            } else {
                member(field, told);
            }
        }
    }

    /// Reads a name; null when it is none of a field.
    ///
    /// @param next index of the field that comes next if the members stand in the order they are printed in
    private @Nullable FieldPlan name(MessagePlan plan, int next) throws MalformedJsonException {
        FieldPlan[] fields = plan.fields();
        if (next < fields.length && json.acceptName(fields[next].printedName)) {
            return fields[next];
        }
        json.name();
        return plan.byName(json.text(), json.textFrom(), json.textTo());
    }

    private boolean isType() {
        return Arrays.equals(AT_TYPE, 0, AT_TYPE.length, json.text(), json.textFrom(), json.textTo());
    }

    private String lastText() {
        return new String(json.text(), json.textFrom(), json.textTo() - json.textFrom(), StandardCharsets.UTF_8);
    }

    /// Reads the value of a member. Where a scalar stands, is only worked out for a fault.
    private void member(FieldPlan field, boolean told) throws MalformedJsonException {
        if (told || field.repeated || field.isMessage()) {
            FieldPath above = path;
            path = above.field(field.name);
            field(field, told);
            path = above;
            return;
        }
        int first = json.peek();
        if (first == 'n' && !field.takesNull) {
            json.literal("null");
            return;
        }
        try {
            single(field, first);
        } catch (BadValueException e) {
            violations.add(path.field(field.name), e.expectation());
        }
    }

    /// Reads the value of the field at the path, with its tags.
    private void field(FieldPlan field, boolean told) throws MalformedJsonException {
        boolean nested =
                told && field.isMessage() && !field.repeated && field.message().shape() == Shape.OBJECT;
        int first = json.peek();
        if (first == 'n' && !(field.takesNull && !field.repeated)) {
            json.literal("null");
            tell(told, field, Way.NULL);
            return;
        }
        tell(told, field, nested && first == '{' ? Way.ENTERED : Way.SET);
        try {
            if (field.map) {
                map(field);
            } else if (field.repeated) {
                list(field);
            } else if (field.isMessage()) {
                out.varint(field.tag);
                submessage(field, nested);
            } else {
                single(field, first);
            }
        } catch (BadValueException e) {
            violations.add(path, e.expectation());
        }
    }

    private void tell(boolean told, FieldPlan field, Way way) {
        if (told && presence != null) {
            presence.told(path, field, way);
        }
    }

    /// Reads a message after its tag.
    private void submessage(FieldPlan field, boolean told) throws MalformedJsonException, BadValueException {
        if (out.nesting() >= WIRE_DEPTH_MAX) {
            throw mismatch("nested deeper than " + WIRE_DEPTH_MAX);
        }
        if (field.isGroup()) {
            tell(message(field.message(), told) && told, field, Way.EMPTY);
            out.varint((field.number << 3) | WireFormat.WIRETYPE_END_GROUP);
            return;
        }
        int length = out.beginLength();
        tell(message(field.message(), told) && told, field, Way.EMPTY);
        out.endLength(length);
    }

    private void list(FieldPlan field) throws MalformedJsonException, BadValueException {
        if (json.peek() != '[') {
            throw mismatch("expected an array");
        }
        json.beginArray();
        int run = -1;
        FieldPath above = path;
        int index = 0;
        for (boolean first = true; json.next(first, ']'); first = false) {
            if (first && field.packed) {
                out.varint(field.packedTag);
                run = out.beginLength();
            }
            // Where a fault is, is only worked out for the fault.
            try {
                if (field.isMessage()) {
                    path = above.index(index);
                    out.varint(field.tag);
                    submessage(field, false);
                } else {
                    scalar(field, json.peek(), !field.packed, true);
                }
            } catch (BadValueException e) {
                violations.add(above.index(index), e.expectation());
            }
            index++;
        }
        path = above;
        if (run >= 0) {
            out.endLength(run);
        }
    }

    private void map(FieldPlan field) throws MalformedJsonException, BadValueException {
        object("an object");
        FieldPlan keys = field.message().fields()[0];
        FieldPlan values = field.message().fields()[1];
        FieldPath above = path;
        Set<String> seen = new HashSet<>();
        for (boolean first = true; json.next(first, '}'); first = false) {
            json.name();
            boolean wellFormed = json.wellFormed();
            path = above.key(lastText());
            out.varint(field.tag);
            int length = out.beginLength();
            try {
                if (!wellFormed) {
                    throw mismatch("expected well-formed Unicode text");
                }
                String key = key(keys);
                if (!seen.add(key)) {
                    throw mismatch("given twice");
                }
                if (json.peek() == 'n' && !values.takesNull) {
                    throw mismatch("expected " + expected(values) + ", not null");
                }
                if (values.isMessage()) {
                    out.varint(values.tag);
                    submessage(values, false);
                } else {
                    scalar(values, json.peek(), true, true);
                }
            } catch (BadValueException e) {
                violations.add(path, e.expectation());
            }
            out.endLength(length);
        }
        path = above;
    }

    /// Writes the key that the last name stands for.
    ///
    /// @return what tells two keys apart
    private String key(FieldPlan keys) throws MalformedJsonException, BadValueException {
        byte[] text = json.text();
        int from = json.textFrom();
        int to = json.textTo();
        int before = out.size();
        try {
            if (keys.type == FieldDescriptor.Type.BOOL) {
                boolean value = Scalars.bool(text, from, to);
                out.varint(keys.tag);
                out.varint(value ? 1 : 0);
                return Boolean.toString(value);
            }
            String key = keys.type == FieldDescriptor.Type.STRING ? lastText() : null;
            Scalars.write(keys, text, from, to, true, true, out);
            return key == null ? out.describe(before) : key;
        } catch (BadValueException e) {
            json.skip();
            throw e;
        }
    }

    /// Reads a singular scalar; a default is written only where presence counts.
    private void single(FieldPlan field, int first) throws MalformedJsonException, BadValueException {
        scalar(field, first, true, field.presence);
    }

    /// Reads one scalar value.
    ///
    /// @param first the byte it begins with
    /// @param tagged with its tag
    /// @param defaults also when it is the default
    private void scalar(FieldPlan field, int first, boolean tagged, boolean defaults)
            throws MalformedJsonException, BadValueException {
        switch (first) {
            case '"' -> {
                json.string();
                if (field.type == FieldDescriptor.Type.BOOL) {
                    throw new BadValueException("expected true or false, not a string");
                }
                if (!json.wellFormed()) {
                    throw new BadValueException("expected well-formed Unicode text");
                }
                if (field.type == FieldDescriptor.Type.ENUM && plans.mode() == JsonMode.HOUSE && isDigits()) {
                    throw new BadValueException("expected a name or a number, not a number in quotes");
                }
                Scalars.write(field, json.text(), json.textFrom(), json.textTo(), tagged, defaults, out);
            }
            case 't', 'f' -> {
                json.literal(first == 't' ? "true" : "false");
                if (field.type != FieldDescriptor.Type.BOOL) {
                    throw new BadValueException("expected " + expected(field) + ", not a boolean");
                }
                if (first == 't' || defaults) {
                    if (tagged) {
                        out.varint(field.tag);
                    }
                    out.varint(first == 't' ? 1 : 0);
                }
            }
            case 'n' -> {
                json.literal("null");
                if (!field.takesNull) {
                    throw new BadValueException("expected " + expected(field) + ", not null");
                }
                if (tagged) {
                    out.varint(field.tag);
                }
                out.varint(0);
            }
            case '{', '[' -> throw mismatch("expected " + expected(field));
            default -> {
                json.number();
                Scalars.writeNumber(field, json.text(), json.textFrom(), json.textTo(), tagged, defaults, out);
            }
        }
    }

    private boolean isDigits() {
        byte[] text = json.text();
        for (int i = json.textFrom(); i < json.textTo(); i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        return json.textTo() > json.textFrom();
    }

    static String expected(FieldPlan field) {
        return switch (field.type) {
            case STRING -> "a string";
            case BYTES -> "base64 in a string";
            case BOOL -> "true or false";
            case ENUM -> "a name or a number";
            case MESSAGE, GROUP -> "an object";
            default -> "a number";
        };
    }

    // JSON of any shape: fields 1 of Struct and ListValue, fields 1 to 6 of Value.

    private void structMembers() throws MalformedJsonException {
        FieldPath above = path;
        Set<String> seen = new HashSet<>();
        for (boolean first = true; json.next(first, '}'); first = false) {
            json.name();
            String name = lastText();
            path = above.key(name);
            if (!json.wellFormed()) {
                violations.add(above, "a member's name is no well-formed Unicode text");
                json.skip();
                continue;
            }
            if (!seen.add(name)) {
                violations.add(path, "given twice");
                json.skip();
                continue;
            }
            out.varint((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
            int entry = out.beginLength();
            out.varint((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.varint(json.textTo() - json.textFrom());
            out.bytes(json.text(), json.textFrom(), json.textTo());
            out.varint((2 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
            int length = out.beginLength();
            value();
            out.endLength(length);
            out.endLength(entry);
        }
        path = above;
    }

    private void listValue() throws MalformedJsonException, BadValueException {
        if (json.peek() != '[') {
            throw mismatch("expected an array");
        }
        json.beginArray();
        FieldPath above = path;
        int index = 0;
        for (boolean first = true; json.next(first, ']'); first = false) {
            path = above.index(index++);
            out.varint((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
            int length = out.beginLength();
            value();
            out.endLength(length);
        }
        path = above;
    }

    private void value() throws MalformedJsonException {
        try {
            if (out.nesting() >= WIRE_DEPTH_MAX) {
                throw mismatch("nested deeper than " + WIRE_DEPTH_MAX);
            }
            switch (json.peek()) {
                case '{' -> {
                    json.beginObject();
                    out.varint((5 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
                    int length = out.beginLength();
                    structMembers();
                    out.endLength(length);
                }
                case '[' -> {
                    out.varint((6 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
                    int length = out.beginLength();
                    listValue();
                    out.endLength(length);
                }
                case '"' -> {
                    json.string();
                    if (!json.wellFormed()) {
                        throw new BadValueException("expected well-formed Unicode text");
                    }
                    out.varint((3 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
                    out.varint(json.textTo() - json.textFrom());
                    out.bytes(json.text(), json.textFrom(), json.textTo());
                }
                case 't' -> bool("true", 1);
                case 'f' -> bool("false", 0);
                case 'n' -> {
                    json.literal("null");
                    out.varint((1 << 3) | WireFormat.WIRETYPE_VARINT);
                    out.varint(0);
                }
                default -> {
                    json.number();
                    double number = Numbers.float64(json.text(), json.textFrom(), json.textTo());
                    out.varint((2 << 3) | WireFormat.WIRETYPE_FIXED64);
                    out.fixed64(Double.doubleToRawLongBits(number));
                }
            }
        } catch (BadValueException e) {
            violations.add(path, e.expectation());
        }
    }

    private void bool(String word, int value) throws MalformedJsonException {
        json.literal(word);
        out.varint((4 << 3) | WireFormat.WIRETYPE_VARINT);
        out.varint(value);
    }

    /// Reads an Any: `@type` may stand anywhere among the members.
    private void any() throws MalformedJsonException, BadValueException {
        object("an object");
        if (json.peek() == '}') {
            json.next(true, '}');
            return;
        }
        int begin = json.position();
        String url = typeUrl();
        MessagePlan packed = url == null ? null : plans.named(url);
        json.moveTo(begin);
        if (url == null || packed == null) {
            for (boolean first = true; json.next(first, '}'); first = false) {
                json.name();
                json.skip();
            }
            throw new BadValueException(url == null ? "expected @type" : "unknown @type");
        }
        byte[] bytes = url.getBytes(StandardCharsets.UTF_8);
        out.varint((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.varint(bytes.length);
        out.bytes(bytes);
        int before = out.size();
        out.varint((2 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int length = out.beginLength();
        int begun = out.size();
        if (packed.shape() == Shape.OBJECT) {
            members(packed, false, true);
        } else {
            packedValue(packed);
        }
        if (out.size() == begun) {
            // Nothing in it: no value at all.
            out.dropLength(before);
        } else {
            out.endLength(length);
        }
    }

    /// Finds `@type` and leaves the cursor anywhere.
    private @Nullable String typeUrl() throws MalformedJsonException, BadValueException {
        String url = null;
        int begin = json.position();
        int count = 0;
        for (boolean first = true; json.peek() != '}' && json.next(first, '}'); first = false) {
            json.name();
            boolean type = isType();
            if (type && json.peek() == '"') {
                json.string();
                url = lastText();
                count++;
            } else {
                count += type ? 1 : 0;
                json.skip();
            }
        }
        if (count > 1) {
            json.moveTo(begin);
            for (boolean first = true; json.next(first, '}'); first = false) {
                json.name();
                json.skip();
            }
            throw new BadValueException("@type given twice");
        }
        return url;
    }

    /// Reads the member `value` of an Any whose content is not written as an object.
    private void packedValue(MessagePlan packed) throws MalformedJsonException {
        FieldPath above = path;
        boolean seen = false;
        for (boolean first = true; json.next(first, '}'); first = false) {
            json.name();
            if (isType()) {
                json.skip();
            } else if (!seen && lastText().equals("value")) {
                seen = true;
                path = above.field("value");
                try {
                    message(packed, false);
                } catch (BadValueException e) {
                    violations.add(path, e.expectation());
                }
            } else {
                violations.add(above.field(lastText()), seen ? "given twice" : "unknown field");
                json.skip();
            }
        }
        path = above;
        if (!seen) {
            violations.add(above, "expected @type and value");
        }
    }
}
