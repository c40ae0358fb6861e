package bank.platform.events;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A message on its way to Kafka.
///
/// @param topic topic, without the prefix
/// @param key key of the message
/// @param headers headers by name
/// @param value the event
/// @param ordered messages of the same topic and key go in the order of their transactions
record OutgoingMessage(String topic, String key, Map<String, String> headers, ByteString value, boolean ordered) {

    /// Bytes of value and headers together.
    int bytes() {
        return value.size()
                + headers.entrySet().stream()
                        .mapToInt(header -> bytes(header.getKey()) + bytes(header.getValue()))
                        .sum();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
