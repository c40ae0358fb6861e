/// PostgreSQL and S3 started from libraries alone, for the one-command run and for tests.
///
/// [EmbeddedPostgresServer] unpacks and runs PostgreSQL as a process of its own; [EmbeddedS3Server] runs S3Proxy
/// inside this JVM. Both keep everything below one directory, listen on 127.0.0.1 only, make their own passwords,
/// and start again on what a `kill -9` left behind.
@org.jspecify.annotations.NullMarked
package bank.embedded;
