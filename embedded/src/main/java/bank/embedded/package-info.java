/// PostgreSQL, Kafka and S3 started from libraries alone, for the one-command run and for tests.
///
/// [EmbeddedPostgresServer] unpacks and runs PostgreSQL as a process of its own; [EmbeddedKafkaServer] and
/// [EmbeddedS3Server] run Kafka and S3Proxy inside this JVM. All keep everything below one directory, listen on
/// 127.0.0.1 only, and start again on what a `kill -9` left behind. PostgreSQL and S3 make their own passwords.
@org.jspecify.annotations.NullMarked
package bank.embedded;
