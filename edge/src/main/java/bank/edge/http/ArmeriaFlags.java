package bank.edge.http;

import com.linecorp.armeria.common.FlagsProvider;

/// Settings of Armeria that hold for the whole process. Found by Armeria itself.
public final class ArmeriaFlags implements FlagsProvider {
    private static final int BEFORE_OTHERS = 100;

    @Override
    public int priority() {
        return BEFORE_OTHERS;
    }

    /// Remembered routes would keep the heads of thousands of requests, tokens included, for as long as the server runs.
    @Override
    public String routeCacheSpec() {
        return "off";
    }

    @Override
    public String routeDecoratorCacheSpec() {
        return "off";
    }
}
