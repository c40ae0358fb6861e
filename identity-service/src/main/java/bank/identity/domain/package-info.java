/// Use cases: registering, signing in, sessions, clients, the first start.
@NullMarked
package bank.identity.domain;

import org.jspecify.annotations.NullMarked;
