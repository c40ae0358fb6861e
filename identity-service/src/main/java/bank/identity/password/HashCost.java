package bank.identity.password;

/// What one Argon2id hash costs.
///
/// @param memoryKib memory in KiB
/// @param iterations passes over the memory
/// @param lanes parallel lanes
public record HashCost(int memoryKib, int iterations, int lanes) {
    /// The least that OWASP's password storage cheat sheet recommends: 19 MiB, 2 passes, 1 lane.
    public static final HashCost OWASP = new HashCost(19_456, 2, 1);
}
