package bank.platform.events;

import bank.v1.Options;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

/// What the `bank.v1.event` option of a message says.
///
/// @param topic topic its events go to
/// @param key field with the id of what they are about
/// @param ordered events of the same key come one after another
public record EventType(String topic, FieldDescriptor key, boolean ordered) {

    /// The type of a message.
    ///
    /// @throws IllegalArgumentException when the message is not what an event says
    public static EventType of(Descriptor message) {
        var option = message.getOptions().getExtension(Options.event);
        var key = message.findFieldByName(option.getKey());
        if (option.getTopic().isEmpty() || key == null || key.isRepeated()) {
            throw new IllegalArgumentException(
                    message.getFullName() + " lacks the option bank.v1.event with a topic and a key field");
        }
        return new EventType(option.getTopic(), key, !option.getUnordered());
    }

    /// The key of an event.
    ///
    /// @throws IllegalArgumentException when it has none
    String keyOf(Message payload) {
        var value = payload.getField(key).toString();
        if (value.isEmpty() || value.equals("0")) {
            throw new IllegalArgumentException(payload.getDescriptorForType().getFullName() + " without "
                    + key.getName() + ", the key of its events");
        }
        return value;
    }
}
