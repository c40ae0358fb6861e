package bank.platform.events;

/// What events keep their order for.
///
/// @param topic topic, without the prefix
/// @param key key of the messages
record EventKey(String topic, String key) {}
