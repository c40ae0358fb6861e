package bank.identity.rpc;

import bank.v1.RawHttpRequest;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the endpoints read of an HTTP request.
final class RawRequests {
    private static final String FORM = "application/x-www-form-urlencoded";

    private RawRequests() {}

    /// Values of a header, in order.
    static List<String> headers(RawHttpRequest request, String name) {
        return request.getHeadersList().stream()
                .filter(header -> header.getName().equals(name))
                .map(header -> header.getValue())
                .toList();
    }

    /// Parameters of the query.
    static Map<String, List<String>> query(RawHttpRequest request) {
        return URLUtils.parseParameters(request.getQuery());
    }

    /// The body is a form.
    static boolean hasForm(RawHttpRequest request) {
        var types = headers(request, "content-type");
        return types.size() == 1
                && types.getFirst()
                        .split(";", 2)[0]
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .equals(FORM);
    }

    /// Parameters of a form in the body.
    static Map<String, List<String>> form(RawHttpRequest request) {
        return URLUtils.parseParameters(request.getBody().toStringUtf8());
    }

    /// The values of a cookie, which a browser may send more than once.
    static List<String> cookies(RawHttpRequest request, String name) {
        return headers(request, "cookie").stream()
                .flatMap(header -> List.of(header.split(";")).stream())
                .map(String::strip)
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .toList();
    }
}
