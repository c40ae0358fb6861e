package bank.edge.json;

import bank.edge.json.MessagePlan.Shape;
import com.google.protobuf.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A request message under construction, which remembers what set each field. What is wrong with it is gathered
/// and told by [#wire()] at once. Pieces of one submessage that come from different places follow each other on
/// the wire, where they count as one.
public final class MessageInput {
    private static final String UPDATE_MASK = "update_mask";
    static final int STEPS_MAX = 32;

    /// Where a value came from, as errors call it.
    public enum Origin {
        /// The JSON body.
        BODY,
        /// The query.
        QUERY,
        /// A path variable.
        PATH,
        /// A form field of a multipart body.
        FORM;

        /// As errors call it, e.g. `the query`.
        String title() {
            return this == PATH ? "the path" : this == QUERY ? "the query" : this == BODY ? "the body" : "the form";
        }
    }

    /// A field that the body has.
    private record Told(FieldPath path, FieldPlan field, MessageReader.Way way) {}

    private final Plans plans;
    private final MessagePlan plan;
    private final WireBuffer out = new WireBuffer(256);
    private final Violations violations = new Violations();
    private final List<Told> told = new ArrayList<>();
    private final Map<String, Origin> origins = new LinkedHashMap<>();
    // What first set something below a path.
    private final Map<String, Origin> originsBelow = new HashMap<>();
    private final Set<String> bodyPaths = new LinkedHashSet<>();
    private final Map<String, String> members = new HashMap<>();
    private final Set<String> bodyFields = new HashSet<>();

    MessageInput(Plans plans, MessagePlan plan) {
        this.plans = plans;
        this.plan = plan;
    }

    /// Sets the message, or one field of it, from JSON. What sets the whole message comes before [#text].
    ///
    /// @param body JSON in UTF-8
    /// @param field name of the field the JSON stands for; empty for the whole message
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT, reason MALFORMED_JSON, when it is no JSON
    public void json(byte[] body, String field) {
        json(body, field, JsonPosition.START);
    }

    /// The same from a piece of a body.
    ///
    /// @param start where in the body the piece begins
    public void json(byte[] body, String field, JsonPosition start) {
        boolean late = !origins.isEmpty();
        var reader = new MessageReader(plans, body, out, violations, this::present);
        try {
            if (field.isEmpty()) {
                reader.document(plan);
            } else {
                FieldPlan named = plan.named(field);
                if (!bodyFields.add(named.name)) {
                    violations.add(FieldPath.ROOT.field(named.name), "set twice");
                }
                reader.document(named);
            }
            if (late) {
                var refused = new HashSet<String>();
                told.forEach(each -> refuseSet(each, refused));
            }
        } catch (MalformedJsonException e) {
            throw JsonCodec.malformed(e, start).exception();
        }
    }

    /// Refuses what JSON sets though something did before.
    ///
    /// @param refused paths that were refused, each once
    private void refuseSet(Told each, Set<String> refused) {
        String path = each.path().toString();
        @Nullable Origin earlier = each.way() == MessageReader.Way.SET ? origin(path) : null;
        boolean excluded = each.way() != MessageReader.Way.NULL && otherMember(path, each.field());
        if ((earlier != null || excluded) && refused.add(path)) {
            violations.add(
                    each.path(),
                    earlier == null
                            ? "excluded by another field that is set"
                            : "set by both " + earlier.title() + " and " + Origin.BODY.title());
        }
    }

    /// Notes that the body sets a field in a way of its own, so that nothing else may. Comes before [#text].
    public void claim(String field) {
        settle(field, Origin.BODY);
    }

    private void present(FieldPath path, FieldPlan field, MessageReader.Way way) {
        told.add(new Told(path, field, way));
    }

    /// Works out what the body sets, which most requests never ask for.
    private void settleBody() {
        for (Told each : told) {
            String text = each.path().toString();
            if (each.way() == MessageReader.Way.SET) {
                settle(text, Origin.BODY);
            }
            if (each.way() != MessageReader.Way.ENTERED) {
                bodyPaths.add(text);
            }
            if (each.way() != MessageReader.Way.NULL) {
                take(text, each.field());
            }
        }
        told.clear();
    }

    /// Key of the oneof a field at a path belongs to.
    private static String oneof(String path, FieldPlan field) {
        return path.substring(0, path.length() - field.name.length()) + '#' + field.oneof;
    }

    /// Sets the field at a path such as `contract.id` from text. A field that is set already is an error, and so is
    /// an unknown one, except in a query in standard mode, where it is passed over.
    ///
    /// @param values one value, or several for a repeated field
    public void text(String path, List<String> values, Origin origin) {
        settleBody();
        String[] steps = path.split("\\.", STEPS_MAX + 1);
        var fields = new FieldPlan[steps.length];
        MessagePlan target = plan;
        FieldPath at = FieldPath.ROOT;
        for (int i = 0; i < steps.length; i++) {
            FieldPlan field = target.find(steps[i]);
            boolean last = i == steps.length - 1;
            boolean descends = !last && field != null && field.leadsOn();
            if (field == null && origin == Origin.QUERY && plans.mode() == JsonMode.STANDARD) {
                return;
            }
            if (field == null || !(last || descends)) {
                violations.add(FieldPath.ROOT.field(path), "unknown in " + origin.title());
                return;
            }
            fields[i] = field;
            at = at.field(field.name);
            if (!last) {
                if (otherMember(at.toString(), field)) {
                    violations.add(at, "excluded by another field that is set");
                    return;
                }
                target = field.message();
            }
        }
        set(fields, at, values, origin);
    }

    private void set(FieldPlan[] fields, FieldPath path, List<String> values, Origin origin) {
        FieldPlan field = fields[fields.length - 1];
        @Nullable Origin earlier = origin(path.toString());
        if (earlier != null) {
            violations.add(
                    path,
                    earlier == origin
                            ? "set twice by " + origin.title()
                            : "set by both " + earlier.title() + " and " + origin.title());
            return;
        }
        settle(path.toString(), origin);
        if (!field.isText()) {
            violations.add(path, "cannot be set by " + origin.title());
        } else if (otherMember(path.toString(), field)) {
            violations.add(path, "excluded by another field that is set");
        } else if (!field.repeated && values.size() > 1) {
            violations.add(path, "given " + values.size() + " times");
        } else {
            write(fields, path, values);
        }
    }

    private void write(FieldPlan[] fields, FieldPath path, List<String> values) {
        FieldPath above = FieldPath.ROOT;
        var lengths = new int[fields.length - 1];
        for (int i = 0; i < lengths.length; i++) {
            above = above.field(fields[i].name);
            take(above.toString(), fields[i]);
            out.varint(fields[i].tag);
            lengths[i] = fields[i].isGroup() ? 0 : out.beginLength();
        }
        FieldPlan field = fields[fields.length - 1];
        take(path.toString(), field);
        for (String value : values) {
            try {
                value(field, value);
            } catch (BadValueException e) {
                violations.add(path, e.expectation());
            }
        }
        for (int i = lengths.length - 1; i >= 0; i--) {
            if (fields[i].isGroup()) {
                out.varint((fields[i].number << 3) | WireFormat.WIRETYPE_END_GROUP);
            } else {
                out.endLength(lengths[i]);
            }
        }
    }

    private void value(FieldPlan field, String value) throws BadValueException {
        if (!isWellFormed(value)) {
            throw new BadValueException("expected well-formed Unicode text");
        }
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        if (!field.isMessage()) {
            Scalars.writeText(field, text, field.presence || field.repeated, out);
            return;
        }
        out.varint(field.tag);
        int length = out.beginLength();
        if (field.message().shape() == Shape.WRAPPER) {
            Scalars.writeText(field.message().wrapped(), text, false, out);
        } else {
            TextForms.read(field.message().shape(), plans.mode(), text, 0, text.length, out);
        }
        out.endLength(length);
    }

    private static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private void take(String path, FieldPlan field) {
        if (field.oneof >= 0) {
            members.putIfAbsent(oneof(path, field), field.name);
        }
    }

    private boolean otherMember(String path, FieldPlan field) {
        String taken = field.oneof < 0 ? null : members.get(oneof(path, field));
        return taken != null && !taken.equals(field.name);
    }

    /// What set the field at a path, a field above it or one below it.
    private @Nullable Origin origin(String path) {
        Origin there = origins.get(path);
        for (int dot = path.lastIndexOf('.'); there == null && dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            there = origins.get(path.substring(0, dot));
        }
        return there != null ? there : originsBelow.get(path);
    }

    /// Notes what sets the field at a path, unless something did.
    private void settle(String path, Origin origin) {
        origins.putIfAbsent(path, origin);
        for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            if (originsBelow.putIfAbsent(path.substring(0, dot), origin) != null) {
                // Then what is above it is known too.
                return;
            }
        }
    }

    /// There is a field of that name.
    public boolean has(String name) {
        return plan.find(name) != null;
    }

    /// The field at a path is read from JSON in a form: it is a message, a list or a map without text form.
    public boolean isJson(String path) {
        FieldPlan field = plan.find(path);
        return field != null && !field.isText();
    }

    /// Sets `update_mask` to the fields that body and query have, when the message has such a field and nothing set it.
    /// Where they have none it is a violation: many services take an empty mask for every field there is.
    ///
    /// @param body name of the field the body stands for, of whose fields the mask speaks; empty for the whole
    ///     message
    public void deriveUpdateMask(String body) {
        settleBody();
        FieldPlan mask = plan.find(UPDATE_MASK);
        if (mask == null || !isMask(mask) || origins.containsKey(UPDATE_MASK)) {
            return;
        }
        String prefix = body.isEmpty() ? "" : body + ".";
        Stream<String> queried = origins.entrySet().stream()
                .filter(each -> each.getValue() == Origin.QUERY)
                .map(Map.Entry::getKey);
        List<String> paths = Stream.concat(bodyPaths.stream(), queried)
                .distinct()
                .filter(path -> path.startsWith(prefix) && path.length() > prefix.length())
                .filter(path -> !path.equals(UPDATE_MASK))
                .map(path -> path.substring(prefix.length()))
                .toList();
        if (paths.isEmpty()) {
            if (violations.isEmpty()) {
                violations.add(FieldPath.ROOT.field(UPDATE_MASK), "names nothing to change: send a field, or a mask");
            }
            return;
        }
        out.varint(mask.tag);
        int length = out.beginLength();
        for (String path : paths) {
            byte[] text = path.getBytes(StandardCharsets.UTF_8);
            out.varint((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.varint(text.length);
            out.bytes(text);
        }
        out.endLength(length);
    }

    private static boolean isMask(FieldPlan field) {
        return !field.repeated && field.isMessage() && field.message().shape() == Shape.FIELD_MASK;
    }

    /// The message's wire bytes.
    ///
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT, reason INVALID_FIELD, with every violation
    public byte[] wire() {
        violations.throwIfAny();
        return out.toByteArray();
    }
}
