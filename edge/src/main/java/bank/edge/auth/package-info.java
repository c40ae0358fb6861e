/// The one check of access tokens that guards JSON, gRPC and gRPC-Web alike.
@NullMarked
package bank.edge.auth;

import org.jspecify.annotations.NullMarked;
