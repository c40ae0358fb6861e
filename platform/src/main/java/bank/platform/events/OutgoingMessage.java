package bank.platform.events;

import com.google.protobuf.ByteString;
import java.util.Map;

/// A message on its way to Kafka.
///
/// @param topic topic, without the prefix
/// @param key key of the message
/// @param headers headers by name
/// @param value the event
/// @param ordered messages of the same topic and key go in the order of their transactions
record OutgoingMessage(String topic, String key, Map<String, String> headers, ByteString value, boolean ordered) {}
