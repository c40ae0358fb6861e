package bank.edge;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.ShuttingDownException;
import com.linecorp.armeria.server.GracefulShutdown;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// How the server stops: running requests get time to end, and what runs no request gets none. Left to itself
/// the server spends a second more on a connection that is merely open.
final class PatientStop implements GracefulShutdown {
    private static final Duration QUIET_PERIOD = Duration.ofMillis(100);
    private static final Duration TIME_MAX = Duration.ofSeconds(10);

    private final BooleanSupplier busy;

    /// @param busy tells whether a request runs
    PatientStop(BooleanSupplier busy) {
        this.busy = busy;
    }

    @Override
    public Duration quietPeriod() {
        return QUIET_PERIOD;
    }

    @Override
    public Duration timeout() {
        return busy.getAsBoolean() ? TIME_MAX : Duration.ZERO;
    }

    @Override
    public Throwable toException(ServiceRequestContext ctx, HttpRequest request) {
        return ShuttingDownException.get();
    }
}
