package bank.edge.json;

import bank.platform.failure.Failure;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/// Turns JSON into protobuf wire bytes and wire bytes into JSON, directly: for each message type a plan is worked out
/// once, and no message objects or trees are made.
public final class JsonCodec {
    private static final int CAPACITY = 512;

    private final Plans plans;

    /// @param types message types by full name, for `google.protobuf.Any`
    public JsonCodec(JsonMode mode, Function<String, Optional<Descriptor>> types) {
        this.plans = new Plans(mode, types);
    }

    /// Begins a request message, filled from body, query and path.
    public MessageInput input(Descriptor type) {
        return new MessageInput(plans, plans.of(type));
    }

    /// The field at a path such as `contract.id` takes one value as text, as a path or a query has it.
    public boolean takesText(Descriptor type, String path) {
        MessagePlan plan = plans.of(type);
        String[] steps = path.split("\\.", -1);
        for (int i = 0; i < steps.length && steps.length <= MessageInput.STEPS_MAX; i++) {
            FieldPlan field = plan.find(steps[i]);
            // A name may be that which another field is printed by.
            if (field == null || field.repeated || !field.name.equals(steps[i])) {
                return false;
            }
            if (i == steps.length - 1) {
                return field.isText();
            }
            if (!field.leadsOn()) {
                return false;
            }
            plan = field.message();
        }
        return false;
    }

    /// Messages of the type are objects with a member for each field.
    public boolean hasMembers(Descriptor type) {
        return plans.of(type).shape() == MessagePlan.Shape.OBJECT;
    }

    /// Reads a message from JSON.
    ///
    /// @param json JSON in UTF-8
    /// @return the message's wire bytes
    /// @throws MalformedJsonException when it is no JSON
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT, reason INVALID_FIELD, with every violation
    public byte[] toWire(Descriptor type, byte[] json) throws MalformedJsonException {
        var violations = new Violations();
        var out = new WireBuffer(Math.max(CAPACITY, json.length / 2));
        new MessageReader(plans, json, out, violations, null).document(plans.of(type));
        violations.throwIfAny();
        return out.toByteArray();
    }

    /// Prints a message as JSON.
    ///
    /// @param message the message's wire bytes
    /// @return JSON in UTF-8
    /// @throws InvalidProtocolBufferException when the bytes are no message of the type, or it has no JSON form
    public byte[] toJson(Descriptor type, byte[] message) throws InvalidProtocolBufferException {
        return toJson(type, message, "");
    }

    /// Prints one field of a message as JSON, or the whole message.
    ///
    /// @param message the message's wire bytes
    /// @param field name of the field to print; empty for the whole message
    /// @return JSON in UTF-8
    /// @throws InvalidProtocolBufferException when the bytes are no message of the type, or it has no JSON form
    public byte[] toJson(Descriptor type, byte[] message, String field) throws InvalidProtocolBufferException {
        MessagePlan plan = plans.of(type);
        var out = new JsonBuffer(Math.max(CAPACITY, message.length * 3));
        var writer = new MessageWriter(plans, out);
        try {
            if (field.isEmpty()) {
                writer.document(plan, message);
            } else {
                writer.field(plan, plan.named(field), message);
            }
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
        return out.toByteArray();
    }

    /// What a client is told of a body that is no JSON.
    ///
    /// @param start where in the body the JSON begins
    static Failure malformed(MalformedJsonException cause, JsonPosition start) {
        return Failure.of(
                io.grpc.Status.Code.INVALID_ARGUMENT,
                "MALFORMED_JSON",
                "the body is no JSON: " + cause.problem() + " at "
                        + cause.position().from(start));
    }
}
