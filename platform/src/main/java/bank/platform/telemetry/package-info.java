/// What a process tells of itself while it runs: its log, its traces.
@NullMarked
package bank.platform.telemetry;

import org.jspecify.annotations.NullMarked;
