/// Recurring work, once at a time over all instances of a service.
@NullMarked
package bank.platform.jobs;

import org.jspecify.annotations.NullMarked;
