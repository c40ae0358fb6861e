package bank.edge.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.ResponseHeaders;

/// The header `Vary` (RFC 9110, section 12.5.5).
public final class Vary {
    private Vary() {}

    /// The headers with a request header among those the answer was chosen by.
    public static ResponseHeaders by(ResponseHeaders headers, String name) {
        for (String line : headers.getAll(HttpHeaderNames.VARY)) {
            if (line.equals(name)) {
                return headers;
            }
            for (String known : line.split(",", -1)) {
                if (known.strip().equalsIgnoreCase(name)) {
                    return headers;
                }
            }
        }
        return headers.toBuilder().add(HttpHeaderNames.VARY, name).build();
    }
}
