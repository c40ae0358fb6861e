package bank.platform.events;

import com.google.protobuf.Message;

/// Something that happened.
///
/// @param topic topic it goes to, without the installation's prefix
/// @param key id of what it is about
/// @param version version of that, 0 or more; grows with each event of the key, so that an older one is known as such
/// @param ordered events of the same topic and key are published in the order of their transactions
/// @param payload what it says, a message with the option `bank.v1.event`
public record Event(String topic, String key, long version, boolean ordered, Message payload) {

    /// An event, its topic and key taken from the message.
    ///
    /// @throws IllegalArgumentException when the message has no `bank.v1.event` option or no key
    public static Event of(Message payload, long version) {
        var type = EventType.of(payload.getDescriptorForType());
        return new Event(type.topic(), type.keyOf(payload), version, type.ordered(), payload);
    }
}
