/// Fixtures shared by tests: real PostgreSQL, Kafka and S3 ([bank.testing.PostgresExtension],
/// [bank.testing.KafkaExtension], [bank.testing.S3Extension]), a gRPC server with a client channel
/// ([bank.testing.GrpcServerExtension]), assertions on a call's failure
/// ([bank.testing.StatusAssert]), a service in a process of its own that may be killed
/// ([bank.testing.ServiceProcess]), a receiver of traces ([bank.testing.TraceReceiver]) and what a test makes others
/// log ([bank.testing.ExpectedLog]).
@org.jspecify.annotations.NullMarked
package bank.testing;
