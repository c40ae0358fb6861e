/// What two services or more share, and no business word: configuration, database, gRPC server and
/// client, access rules, failures, repeats, lists.
///
/// `Platform` opens the parts a service needs; `grpc.Call` is what a running rpc knows of its caller.
@NullMarked
package bank.platform;

import org.jspecify.annotations.NullMarked;
