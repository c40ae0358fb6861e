package bank.edge;

import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AsciiString;
import io.netty.util.AttributeKey;
import java.util.ArrayList;
import java.util.List;

/// Headers that what is around a service has to say in its answer, gathered while the request is served and added in
/// one go. Every change of Armeria's own additional headers copies them, and their presence copies the answer's.
public final class AnswerHeaders {
    private static final AttributeKey<AnswerHeaders> KEY = AttributeKey.valueOf(AnswerHeaders.class, "GATHERED");

    private final List<Header> gathered = new ArrayList<>(2);

    private record Header(AsciiString name, String value) {}

    private AnswerHeaders() {}

    /// Says this in the answer, in place of what it says under the same name by itself. What is said under one name
    /// is a list, on one line.
    public static void add(ServiceRequestContext ctx, AsciiString name, String value) {
        AnswerHeaders known = ctx.attr(KEY);
        if (known == null) {
            known = new AnswerHeaders();
            ctx.setAttr(KEY, known);
        }
        known.gather(name, value);
    }

    private synchronized void gather(AsciiString name, String value) {
        for (int i = 0; i < gathered.size(); i++) {
            Header said = gathered.get(i);
            if (said.name().equals(name)) {
                gathered.set(i, new Header(name, said.value() + ", " + value));
                return;
            }
        }
        gathered.add(new Header(name, value));
    }

    /// Adds what was gathered, where the headers of an answer are made, which spares a copy.
    public static void addTo(ServiceRequestContext ctx, ResponseHeadersBuilder headers) {
        AnswerHeaders known = ctx.attr(KEY);
        if (known != null) {
            known.addTo(headers);
        }
    }

    private synchronized void addTo(ResponseHeadersBuilder headers) {
        for (Header header : gathered) {
            headers.set(header.name(), header.value());
        }
    }

    /// The headers of an answer, with what was gathered and is not in them yet.
    public static ResponseHeaders in(ServiceRequestContext ctx, ResponseHeaders headers) {
        AnswerHeaders known = ctx.attr(KEY);
        if (known == null || known.isIn(headers)) {
            return headers;
        }
        ResponseHeadersBuilder complete = headers.toBuilder();
        known.addTo(complete);
        return complete.build();
    }

    private synchronized boolean isIn(ResponseHeaders headers) {
        for (Header header : gathered) {
            if (!headers.contains(header.name(), header.value())) {
                return false;
            }
        }
        return true;
    }
}
