package bank.edge.transcode;

import bank.edge.problem.EdgeFailures;
import bank.edge.route.RouteMatch;
import bank.edge.route.RouteMatch.Found;
import bank.platform.failure.Failure;
import bank.v1.Alternative;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which of several forms of an answer a client gets: the one he names in the query, else the one his `Accept` likes
/// best, JSON where he has no liking.
final class Alternatives {
    private static final String PARAMETER = "format";
    private static final String USUAL = "json";

    private Alternatives() {}

    /// The route of the form.
    ///
    /// @param query parameters, from which the one that names the form is taken
    /// @throws bank.platform.failure.FailureException INVALID_FIELD when the form he names is none,
    ///     NOT_ACCEPTABLE when he takes none
    static Found choose(Found usual, RequestHeaders headers, Map<String, List<String>> query) {
        if (usual.alternatives().isEmpty()) {
            return usual;
        }
        @Nullable List<String> named = query.remove(PARAMETER);
        return named == null ? liked(usual, headers) : named(usual, named);
    }

    private static Found named(Found usual, List<String> names) {
        var forms = new LinkedHashMap<String, Found>();
        forms.put(USUAL, usual);
        usual.alternatives().forEach(form -> forms.put(of(form).getFormat(), form));
        Found form = names.size() == 1 ? forms.get(names.getFirst()) : null;
        if (form == null) {
            throw Failure.invalid("INVALID_FIELD", PARAMETER, "is one of " + String.join(", ", forms.keySet()))
                    .exception();
        }
        return form;
    }

    private static Found liked(Found usual, RequestHeaders headers) {
        var forms = new LinkedHashMap<MediaType, Found>();
        forms.put(MediaType.JSON.withoutParameters(), usual);
        usual.alternatives().forEach(form -> forms.put(MediaType.parse(of(form).getMediaType()), form));
        return new Accept(headers)
                .best(List.copyOf(forms.keySet()))
                .map(forms::get)
                .orElseThrow(() -> EdgeFailures.notAcceptable(String.join(
                                " or ",
                                forms.keySet().stream().map(MediaType::toString).toList()))
                        .exception());
    }

    private static Alternative of(RouteMatch.Found form) {
        Alternative alternative = form.rule().rpc().alternative();
        if (alternative == null) {
            throw new IllegalStateException("no alternative: " + form.rule());
        }
        return alternative;
    }
}
