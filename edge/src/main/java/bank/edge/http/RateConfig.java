package bank.edge.http;

import io.smallrye.config.WithDefault;

/// How many requests one may send, `bank.edge.rates.…`. The quota of a minute may be used at once, and comes back
/// evenly.
public interface RateConfig {
    /// Most requests of one caller (the subject of an access token) a minute, up to 1,000,000,000; 0 for no limit.
    /// The default, 1,200,000, stands only in the way of a runaway; a bank sets what its clients need.
    @WithDefault("1200000")
    long callerPerMinute();

    /// Most requests from one address (IPv6: from one network of 64 bits) a minute, up to 1,000,000,000; 0
    /// for no limit. Default: 1,200,000.
    @WithDefault("1200000")
    long addressPerMinute();

    /// Most callers, and most addresses, whose requests are counted at a time. Beyond it the least used are forgotten
    /// and begin anew. Each takes a quarter of a kilobyte. 1 to 10,000,000. Default: 100,000.
    @WithDefault("100000")
    int rememberedMax();
}
