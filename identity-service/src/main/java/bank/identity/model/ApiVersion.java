package bank.identity.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A version of the interface.
///
/// @param name as in paths, e.g. `v1`
/// @param deprecatedAt when it became or becomes deprecated; null when that is not planned
/// @param sunsetAt when it stops being served; null when that is not known
/// @param infoUrl address of a page on what to use instead; empty when there is none
public record ApiVersion(
        String name,
        @Nullable Instant deprecatedAt,
        @Nullable Instant sunsetAt,
        String infoUrl) {

    /// Where a version stands.
    public enum State {
        /// For use.
        ACTIVE,
        /// Still served, but to be left.
        DEPRECATED,
        /// Past its last day.
        SUNSET
    }

    /// Where the version stands at a moment.
    public State state(Instant now) {
        if (sunsetAt != null && !now.isBefore(sunsetAt)) {
            return State.SUNSET;
        }
        return deprecatedAt != null && !now.isBefore(deprecatedAt) ? State.DEPRECATED : State.ACTIVE;
    }
}
