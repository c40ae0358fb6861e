package bank.edge.http;

import io.smallrye.config.WithDefault;

/// How many requests one may send, `bank.edge.rates.…`. The quota of a minute may be used at once, and comes back
/// evenly.
public interface RateConfig {
    /// Most requests of one caller (the subject of an access token) a minute; 0 for no limit. The default stands only
    /// in the
    /// way of a runaway; a bank sets what its clients need.
    @WithDefault("1200000")
    long callerPerMinute();

    /// Most requests from one address (IPv6: from one network of 64 bits) a minute; 0 for no limit.
    @WithDefault("1200000")
    long addressPerMinute();

    /// Most callers, and most addresses, whose requests are counted at a time. Beyond it the least used are forgotten
    /// and begin anew. Each takes a quarter of a kilobyte.
    @WithDefault("100000")
    int rememberedMax();
}
