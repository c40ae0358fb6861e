package bank.standalone;

import bank.edge.json.JsonCodec;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.AnnotationsProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// One way of calling a unary rpc. All ways give the same `Answer`.
interface Caller {
    ObjectMapper JSON = new ObjectMapper();

    /// @param code name of the gRPC code
    /// @param reason reason of the failure; empty for a success
    /// @param violations fields at fault, each with what is wrong with it
    /// @param body the answer in house JSON; null for a failure
    /// @param etag entity tag of the answer; empty for none
    /// @param replayed the answer is a replay
    record Answer(String code, String reason, List<String> violations, JsonNode body, String etag, boolean replayed) {
        static Answer ok(JsonNode body, String etag, boolean replayed) {
            return new Answer("OK", "", List.of(), body, etag, replayed);
        }
    }

    <Q extends Message, A extends Message> Answer call(
            MethodDescriptor<Q, A> method, Q request, String token, Map<String, String> headers);

    private static com.google.protobuf.Descriptors.MethodDescriptor proto(MethodDescriptor<?, ?> method) {
        return ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor()).getMethodDescriptor();
    }

    static JsonNode house(JsonCodec codec, Message message) {
        try {
            return JSON.readTree(codec.toJson(message.getDescriptorForType(), message.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The fields of a request that are set, in house JSON.
    static ObjectNode fields(JsonCodec codec, Message request) {
        var names = request.getAllFields().keySet().stream()
                .map(FieldDescriptor::getName)
                .toList();
        return ((ObjectNode) house(codec, request)).retain(names);
    }

    static Answer failed(StatusRuntimeException e) {
        var status = StatusProto.fromThrowable(e);
        var reason = "";
        var violations = new ArrayList<String>();
        try {
            for (var detail : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    reason = detail.unpack(ErrorInfo.class).getReason();
                } else if (detail.is(BadRequest.class)) {
                    detail.unpack(BadRequest.class)
                            .getFieldViolationsList()
                            .forEach(fault -> violations.add(fault.getField() + ": " + fault.getDescription()));
                }
            }
        } catch (InvalidProtocolBufferException broken) {
            throw new UncheckedIOException(broken);
        }
        if (reason.isEmpty()) {
            throw new AssertionError("no ErrorInfo in " + status, e);
        }
        return new Answer(e.getStatus().getCode().name(), reason, violations, null, "", false);
    }

    /// Native gRPC, through the edge or to a service itself.
    record Grpc(Channel channel, JsonCodec codec) implements Caller {
        @Override
        public <Q extends Message, A extends Message> Answer call(
                MethodDescriptor<Q, A> method, Q request, String token, Map<String, String> headers) {
            var told = new AtomicReference<Metadata>();
            try {
                var with = with(channel, token, headers, told, new AtomicReference<>());
                return answer(codec, ClientCalls.blockingUnaryCall(with, method, CallOptions.DEFAULT, request), told);
            } catch (StatusRuntimeException e) {
                return failed(e);
            }
        }

        /// The channel for one call.
        ///
        /// @param told takes the answer's headers
        /// @param trailers takes the answer's trailers
        static Channel with(
                Channel channel,
                String token,
                Map<String, String> headers,
                AtomicReference<Metadata> told,
                AtomicReference<Metadata> trailers) {
            var metadata = new Metadata();
            headers.forEach((name, value) -> metadata.put(key(name), value));
            if (!token.isEmpty()) {
                metadata.put(key("authorization"), "Bearer " + token);
            }
            return ClientInterceptors.intercept(
                    channel,
                    MetadataUtils.newAttachHeadersInterceptor(metadata),
                    MetadataUtils.newCaptureMetadataInterceptor(told, trailers));
        }

        static Answer answer(JsonCodec codec, Message message, AtomicReference<Metadata> told) {
            return Answer.ok(
                    house(codec, message), header(told, "etag"), "true".equals(header(told, "idempotency-replayed")));
        }

        /// Value of a header or trailer; empty when there is none.
        static String header(AtomicReference<Metadata> told, String name) {
            var value = told.get() == null ? null : told.get().get(key(name));
            return value == null ? "" : value;
        }

        private static Metadata.Key<String> key(String name) {
            return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
        }
    }

    /// HTTP/JSON at the edge, by the first path of the rpc.
    record Json(Http http, JsonCodec codec) implements Caller {
        @Override
        public <Q extends Message, A extends Message> Answer call(
                MethodDescriptor<Q, A> method, Q request, String token, Map<String, String> headers) {
            var rule = proto(method).getOptions().getExtension(AnnotationsProto.http);
            var verb = rule.getPatternCase().name();
            var path = switch (rule.getPatternCase()) {
                case GET -> rule.getGet();
                case PUT -> rule.getPut();
                case POST -> rule.getPost();
                case DELETE -> rule.getDelete();
                case PATCH -> rule.getPatch();
                default -> throw new IllegalArgumentException(method.getFullMethodName());
            };
            var fields = fields(codec, request);
            for (var field : fields.properties().stream().map(Map.Entry::getKey).toList()) {
                if (path.contains("{" + field + "}")) {
                    path = path.replace("{" + field + "}", fields.remove(field).asText());
                }
            }
            if (path.contains("{")) {
                path = path.replaceAll("\\{[a-z_]+}", "0");
            }
            return answer(
                    rule.getBody().isEmpty()
                            ? http.raw(verb, path + query(fields), token, new byte[0], flat(headers))
                            : http.json(verb, path, token, fields.toString(), flat(headers)));
        }

        /// What an answer of the edge says.
        static Answer answer(Http.Reply reply) {
            if (reply.status() >= 400) {
                var violations = new ArrayList<String>();
                reply.json()
                        .path("errors")
                        .forEach(fault -> violations.add(fault.path("field").asText() + ": "
                                + fault.path("description").asText()));
                return new Answer(reply.json().path("code").asText(), reply.reason(), violations, null, "", false);
            }
            return Answer.ok(
                    reply.status() == 204 ? JSON.createObjectNode() : reply.json(),
                    reply.header("ETag").replace("\"", ""),
                    "true".equals(reply.header("Idempotency-Replayed")));
        }

        /// By RFC 3986, where a plus sign stands for itself.
        static String percentEncoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }

        /// Names and values in turn.
        static String[] flat(Map<String, String> headers) {
            return headers.entrySet().stream()
                    .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                    .toArray(String[]::new);
        }

        /// A query with these parameters; empty for none.
        static String query(ObjectNode fields) {
            var pairs = new ArrayList<String>();
            fields.properties().forEach(field -> {
                var values = field.getValue().isArray()
                        ? field.getValue()
                        : JSON.createArrayNode().add(field.getValue());
                values.forEach(value -> pairs.add(field.getKey() + "=" + percentEncoded(value.asText())));
            });
            return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
        }
    }

    /// gRPC-Web at the edge, binary or text.
    record Web(Http http, JsonCodec codec, boolean text) implements Caller {
        @Override
        public <Q extends Message, A extends Message> Answer call(
                MethodDescriptor<Q, A> method, Q request, String token, Map<String, String> headers) {
            var frame = new ByteArrayOutputStream();
            var bytes = request.toByteArray();
            frame.write(0);
            frame.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
            frame.writeBytes(bytes);
            var type = text ? "application/grpc-web-text" : "application/grpc-web+proto";
            var flat = new ArrayList<String>(List.of("Content-Type", type, "X-Grpc-Web", "1"));
            headers.forEach((name, value) -> flat.addAll(List.of(name, value)));
            var body = text ? Base64.getEncoder().encode(frame.toByteArray()) : frame.toByteArray();
            var reply = http.raw("POST", "/" + method.getFullMethodName(), token, body, flat.toArray(String[]::new))
                    .expect(200);
            var answer = ByteBuffer.wrap(text ? decode(reply.body()) : reply.body());
            JsonNode message = null;
            var trailers = new Metadata();
            reply.headers().map().forEach((name, values) -> {
                if (name.startsWith("grpc-")) {
                    put(trailers, name, values.getFirst());
                }
            });
            while (answer.remaining() >= 5) {
                var flags = answer.get();
                var payload = new byte[answer.getInt()];
                answer.get(payload);
                if ((flags & 0x80) != 0) {
                    for (var line : new String(payload, StandardCharsets.US_ASCII).split("\r\n", -1)) {
                        var colon = line.indexOf(':');
                        if (colon > 0) {
                            put(
                                    trailers,
                                    line.substring(0, colon).strip().toLowerCase(java.util.Locale.ROOT),
                                    line.substring(colon + 1).strip());
                        }
                    }
                } else {
                    message = house(codec, method.parseResponse(new java.io.ByteArrayInputStream(payload)));
                }
            }
            var code = io.grpc.Status.fromCodeValue(Integer.parseInt(trailers.get(key("grpc-status"))));
            if (!code.isOk()) {
                return failed(code.asRuntimeException(trailers));
            }
            return Answer.ok(
                    message,
                    reply.header("etag").replace("\"", ""),
                    "true".equals(reply.header("idempotency-replayed")));
        }

        private static Metadata.Key<String> key(String name) {
            return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
        }

        private static void put(Metadata trailers, String name, String value) {
            if (name.endsWith("-bin")) {
                trailers.put(
                        Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER),
                        Base64.getDecoder().decode(value + "=".repeat((4 - value.length() % 4) % 4)));
            } else {
                trailers.put(key(name), value);
            }
        }

        /// Every frame is a base64 text of its own, padding included.
        private static byte[] decode(byte[] text) {
            var out = new ByteArrayOutputStream();
            for (var i = 0; i < text.length; i += 4) {
                out.writeBytes(Base64.getDecoder().decode(java.util.Arrays.copyOfRange(text, i, i + 4)));
            }
            return out.toByteArray();
        }
    }
}
