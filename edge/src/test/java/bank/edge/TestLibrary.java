package bank.edge;

import bank.edge.route.ProtoFiles;
import bank.edge.upstream.Upstreams;
import bank.platform.failure.Failure;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The services of `library.proto`, behind a plain gRPC server that knows nothing of this system.
final class TestLibrary implements AutoCloseable {
    private static final Path DESCRIPTORS = TestDescriptors.file("library/library.proto");
    private static final ProtoFiles FILES = load();

    /// Headers of each answer: one of the library's own, and some of HTTP.
    private static final Map<String, String> ANSWER_HEADERS = Map.of(
            "shelf", "third",
            "set-cookie", "a=b",
            "nel", "{}",
            "report-to", "{}",
            "x-accel-redirect", "/internal",
            "service-worker-allowed", "/");

    private static final int FRAME_HEAD = 5;

    /// Metadata of the calls, in the order they came.
    final BlockingQueue<Metadata> calls = new LinkedBlockingQueue<>();

    /// A name for every call that was cancelled.
    final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();

    private static final int LONG_TITLE_CHARS = 1_000_000;

    /// How many bytes the messages had that were sent in streams.
    final AtomicLong sentBytes = new AtomicLong();

    /// How many messages came in streams.
    final AtomicLong receivedMessages = new AtomicLong();

    /// While it is set, streams that come in are not read beyond their first message.
    private volatile boolean held;

    private final Queue<ServerCallStreamObserver<DynamicMessage>> waiting = new ConcurrentLinkedQueue<>();
    private final Server server;

    /// Begins its notes anew.
    void forget() {
        calls.clear();
        cancelled.clear();
        sentBytes.set(0);
        receivedMessages.set(0);
    }

    /// Reads no more of the streams that come in.
    void hold() {
        held = true;
    }

    /// Reads on.
    void release() {
        held = false;
        for (var stream = waiting.poll(); stream != null; stream = waiting.poll()) {
            stream.request(1);
        }
    }

    TestLibrary() throws IOException {
        var builder = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .maxInboundMessageSize(Upstreams.MESSAGE_BYTES_MAX);
        FILES.services().stream()
                .filter(service -> service.getFile().getPackage().equals("library"))
                .forEach(service -> builder.addService(ServerInterceptors.intercept(define(service), this::note)));
        server = builder.build().start();
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    /// Settings that put these services behind an edge.
    Map<String, String> settings() {
        return new TreeMap<>(Map.of(
                "bank.edge.services.library.descriptors", descriptors().toString(),
                "bank.edge.services.library.address", address(),
                "bank.edge.services.library.open", "library.Catalogue"));
    }

    /// A file with the descriptors of these services.
    static Path descriptors() {
        return DESCRIPTORS;
    }

    private static ProtoFiles load() {
        try (var in = Files.newInputStream(DESCRIPTORS)) {
            return ProtoFiles.parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /// Answers with headers of its own, to unary calls with the length of the body too, as some servers do.
    private <Q, A> ServerCall.Listener<Q> note(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        calls.add(headers);
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    private @Nullable Metadata late;

                    @Override
                    public void sendHeaders(Metadata answer) {
                        ANSWER_HEADERS.forEach((name, value) -> answer.put(key(name), value));
                        if (call.getMethodDescriptor().getType() == MethodType.UNARY) {
                            late = answer;
                        } else {
                            super.sendHeaders(answer);
                        }
                    }

                    @Override
                    public void sendMessage(A message) {
                        if (late != null) {
                            int length = FRAME_HEAD + ((Message) message).getSerializedSize();
                            late.put(key("content-length"), Integer.toString(length));
                            super.sendHeaders(late);
                            late = null;
                        }
                        super.sendMessage(message);
                    }

                    @Override
                    public void close(Status status, Metadata trailers) {
                        trailers.put(key("shelf"), "fourth");
                        trailers.put(key("set-cookie"), "c=d");
                        super.close(status, trailers);
                    }
                },
                headers);
    }

    /// An rpc as clients over gRPC call it.
    ///
    /// @param name of an rpc of `library.Library`
    static io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> rpc(String name) {
        return FILES.services().stream()
                .filter(service -> service.getFullName().equals("library.Library"))
                .map(service -> grpc(service.findMethodByName(name)))
                .findAny()
                .orElseThrow();
    }

    /// A message by its full name.
    static DynamicMessage.Builder message(String name) {
        return DynamicMessage.newBuilder(FILES.message(name).orElseThrow());
    }

    private static io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> grpc(MethodDescriptor method) {
        var type = method.isClientStreaming()
                ? method.isServerStreaming() ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING
                : method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
        return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(type)
                .setFullMethodName(method.getService().getFullName() + "/" + method.getName())
                .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
                .setResponseMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
                .build();
    }

    private ServerServiceDefinition define(ServiceDescriptor service) {
        var definition = ServerServiceDefinition.builder(service.getFullName());
        for (MethodDescriptor method : service.getMethods()) {
            var grpc = grpc(method);
            definition.addMethod(
                    grpc,
                    switch (grpc.getType()) {
                        case UNARY -> ServerCalls.asyncUnaryCall((request, answer) -> unary(method, request, answer));
                        case SERVER_STREAMING ->
                            ServerCalls.asyncServerStreamingCall((request, answer) -> stream(method, request, answer));
                        default -> ServerCalls.asyncBidiStreamingCall(answer -> receive(method, answer));
                    });
        }
        return definition.build();
    }

    private void unary(MethodDescriptor method, DynamicMessage request, StreamObserver<DynamicMessage> answer) {
        String name = request.getAllFields().keySet().stream()
                        .anyMatch(f -> f.getName().equals("name"))
                ? (String) request.getField(request.getDescriptorForType().findFieldByName("name"))
                : "";
        if (name.endsWith("/missing")) {
            answer.onError(Status.NOT_FOUND.withDescription("no such book").asRuntimeException());
            return;
        }
        if (name.endsWith("/kept")) {
            var failure = Failure.of(Status.Code.UNAUTHENTICATED, "KEPT", "ask the librarian")
                    .with("http-www-authenticate", "Basic realm=\"library\"")
                    .with("http-allow", "BORROW")
                    .toStatus();
            failure.getTrailers()
                    .put(Metadata.Key.of("http-content-range", Metadata.ASCII_STRING_MARSHALLER), "pages */7");
            answer.onError(failure);
            return;
        }
        if (name.endsWith("/forged")) {
            answer.onError(Status.UNKNOWN
                    .withDescription("gone\n23:59:59 ERROR forged \u001b[31m" + "x".repeat(1_000))
                    .asRuntimeException());
            return;
        }
        if (name.endsWith("/broken")) {
            answer.onError(Status.INTERNAL
                    .withDescription("shelf-7.internal said: out of order")
                    .asRuntimeException());
            return;
        }
        if (name.endsWith("/silent")) {
            ((ServerCallStreamObserver<DynamicMessage>) answer)
                    .setOnCancelHandler(() -> cancelled.add(method.getName()));
            return;
        }
        answer.onNext(
                switch (method.getName()) {
                    case "GetBook", "GetTitle", "AskForBook" ->
                        message(method.getOutputType(), Map.of("name", name, "title", title(name), "pages", 352L));
                    case "CreateBook", "UpdateBook" -> (DynamicMessage) field(request, "book");
                    case "GetCover", "DrawBook" -> cover(method.getOutputType());
                    case "GetBinding" ->
                        message(
                                method.getOutputType(),
                                Map.of(
                                        "name",
                                        name,
                                        "cover",
                                        cover(method.getOutputType()
                                                .findFieldByName("cover")
                                                .getMessageType())));
                    case "BindBook", "RebindBook" -> echoed(method.getOutputType(), request);
                    case "PutCover", "PatchCover" ->
                        told(method.getOutputType(), 1, (DynamicMessage) field(request, "cover"));
                    case "CountBooks" -> message(method.getOutputType(), Map.of("count", 3L));
                    default -> DynamicMessage.getDefaultInstance(method.getOutputType());
                });
        answer.onCompleted();
    }

    private static String title(String name) {
        return name.endsWith("/long") ? "x".repeat(LONG_TITLE_CHARS) : "Мёртвые души";
    }

    private static DynamicMessage cover(Descriptor type) {
        return message(type, Map.of("content_type", "image/svg+xml", "data", ByteString.copyFromUtf8("<svg/>")));
    }

    private static DynamicMessage echoed(Descriptor type, DynamicMessage request) {
        return message(type, Map.of("count", 1L, "bytes", (long) request.getSerializedSize())).toBuilder()
                .addRepeatedField(type.findFieldByName("said"), text(request))
                .build();
    }

    private static String text(DynamicMessage message) {
        return TextFormat.printer().emittingSingleLine(true).printToString(message);
    }

    private static DynamicMessage told(Descriptor type, long count, DynamicMessage body) {
        var data = (ByteString) field(body, "data");
        return message(type, Map.of("count", count, "bytes", (long) data.size())).toBuilder()
                .addRepeatedField(type.findFieldByName("said"), field(body, "content_type"))
                .build();
    }

    /// Answers as many messages as asked for, at the pace of the reader. The streams of a shelf called `silent` do not
    /// end.
    private void stream(MethodDescriptor method, DynamicMessage request, StreamObserver<DynamicMessage> observer) {
        var answer = (ServerCallStreamObserver<DynamicMessage>) observer;
        long count = (long) field(request, "count");
        long failBefore = (long) field(request, "fail_before");
        boolean silent = ((String) field(request, "shelf")).contains("/silent");
        String text = "x".repeat((int) field(request, "length"));
        long before = method.getName().equals("FollowBooks") ? number((String) field(request, "last_name")) : 0;
        answer.setOnCancelHandler(() -> cancelled.add(method.getName()));
        answer.setOnReadyHandler(new Runnable() {
            private long sent = before;
            private boolean ended;

            @Override
            public void run() {
                while (answer.isReady() && !ended) {
                    if (sent + 1 == failBefore) {
                        ended = true;
                        answer.onError(
                                Status.DATA_LOSS.withDescription("worm-eaten").asRuntimeException());
                    } else if (sent == count) {
                        ended = true;
                        if (!silent) {
                            answer.onCompleted();
                        }
                    } else {
                        sent++;
                        DynamicMessage piece = piece(method.getOutputType(), sent, text);
                        sentBytes.addAndGet(piece.getSerializedSize());
                        answer.onNext(piece);
                    }
                }
            }
        });
    }

    /// The number in the name of a book; 0 when there is none.
    private static long number(String name) {
        return name.isEmpty() ? 0 : Long.parseLong(name.substring(name.indexOf('/') + 1));
    }

    private static DynamicMessage piece(Descriptor type, long number, String text) {
        return type.getName().equals("HttpBody")
                ? message(
                        type,
                        Map.of(
                                "content_type",
                                "text/plain",
                                "data",
                                ByteString.copyFromUtf8(text.isEmpty() ? number + "\n" : text)))
                : message(type, Map.of("name", "books/" + number, "title", text, "pages", number));
    }

    /// Counts what comes, or sends it back when the answer is a stream, until a message says `the end`.
    private StreamObserver<DynamicMessage> receive(MethodDescriptor method, StreamObserver<DynamicMessage> observer) {
        var answer = (ServerCallStreamObserver<DynamicMessage>) observer;
        answer.setOnCancelHandler(() -> cancelled.add(method.getName()));
        answer.disableAutoRequest();
        answer.request(1);
        var result = DynamicMessage.newBuilder(method.getOutputType());
        return new StreamObserver<>() {
            private long count;
            private long bytes;

            @Override
            public void onNext(DynamicMessage message) {
                count++;
                bytes += message.getSerializedSize();
                receivedMessages.incrementAndGet();
                if (method.isServerStreaming()) {
                    answer.onNext(message);
                    if (text(message).contains("the end")) {
                        answer.onCompleted();
                    }
                } else if (message.getSerializedSize() < 200 && count <= 10) {
                    result.addRepeatedField(method.getOutputType().findFieldByName("said"), text(message));
                }
                if (held) {
                    waiting.add(answer);
                } else {
                    answer.request(1);
                }
            }

            @Override
            public void onError(Throwable cause) {
                // Noted as cancelled.
            }

            @Override
            public void onCompleted() {
                if (!method.isServerStreaming()) {
                    answer.onNext(result.setField(method.getOutputType().findFieldByName("count"), count)
                            .setField(method.getOutputType().findFieldByName("bytes"), bytes)
                            .build());
                }
                answer.onCompleted();
            }
        };
    }

    private static DynamicMessage message(Descriptor type, Map<String, Object> values) {
        var message = DynamicMessage.newBuilder(type);
        values.forEach((name, value) -> message.setField(type.findFieldByName(name), value));
        return message.build();
    }

    private static Object field(DynamicMessage message, String name) {
        FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
        return message.getField(field);
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
