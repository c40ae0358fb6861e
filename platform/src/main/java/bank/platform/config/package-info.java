/// Typed settings from the environment, every problem listed at once.
@NullMarked
package bank.platform.config;

import org.jspecify.annotations.NullMarked;
