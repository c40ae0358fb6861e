/// What can be done with registers and appointments, and who is who he says he is.
@NullMarked
package bank.registry.domain;

import org.jspecify.annotations.NullMarked;
