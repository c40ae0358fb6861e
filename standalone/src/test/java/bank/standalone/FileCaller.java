package bank.standalone;

import bank.edge.json.JsonCodec;
import bank.standalone.Caller.Answer;
import bank.standalone.Http.Part;
import bank.v1.BatchForm;
import bank.v1.BatchUploadDocumentsRequest;
import bank.v1.DocumentForm;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentServiceGrpc;
import bank.v1.DownloadDocumentRequest;
import bank.v1.FileHeader;
import bank.v1.ReplaceContentRequest;
import bank.v1.UploadDocumentRequest;
import bank.v1.WatchDocumentsRequest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/// One way of calling the rpcs that stream files. All ways give the same `Answer`.
interface FileCaller {
    /// Headers of a download that are part of its result.
    List<String> TOLD = List.of(
            "content-type", "content-disposition", "content-range", "content-length", "accept-ranges", "cache-control");

    /// A file to send.
    ///
    /// @param digest what is promised of it, in the form of a Content-Digest header; empty for nothing
    record Sent(String name, byte[] content, String digest) {
        Sent(String name, byte[] content) {
            this(name, content, "");
        }
    }

    /// @param file null for none
    Answer upload(DocumentForm form, Sent file, String token, Map<String, String> headers);

    Answer replace(long id, Sent file, String token, Map<String, String> headers);

    Answer batch(BatchForm form, List<Sent> files, String token, Map<String, String> headers);

    /// The answer's body tells the HTTP status, the headers in `TOLD`, size and digest of the bytes; that of
    /// a failure the headers alone.
    Answer download(DownloadDocumentRequest request, String token, Map<String, String> headers);

    /// The answer is the first message.
    Answer watch(WatchDocumentsRequest request, String token, Map<String, String> headers);

    /// The same way of calling the other rpcs.
    Caller unary();

    /// A form is a message of its own over gRPC alone, so only there do its fields have a path. Stripping
    /// it makes the violations comparable.
    private static Answer withoutFormPath(Answer answer) {
        return new Answer(
                answer.code(),
                answer.reason(),
                answer.violations().stream()
                        .map(violation -> violation.replaceFirst("^form\\.", ""))
                        .toList(),
                answer.body(),
                answer.etag(),
                answer.replayed());
    }

    private static ObjectNode downloaded(UnaryOperator<String> header) {
        var body = Caller.JSON.createObjectNode();
        TOLD.forEach(name -> body.put(name, header.apply(name)));
        return body;
    }

    private static ObjectNode downloaded(int status, byte[] bytes, UnaryOperator<String> header) {
        return downloaded(header)
                .put("http_status", status)
                .put("size_bytes", bytes.length)
                .put("sha256", Hashing.sha256().hashBytes(bytes).toString());
    }

    /// Messages of a client stream, through the edge or to the service itself.
    record Grpc(Channel channel, JsonCodec codec) implements FileCaller {
        private static final int CHUNK_BYTES = 64 * 1024;

        @Override
        public Answer upload(DocumentForm form, Sent file, String token, Map<String, String> headers) {
            var messages = new ArrayList<UploadDocumentRequest>();
            messages.add(UploadDocumentRequest.newBuilder().setForm(form).build());
            if (file != null) {
                messages.add(
                        UploadDocumentRequest.newBuilder().setFile(header(file)).build());
                chunks(file)
                        .forEach(chunk -> messages.add(UploadDocumentRequest.newBuilder()
                                .setChunk(chunk)
                                .build()));
            }
            return withoutFormPath(send(DocumentServiceGrpc.getUploadDocumentMethod(), messages, token, headers));
        }

        @Override
        public Answer replace(long id, Sent file, String token, Map<String, String> headers) {
            var messages = new ArrayList<ReplaceContentRequest>();
            messages.add(ReplaceContentRequest.newBuilder()
                    .setId(id)
                    .setFile(header(file))
                    .build());
            chunks(file)
                    .forEach(chunk -> messages.add(
                            ReplaceContentRequest.newBuilder().setChunk(chunk).build()));
            return send(DocumentServiceGrpc.getReplaceContentMethod(), messages, token, headers);
        }

        @Override
        public Answer batch(BatchForm form, List<Sent> files, String token, Map<String, String> headers) {
            var messages = new ArrayList<BatchUploadDocumentsRequest>();
            messages.add(BatchUploadDocumentsRequest.newBuilder().setForm(form).build());
            for (var file : files) {
                messages.add(BatchUploadDocumentsRequest.newBuilder()
                        .setFile(header(file))
                        .build());
                chunks(file)
                        .forEach(chunk -> messages.add(BatchUploadDocumentsRequest.newBuilder()
                                .setChunk(chunk)
                                .build()));
            }
            return withoutFormPath(
                    send(DocumentReviewServiceGrpc.getBatchUploadDocumentsMethod(), messages, token, headers));
        }

        @Override
        public Answer download(DownloadDocumentRequest request, String token, Map<String, String> headers) {
            var told = new AtomicReference<Metadata>();
            var trailers = new AtomicReference<Metadata>();
            var bytes = new ByteArrayOutputStream();
            try {
                ClientCalls.blockingServerStreamingCall(
                                Caller.Grpc.with(channel, token, headers, told, trailers),
                                DocumentServiceGrpc.getDownloadDocumentMethod(),
                                CallOptions.DEFAULT,
                                request)
                        .forEachRemaining(
                                piece -> bytes.writeBytes(piece.getData().toByteArray()));
            } catch (StatusRuntimeException e) {
                var failed = Caller.failed(e);
                return new Answer(
                        failed.code(),
                        failed.reason(),
                        failed.violations(),
                        downloaded(name -> Caller.Grpc.header(trailers, "http-" + name)),
                        "",
                        false);
            }
            var status = Caller.Grpc.header(told, "http-status");
            return Answer.ok(
                    downloaded(
                            status.isEmpty() ? 200 : Integer.parseInt(status),
                            bytes.toByteArray(),
                            name -> Caller.Grpc.header(told, "http-" + name)),
                    Caller.Grpc.header(told, "etag"),
                    false);
        }

        @Override
        public Answer watch(WatchDocumentsRequest request, String token, Map<String, String> headers) {
            var told = new AtomicReference<Metadata>();
            var context = Context.current().withCancellation();
            var outer = context.attach();
            try {
                var first = ClientCalls.blockingServerStreamingCall(
                                Caller.Grpc.with(channel, token, headers, told, new AtomicReference<>()),
                                DocumentReviewServiceGrpc.getWatchDocumentsMethod(),
                                CallOptions.DEFAULT,
                                request)
                        .next();
                return Caller.Grpc.answer(codec, first, told);
            } catch (StatusRuntimeException e) {
                return Caller.failed(e);
            } finally {
                context.detach(outer);
                context.cancel(null);
            }
        }

        @Override
        public Caller unary() {
            return new Caller.Grpc(channel, codec);
        }

        private static FileHeader header(Sent file) {
            return FileHeader.newBuilder()
                    .setFileName(file.name())
                    .setContentDigest(file.digest())
                    .build();
        }

        private static List<ByteString> chunks(Sent file) {
            var chunks = new ArrayList<ByteString>();
            for (var at = 0; at < file.content().length; at += CHUNK_BYTES) {
                chunks.add(UnsafeByteOperations.unsafeWrap(
                        file.content(), at, Math.min(CHUNK_BYTES, file.content().length - at)));
            }
            return chunks;
        }

        private <Q, A extends Message> Answer send(
                MethodDescriptor<Q, A> method, List<Q> messages, String token, Map<String, String> headers) {
            var told = new AtomicReference<Metadata>();
            var with = Caller.Grpc.with(channel, token, headers, told, new AtomicReference<>());
            try {
                var answer = GrpcUpload.of(with.newCall(method, CallOptions.DEFAULT), messages);
                return Caller.Grpc.answer(codec, answer, told);
            } catch (StatusRuntimeException e) {
                return Caller.failed(e);
            }
        }
    }

    /// A client stream sent whole, and its one answer.
    final class GrpcUpload<A> implements StreamObserver<A> {
        private final CompletableFuture<A> answer = new CompletableFuture<>();

        private GrpcUpload() {}

        /// @throws StatusRuntimeException when the call fails
        static <Q, A> A of(ClientCall<Q, A> call, List<Q> messages) {
            var upload = new GrpcUpload<A>();
            var requests = ClientCalls.asyncClientStreamingCall(call, upload);
            for (var message : messages) {
                if (upload.answer.isDone()) {
                    break;
                }
                requests.onNext(message);
            }
            if (!upload.answer.isDone()) {
                requests.onCompleted();
            }
            try {
                return upload.answer.get(60, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof StatusRuntimeException status) {
                    throw status;
                }
                throw new AssertionError(e.getCause());
            } catch (InterruptedException | TimeoutException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void onNext(A value) {
            if (!answer.complete(value)) {
                throw new AssertionError("a second answer: " + value);
            }
        }

        @Override
        public void onError(Throwable t) {
            answer.completeExceptionally(t);
        }

        @Override
        public void onCompleted() {
            answer.completeExceptionally(new AssertionError("ended without an answer"));
        }
    }

    /// `multipart/form-data`, with the first field of the form before the file and the others behind it.
    record Multipart(Http http, JsonCodec codec) implements FileCaller {
        @Override
        public Answer upload(DocumentForm form, Sent file, String token, Map<String, String> headers) {
            var parts = new ArrayList<Part>();
            Caller.fields(codec, form)
                    .properties()
                    .forEach(field -> parts.add(
                            Part.field(field.getKey(), field.getValue().asText())));
            if (file != null) {
                parts.add(Math.min(1, parts.size()), part("file", file));
            }
            return withoutFormPath(Caller.Json.answer(
                    http.multipart("POST", "/v1/dbo/documents", token, parts, Caller.Json.flat(headers))));
        }

        @Override
        public Answer replace(long id, Sent file, String token, Map<String, String> headers) {
            return Caller.Json.answer(http.multipart(
                    "PUT",
                    "/v1/dbo/documents/" + id + "/content",
                    token,
                    List.of(part("file", file)),
                    Caller.Json.flat(headers)));
        }

        @Override
        public Answer batch(BatchForm form, List<Sent> files, String token, Map<String, String> headers) {
            var parts = new ArrayList<Part>();
            parts.add(Part.field(
                    "documents", Caller.house(codec, form).path("documents").toString()));
            files.forEach(file -> parts.add(part("files", file)));
            return withoutFormPath(Caller.Json.answer(
                    http.multipart("POST", "/v1/abs/documents/batch", token, parts, Caller.Json.flat(headers))));
        }

        @Override
        public Answer download(DownloadDocumentRequest request, String token, Map<String, String> headers) {
            var query = request.hasVersion() ? "?version=" + request.getVersion() : "";
            var reply = http.get(
                    "/v1/dbo/documents/" + request.getId() + "/content" + query, token, Caller.Json.flat(headers));
            if (reply.status() >= 400) {
                var failed = Caller.Json.answer(reply);
                var told = downloaded(name -> name.equals("content-range") ? reply.header(name) : "");
                return new Answer(failed.code(), failed.reason(), failed.violations(), told, "", false);
            }
            return Answer.ok(
                    downloaded(reply.status(), reply.body(), reply::header),
                    reply.header("ETag").replace("\"", ""),
                    false);
        }

        /// As lines, which end with the failure that its time is over.
        @Override
        public Answer watch(WatchDocumentsRequest request, String token, Map<String, String> headers) {
            var all = new HashMap<>(headers);
            all.put("Accept", "application/x-ndjson");
            all.put("X-Request-Timeout", "1s");
            var path = "/v1/abs/documents:watch" + Caller.Json.query(Caller.fields(codec, request));
            var reply = http.get(path, token, Caller.Json.flat(all));
            return reply.status() >= 400
                    ? Caller.Json.answer(reply)
                    : Answer.ok(
                            new Http.Reply(
                                            reply.status(),
                                            reply.headers(),
                                            reply.text()
                                                    .lines()
                                                    .findFirst()
                                                    .orElse("")
                                                    .getBytes(StandardCharsets.UTF_8))
                                    .json(),
                            "",
                            false);
        }

        @Override
        public Caller unary() {
            return new Caller.Json(http, codec);
        }

        private static Part part(String name, Sent file) {
            return file.digest().isEmpty()
                    ? Part.file(name, file.name(), file.content())
                    : Part.file(name, file.name(), file.content(), "Content-Digest: " + file.digest());
        }
    }

    /// The file as the body itself, its name in `Content-Disposition`, the form in the query. What has no
    /// such shape goes as multipart.
    record Raw(Multipart multipart) implements FileCaller {
        @Override
        public Answer upload(DocumentForm form, Sent file, String token, Map<String, String> headers) {
            if (file == null) {
                return multipart.upload(form, null, token, headers);
            }
            var query = Caller.Json.query(Caller.fields(multipart.codec(), form));
            return withoutFormPath(send("POST", "/v1/dbo/documents" + query, file, token, headers));
        }

        @Override
        public Answer replace(long id, Sent file, String token, Map<String, String> headers) {
            return send("PUT", "/v1/dbo/documents/" + id + "/content", file, token, headers);
        }

        @Override
        public Answer batch(BatchForm form, List<Sent> files, String token, Map<String, String> headers) {
            return multipart.batch(form, files, token, headers);
        }

        @Override
        public Answer download(DownloadDocumentRequest request, String token, Map<String, String> headers) {
            return multipart.download(request, token, headers);
        }

        @Override
        public Answer watch(WatchDocumentsRequest request, String token, Map<String, String> headers) {
            return multipart.watch(request, token, headers);
        }

        @Override
        public Caller unary() {
            return multipart.unary();
        }

        private Answer send(String method, String path, Sent file, String token, Map<String, String> headers) {
            var all = new HashMap<>(headers);
            all.put("Content-Type", "application/octet-stream");
            all.put("Content-Disposition", "attachment; filename*=UTF-8''" + Caller.Json.percentEncoded(file.name()));
            if (!file.digest().isEmpty()) {
                all.put("Content-Digest", file.digest());
            }
            return Caller.Json.answer(multipart.http().raw(method, path, token, file.content(), Caller.Json.flat(all)));
        }
    }
}
