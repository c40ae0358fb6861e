/// Use cases: registering, signing in, sessions, users, organisations, clients, the first start.
@NullMarked
package bank.identity.domain;

import org.jspecify.annotations.NullMarked;
