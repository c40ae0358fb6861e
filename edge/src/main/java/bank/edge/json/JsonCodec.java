package bank.edge.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;

/// Turns JSON into protobuf wire bytes and back, in house mode: names printed in snake case and read in snake or
/// camel case, int64 as numbers, enums as short lower-case names, dates and decimals as text.
public interface JsonCodec {
    /// Begins a request message, filled from body, query and path.
    MessageInput input(Descriptor type);

    /// Prints a message as a JSON object.
    ///
    /// @param message the message's wire bytes
    /// @return JSON in UTF-8
    /// @throws InvalidProtocolBufferException when the bytes are no message of the type
    default byte[] toJson(Descriptor type, byte[] message) throws InvalidProtocolBufferException {
        return toJson(type, message, "");
    }

    /// Prints one field of a message as JSON, or the whole message.
    ///
    /// @param message the message's wire bytes
    /// @param field name of the field to print; empty for the whole message
    /// @return JSON in UTF-8
    /// @throws InvalidProtocolBufferException when the bytes are no message of the type
    byte[] toJson(Descriptor type, byte[] message, String field) throws InvalidProtocolBufferException;
}
