package bank.identity;

import bank.platform.grpc.Headers;
import bank.v1.HttpHeader;
import bank.v1.OAuthServiceGrpc.OAuthServiceBlockingStub;
import bank.v1.RawHttpRequest;
import com.google.protobuf.ByteString;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// Sends HTTP requests of OAuth 2 as the edge does, and reads the answers as an HTTP client would.
final class OAuthForm {
    static final String FORM = "application/x-www-form-urlencoded";

    private OAuthForm() {}

    record Answer(int status, String contentType, Metadata headers, String body) {
        String header(String name) {
            return headers.get(Headers.key(Headers.HTTP_PREFIX + name));
        }

        Map<String, Object> json() {
            try {
                return JSONObjectUtils.parse(body);
            } catch (ParseException e) {
                throw new AssertionError(body, e);
            }
        }

        String get(String name) {
            return String.valueOf(json().get(name));
        }

        String error() {
            return get("error");
        }
    }

    static Answer post(OAuthServiceBlockingStub oauth, String form) {
        return send(oauth, request("POST", "/token", form));
    }

    static Answer post(OAuthServiceBlockingStub oauth, String clientId, String secret, String form) {
        return send(
                oauth,
                request("POST", "/oauth2/token", form).addHeaders(header("authorization", basic(clientId, secret))));
    }

    static Answer revoke(OAuthServiceBlockingStub oauth, String form) {
        return send(oauth, request("POST", "/oauth2/revoke", form));
    }

    static Answer introspect(OAuthServiceBlockingStub oauth, String clientId, String secret, String token) {
        return send(
                oauth,
                request("POST", "/oauth2/introspect", "token=" + token)
                        .addHeaders(header("authorization", basic(clientId, secret))));
    }

    static RawHttpRequest.Builder request(String method, String path, String body) {
        var request = RawHttpRequest.newBuilder()
                .setMethod(method)
                .setPath(path)
                .setRemoteAddress("192.0.2.7")
                .setBody(ByteString.copyFromUtf8(body));
        return body.isEmpty() ? request : request.addHeaders(header("content-type", FORM));
    }

    static HttpHeader header(String name, String value) {
        return HttpHeader.newBuilder().setName(name).setValue(value).build();
    }

    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    static Answer send(OAuthServiceBlockingStub oauth, RawHttpRequest.Builder request) {
        var headers = new AtomicReference<Metadata>();
        var body = oauth.withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
                .exchange(request.build());
        var status = headers.get().get(Headers.key(Headers.HTTP_STATUS));
        return new Answer(
                Integer.parseInt(status),
                body.getContentType(),
                headers.get(),
                body.getData().toStringUtf8());
    }
}
