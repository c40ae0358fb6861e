package bank.edge;

import bank.edge.http.OptionsAnswers;
import bank.edge.problem.EdgeFailures;
import bank.edge.problem.Problems;
import bank.platform.failure.Failure;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/// The methods of a page of the edge's own: it is read, and tells what it takes.
final class PageMethods {
    private static final Set<String> ALLOWED = new TreeSet<>(Set.of("GET", "HEAD", "OPTIONS"));

    private PageMethods() {}

    /// The answer to a request for a page.
    ///
    /// @param page gives the page, to GET and HEAD
    static HttpResponse answer(ServiceRequestContext ctx, HttpRequest request, Supplier<HttpResponse> page) {
        return switch (request.method()) {
            case GET, HEAD -> page.get();
            case OPTIONS -> OptionsAnswers.answer(ctx, ALLOWED);
            default -> failed(ctx, EdgeFailures.methodNotAllowed(ALLOWED));
        };
    }

    /// The answer that tells of a failure, noted as how the request ended.
    static HttpResponse failed(ServiceRequestContext ctx, Failure failure) {
        RequestLabels.failure(ctx, failure);
        return Problems.answer(failure, ctx.path(), RequestLabels.id(ctx)).toHttpResponse();
    }
}
