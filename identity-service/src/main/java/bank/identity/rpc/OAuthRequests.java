package bank.identity.rpc;

import bank.v1.RawHttpRequest;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import java.net.URI;

/// Requests of OAuth 2 as Nimbus reads them.
final class OAuthRequests {
    private static final URI HOST = URI.create("http://localhost");
    private static final int BODY_BYTES_MAX = 64 * 1024;

    private OAuthRequests() {}

    /// A request by POST.
    ///
    /// @throws ParseException when its body is too long or a header repeated
    static HTTPRequest http(RawHttpRequest raw) throws ParseException {
        if (raw.getBody().size() > BODY_BYTES_MAX) {
            throw malformed("body too long");
        }
        var http = new HTTPRequest(HTTPRequest.Method.POST, HOST.resolve(raw.getPath()));
        for (var header : raw.getHeadersList()) {
            if (http.getHeaderValue(header.getName()) != null) {
                throw malformed("a header is repeated");
            }
            http.setHeader(header.getName(), header.getValue());
        }
        http.setBody(raw.getBody().toStringUtf8());
        return http;
    }

    /// Refuses a form in which a parameter comes twice (RFC 6749, section 3.1) or has a control character.
    static void requireEachOnce(HTTPRequest http) throws ParseException {
        var form = http.getBodyAsFormParameters();
        if (ControlCharacters.in(form)) {
            throw malformed("a parameter has a control character");
        }
        for (var parameter : form.values()) {
            if (parameter.size() > 1) {
                throw malformed("a parameter is repeated");
            }
        }
    }

    static ParseException malformed(String why) {
        return new ParseException(why, OAuth2Error.INVALID_REQUEST.appendDescription(": " + why));
    }

    static OAuthAnswer malformed(ParseException e) {
        var error = e.getErrorObject();
        return OAuthAnswer.error(error == null ? OAuth2Error.INVALID_REQUEST : error);
    }
}
