package bank.edge.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The plans of message types, made when first asked for.
final class Plans {
    private final JsonMode mode;
    private final Function<String, Optional<Descriptor>> types;
    private final Map<Descriptor, MessagePlan> made = new ConcurrentHashMap<>();
    private final ReentrantLock making = new ReentrantLock();

    /// @param types message types by full name, for `google.protobuf.Any`
    Plans(JsonMode mode, Function<String, Optional<Descriptor>> types) {
        this.mode = mode;
        this.types = types;
    }

    JsonMode mode() {
        return mode;
    }

    MessagePlan of(Descriptor type) {
        MessagePlan plan = made.get(type);
        return plan == null ? make(type) : plan;
    }

    private MessagePlan make(Descriptor type) {
        making.lock();
        try {
            // Types that hold each other get their plans together, so that none is seen half linked.
            var fresh = new HashMap<Descriptor, MessagePlan>();
            MessagePlan plan = collect(type, fresh);
            made.putAll(fresh);
            return plan;
        } finally {
            making.unlock();
        }
    }

    private MessagePlan collect(Descriptor type, Map<Descriptor, MessagePlan> fresh) {
        MessagePlan known = made.containsKey(type) ? made.get(type) : fresh.get(type);
        if (known != null) {
            return known;
        }
        var plan = new MessagePlan(type, mode);
        fresh.put(type, plan);
        for (FieldPlan field : plan.fields()) {
            if (type.findFieldByNumber(field.number).getJavaType() == JavaType.MESSAGE) {
                field.link(collect(type.findFieldByNumber(field.number).getMessageType(), fresh));
            }
        }
        return plan;
    }

    /// The plan of the type a `google.protobuf.Any` names; null when there is no such type.
    @Nullable
    MessagePlan named(String typeUrl) {
        int slash = typeUrl.lastIndexOf('/');
        return slash < 0
                ? null
                : types.apply(typeUrl.substring(slash + 1)).map(this::of).orElse(null);
    }
}
