package bank.standalone;

import bank.edge.json.JsonCodec;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.AnnotationsProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
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
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// One way of calling a unary rpc. All ways give the same `Answer`.
interface Caller {
    ObjectMapper JSON = new ObjectMapper();

    /// @param code name of the gRPC code
    /// @param reason reason of the failure; empty for a success
    /// @param body the answer in house JSON; null for a failure
    /// @param etag entity tag of the answer; empty for none
    /// @param replayed the answer is a replay
    record Answer(String code, String reason, JsonNode body, String etag, boolean replayed) {}

    <Q extends Message, A extends Message> Answer call(
            MethodDescriptor<Q, A> method, Q request, String token, Map<String, String> headers);

    private static com.google.protobuf.Descriptors.MethodDescriptor proto(MethodDescriptor<?, ?> method) {
        return ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor()).getMethodDescriptor();
    }

    private static JsonNode house(JsonCodec codec, Message message) {
        try {
            return JSON.readTree(codec.toJson(message.getDescriptorForType(), message.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer failed(StatusRuntimeException e) {
        var status = StatusProto.fromThrowable(e);
        try {
            for (var detail : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    return new Answer(
                            e.getStatus().getCode().name(),
                            detail.unpack(ErrorInfo.class).getReason(),
                            null,
                            "",
                            false);
                }
            }
        } catch (InvalidProtocolBufferException broken) {
            throw new UncheckedIOException(broken);
        }
        throw new AssertionError("no ErrorInfo in " + status, e);
    }

    /// Native gRPC, through the edge or to a service itself.
    record Grpc(Channel channel, JsonCodec codec) implements Caller {
        @Override
        public <Q extends Message, A extends Message> Answer call(
                MethodDescriptor<Q, A> method, Q request, String token, Map<String, String> headers) {
            var metadata = new Metadata();
            headers.forEach((name, value) -> metadata.put(key(name), value));
            if (!token.isEmpty()) {
                metadata.put(key("authorization"), "Bearer " + token);
            }
            var answered = new AtomicReference<Metadata>();
            var with = ClientInterceptors.intercept(
                    channel,
                    MetadataUtils.newAttachHeadersInterceptor(metadata),
                    MetadataUtils.newCaptureMetadataInterceptor(answered, new AtomicReference<>()));
            try {
                var message = ClientCalls.blockingUnaryCall(with, method, CallOptions.DEFAULT, request);
                var etag = answered.get().get(key("etag"));
                return new Answer(
                        "OK",
                        "",
                        house(codec, message),
                        etag == null ? "" : etag,
                        "true".equals(answered.get().get(key("idempotency-replayed"))));
            } catch (StatusRuntimeException e) {
                return failed(e);
            }
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
            var fields = (ObjectNode) house(codec, request);
            var names = new ArrayList<String>();
            request.getAllFields().keySet().forEach(field -> names.add(field.getName()));
            fields.retain(names);
            for (var field : new ArrayList<>(names)) {
                if (path.contains("{" + field + "}")) {
                    path = path.replace("{" + field + "}", fields.remove(field).asText());
                }
            }
            if (path.contains("{")) {
                path = path.replaceAll("\\{[a-z_]+}", "0");
            }
            var flat = headers.entrySet().stream()
                    .flatMap(header -> java.util.stream.Stream.of(header.getKey(), header.getValue()))
                    .toArray(String[]::new);
            var reply = rule.getBody().isEmpty()
                    ? http.raw(verb, path + query(fields), token, new byte[0], flat)
                    : http.json(verb, path, token, fields.toString(), flat);
            if (reply.status() >= 400) {
                return new Answer(reply.json().path("code").asText(), reply.reason(), null, "", false);
            }
            return new Answer(
                    "OK",
                    "",
                    reply.status() == 204 ? JSON.createObjectNode() : reply.json(),
                    reply.header("ETag").replace("\"", ""),
                    "true".equals(reply.header("Idempotency-Replayed")));
        }

        private static String query(ObjectNode fields) {
            var pairs = new ArrayList<String>();
            fields.properties().forEach(field -> {
                var values = field.getValue().isArray()
                        ? field.getValue()
                        : JSON.createArrayNode().add(field.getValue());
                values.forEach(value ->
                        pairs.add(field.getKey() + "=" + URLEncoder.encode(value.asText(), StandardCharsets.UTF_8)));
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
            var flat = new ArrayList<String>(java.util.List.of("Content-Type", type, "X-Grpc-Web", "1"));
            headers.forEach((name, value) -> flat.addAll(java.util.List.of(name, value)));
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
            return new Answer(
                    "OK",
                    "",
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
