package bank.edge.grpc;

import bank.edge.route.ProtoFiles;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.Status;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.FileDescriptorResponse;
import io.grpc.reflection.v1.ListServiceResponse;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Server reflection of the services behind the edge, from their descriptors.
public final class Reflection extends ServerReflectionGrpc.ServerReflectionImplBase {
    private final Map<String, FileDescriptor> byName = new HashMap<>();
    private final Map<String, FileDescriptor> bySymbol = new HashMap<>();
    private final Set<String> services = new TreeSet<>();

    /// Tells of every file of the descriptor set.
    public Reflection(ProtoFiles files) {
        for (FileDescriptor file : files.files()) {
            byName.put(file.getName(), file);
            file.getServices().forEach(service -> {
                services.add(service.getFullName());
                bySymbol.put(service.getFullName(), file);
                service.getMethods().forEach(method -> bySymbol.put(method.getFullName(), file));
            });
            file.getMessageTypes().forEach(this::index);
            file.getEnumTypes().forEach(this::index);
            file.getExtensions().forEach(extension -> bySymbol.put(extension.getFullName(), file));
        }
    }

    private void index(Descriptor message) {
        bySymbol.put(message.getFullName(), message.getFile());
        message.getNestedTypes().forEach(this::index);
        message.getEnumTypes().forEach(this::index);
    }

    private void index(EnumDescriptor type) {
        bySymbol.put(type.getFullName(), type.getFile());
    }

    @Override
    public StreamObserver<ServerReflectionRequest> serverReflectionInfo(
            StreamObserver<ServerReflectionResponse> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(ServerReflectionRequest request) {
                answers.onNext(answer(request));
            }

            @Override
            public void onError(Throwable cause) {
                // The client went away; there is nobody to answer.
            }

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }

    private ServerReflectionResponse answer(ServerReflectionRequest request) {
        var answer = ServerReflectionResponse.newBuilder()
                .setValidHost(request.getHost())
                .setOriginalRequest(request);
        switch (request.getMessageRequestCase()) {
            case LIST_SERVICES -> {
                var list = ListServiceResponse.newBuilder();
                services.forEach(
                        name -> list.addService(ServiceResponse.newBuilder().setName(name)));
                answer.setListServicesResponse(list);
            }
            case FILE_BY_FILENAME -> file(answer, byName.get(request.getFileByFilename()));
            case FILE_CONTAINING_SYMBOL -> file(answer, bySymbol.get(request.getFileContainingSymbol()));
            default -> error(answer, Status.Code.UNIMPLEMENTED, "extensions are not served");
        }
        return answer.build();
    }

    private static void file(ServerReflectionResponse.Builder answer, @Nullable FileDescriptor file) {
        if (file == null) {
            error(answer, Status.Code.NOT_FOUND, "not found");
            return;
        }
        var all = new LinkedHashSet<FileDescriptor>();
        collect(file, all);
        var files = FileDescriptorResponse.newBuilder();
        all.forEach(each -> files.addFileDescriptorProto(each.toProto().toByteString()));
        answer.setFileDescriptorResponse(files);
    }

    private static void collect(FileDescriptor file, Set<FileDescriptor> into) {
        if (into.add(file)) {
            file.getDependencies().forEach(dependency -> collect(dependency, into));
        }
    }

    private static void error(ServerReflectionResponse.Builder answer, Status.Code code, String message) {
        answer.setErrorResponse(
                ErrorResponse.newBuilder().setErrorCode(code.value()).setErrorMessage(message));
    }
}
