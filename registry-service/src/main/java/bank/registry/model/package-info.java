/// People as registries know them, appointments, notices of death, and what can go wrong with them.
@NullMarked
package bank.registry.model;

import org.jspecify.annotations.NullMarked;
