package bank.standalone;

import bank.edge.json.JsonCodec;
import bank.edge.json.MalformedJsonException;
import bank.standalone.Caller.Answer;
import bank.standalone.FileCaller.Sent;
import bank.v1.BatchForm;
import bank.v1.DocumentForm;
import bank.v1.DownloadDocumentRequest;
import bank.v1.Options;
import bank.v1.ReplaceContentRequest;
import bank.v1.WatchDocumentsRequest;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// One rpc, called by its descriptor with a request in house JSON. Of mutations it makes dry runs, save those that take
/// callers without a token, who have none.
record AccessCall(MethodDescriptor method, JsonCodec codec) implements ProtoMethodDescriptorSupplier {
    private static final Sent FILE = new Sent("scan.png", AccessPeople.FILE);

    Answer by(FileCaller way, String json, String token) {
        var access = method.getOptions().getExtension(Options.access);
        var reads = method.getOptions().getIdempotencyLevel() == IdempotencyLevel.NO_SIDE_EFFECTS;
        Map<String, String> headers = reads || access.getAnonymous() ? Map.of() : Map.of("validate-only", "true");
        if (method.isClientStreaming() || method.isServerStreaming()) {
            return stream(way, json, token, headers);
        }
        if (method.getOptions().getExtension(Options.raw) && way instanceof FileCaller.Multipart files) {
            var path = (String) request(json).getField(method.getInputType().findFieldByName("path"));
            return Caller.Json.answer(files.http().get(path, token));
        }
        return way.unary().call(grpc(), request(json), token, headers);
    }

    private Answer stream(FileCaller way, String json, String token, Map<String, String> headers) {
        return switch (method.getName()) {
            case "UploadDocument" -> way.upload(read(json, DocumentForm.parser()), FILE, token, headers);
            case "ReplaceContent" ->
                way.replace(read(json, ReplaceContentRequest.parser()).getId(), FILE, token, headers);
            case "BatchUploadDocuments" -> way.batch(read(json, BatchForm.parser()), List.of(FILE), token, headers);
            case "DownloadDocument" -> way.download(read(json, DownloadDocumentRequest.parser()), token, headers);
            case "WatchDocuments" -> way.watch(read(json, WatchDocumentsRequest.parser()), token, headers);
            default -> throw new AssertionError("AccessCall cannot call the stream " + method.getFullName());
        };
    }

    private DynamicMessage request(String json) {
        return read(
                json, DynamicMessage.getDefaultInstance(method.getInputType()).getParserForType());
    }

    private <M extends Message> M read(String json, Parser<M> parser) {
        try {
            var type = parser.parseFrom(new byte[0]).getDescriptorForType();
            return parser.parseFrom(codec.toWire(type, json.getBytes(StandardCharsets.UTF_8)));
        } catch (MalformedJsonException | InvalidProtocolBufferException e) {
            throw new AssertionError(method.getFullName() + " " + json, e);
        }
    }

    private io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> grpc() {
        return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(io.grpc.MethodDescriptor.generateFullMethodName(
                        method.getService().getFullName(), method.getName()))
                .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
                .setResponseMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
                .setSchemaDescriptor(this)
                .build();
    }

    @Override
    public MethodDescriptor getMethodDescriptor() {
        return method;
    }

    @Override
    public ServiceDescriptor getServiceDescriptor() {
        return method.getService();
    }

    @Override
    public FileDescriptor getFileDescriptor() {
        return method.getFile();
    }
}
