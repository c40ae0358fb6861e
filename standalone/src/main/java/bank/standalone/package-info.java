/// The whole platform in one JVM: what `./bank up` runs.
///
/// [Main] reads the command line ([CommandLine]), [Standalone] starts the parts in order and stops them in reverse
/// ([Parts]), [Wiring] says what each part is told about the others. The services talk over loopback sockets, as they
/// do when each runs alone.
@org.jspecify.annotations.NullMarked
package bank.standalone;
