/// gRPC in and out: bank.v1 messages, OAuth 2 forms, failures as statuses.
@NullMarked
package bank.identity.rpc;

import org.jspecify.annotations.NullMarked;
