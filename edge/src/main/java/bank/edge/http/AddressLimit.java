package bank.edge.http;

import bank.edge.RequestLabels;
import bank.edge.ResponseDefaults;
import bank.edge.grpc.GrpcProxy;
import bank.edge.problem.Problems;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import io.github.bucket4j.TimeMeter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The quota of each address, signed in or not. Probes of the edge's health are not counted.
public final class AddressLimit extends SimpleDecoratingHttpService {
    private static final Set<String> UNCOUNTED = Set.of("/healthz", "/readyz");

    private final Quota quota;
    private final Predicate<HttpRequest> counted;

    private AddressLimit(HttpService delegate, Quota quota, Predicate<HttpRequest> counted) {
        super(delegate);
        this.quota = quota;
        this.counted = counted;
    }

    /// Null without a limit.
    static @Nullable Quota quota(RateConfig config) {
        return config.addressPerMinute() == 0
                ? null
                : new Quota("address", config.addressPerMinute(), config.rememberedMax(), TimeMeter.SYSTEM_NANOTIME);
    }

    /// The service with `cors` around it and one quota for both: preflights, which `cors` answers itself, count before
    /// it, all else behind it, so that pages of other origins can read that they were refused.
    ///
    /// @param quota null without a limit
    static HttpService around(HttpService service, UnaryOperator<HttpService> cors, @Nullable Quota quota) {
        if (quota == null) {
            return cors.apply(service);
        }
        HttpService limited = new AddressLimit(service, quota, request -> !Cors.isPreflight(request));
        return new AddressLimit(cors.apply(limited), quota, Cors::isPreflight);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        if (counted.test(request) && !UNCOUNTED.contains(ctx.path())) {
            try {
                quota.take(ctx, key(RequestLabels.address(ctx)));
            } catch (FailureException e) {
                return refused(ctx, request, e.failure());
            }
        }
        return ((HttpService) unwrap()).serve(ctx, request);
    }

    private static HttpResponse refused(ServiceRequestContext ctx, HttpRequest request, Failure failure) {
        String requestId = RequestLabels.id(ctx);
        return GrpcProxy.isCall(request.headers())
                ? GrpcProxy.failed(request.headers(), failure)
                : Problems.answer(failure, ctx.path(), requestId)
                        .toHttpResponse()
                        .mapHeaders(headers -> ResponseDefaults.on(headers, requestId));
    }

    /// What stands for an address where its requests are counted.
    /// A subscriber of IPv6 has a whole network of 64 bits, and so as many addresses as he likes.
    public static Object key(InetAddress address) {
        return address instanceof Inet6Address
                ? (Object) ByteBuffer.wrap(address.getAddress()).getLong()
                : address;
    }
}
