/// What a process tells of itself while it runs: its log.
@NullMarked
package bank.platform.telemetry;

import org.jspecify.annotations.NullMarked;
