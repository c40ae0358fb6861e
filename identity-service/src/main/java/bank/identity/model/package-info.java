/// Users, sessions, clients, and what can be wrong with them: plain values.
@NullMarked
package bank.identity.model;

import org.jspecify.annotations.NullMarked;
