/// What operators do to the database of a service by words on a command line, whether the service runs or not.
@NullMarked
package bank.platform.maintenance;

import org.jspecify.annotations.NullMarked;
