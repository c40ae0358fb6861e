package bank.platform.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.rpc.ErrorDetailsProto;
import com.google.rpc.StatusProto;
import io.grpc.Status;
import io.grpc.health.v1.HealthProto;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.ExtensionNumberResponse;
import io.grpc.reflection.v1.FileDescriptorResponse;
import io.grpc.reflection.v1.ListServiceResponse;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionProto;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Server reflection (`grpc.reflection.v1`), for clients such as grpcurl: the services there are, and the proto files
/// of every type they use. Knows also the types no service names that callers still meet: the details of failures.
public final class Reflection extends ServerReflectionGrpc.ServerReflectionImplBase {
    private static final List<FileDescriptor> DETAILS =
            List.of(ErrorDetailsProto.getDescriptor(), StatusProto.getDescriptor());
    private static final List<FileDescriptor> OWN =
            List.of(HealthProto.getDescriptor(), ServerReflectionProto.getDescriptor());

    private final Set<String> services = new TreeSet<>();
    private final Map<String, FileDescriptor> byName = new HashMap<>();
    private final Map<String, FileDescriptor> bySymbol = new HashMap<>();
    private final Map<String, TreeMap<Integer, FileDescriptor>> byExtension = new HashMap<>();

    /// Tells of these services, of health and of itself.
    public Reflection(Collection<ServiceDescriptor> served) {
        served.forEach(this::serve);
        OWN.forEach(file -> file.getServices().forEach(this::serve));
        DETAILS.forEach(this::index);
    }

    private void serve(ServiceDescriptor service) {
        services.add(service.getFullName());
        index(service.getFile());
    }

    private void index(FileDescriptor file) {
        if (byName.putIfAbsent(file.getName(), file) != null) {
            return;
        }
        file.getServices().forEach(service -> {
            bySymbol.put(service.getFullName(), file);
            service.getMethods().forEach(method -> bySymbol.put(method.getFullName(), file));
        });
        file.getMessageTypes().forEach(this::index);
        file.getEnumTypes().forEach(this::index);
        file.getExtensions().forEach(this::index);
        file.getDependencies().forEach(this::index);
    }

    private void index(Descriptor message) {
        bySymbol.put(message.getFullName(), message.getFile());
        message.getNestedTypes().forEach(this::index);
        message.getEnumTypes().forEach(this::index);
        message.getExtensions().forEach(this::index);
    }

    private void index(EnumDescriptor type) {
        bySymbol.put(type.getFullName(), type.getFile());
    }

    private void index(FieldDescriptor extension) {
        bySymbol.put(extension.getFullName(), extension.getFile());
        byExtension
                .computeIfAbsent(extension.getContainingType().getFullName(), _ -> new TreeMap<>())
                .put(extension.getNumber(), extension.getFile());
    }

    @Override
    public StreamObserver<ServerReflectionRequest> serverReflectionInfo(
            StreamObserver<ServerReflectionResponse> answers) {
        return new Conversation((ServerCallStreamObserver<ServerReflectionResponse>) answers);
    }

    /// One client's questions. The next is taken when the answer to the last is on its way, so that a client who does
    /// not read what he asks for takes no memory.
    private final class Conversation implements StreamObserver<ServerReflectionRequest> {
        private final ServerCallStreamObserver<ServerReflectionResponse> answers;
        private @Nullable ServerReflectionRequest open;
        private boolean last;

        Conversation(ServerCallStreamObserver<ServerReflectionResponse> answers) {
            this.answers = answers;
            answers.disableAutoRequest();
            answers.setOnReadyHandler(this::answerOpen);
            answers.request(1);
        }

        @Override
        public void onNext(ServerReflectionRequest request) {
            open = request;
            answerOpen();
        }

        @Override
        public void onError(Throwable cause) {
            // The client went away; there is nobody to answer.
        }

        @Override
        public void onCompleted() {
            last = true;
            if (open == null) {
                answers.onCompleted();
            }
        }

        private void answerOpen() {
            var request = open;
            if (request == null || !answers.isReady()) {
                return;
            }
            open = null;
            answers.onNext(answer(request));
            if (last) {
                answers.onCompleted();
            } else {
                answers.request(1);
            }
        }
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
            case FILE_CONTAINING_EXTENSION -> {
                var extension = request.getFileContainingExtension();
                file(answer, extensions(extension.getContainingType()).get(extension.getExtensionNumber()));
            }
            case ALL_EXTENSION_NUMBERS_OF_TYPE -> {
                var type = request.getAllExtensionNumbersOfType();
                if (bySymbol.containsKey(type)) {
                    answer.setAllExtensionNumbersResponse(ExtensionNumberResponse.newBuilder()
                            .setBaseTypeName(type)
                            .addAllExtensionNumber(extensions(type).keySet()));
                } else {
                    error(answer, Status.Code.NOT_FOUND, "not found");
                }
            }
            case MESSAGEREQUEST_NOT_SET -> error(answer, Status.Code.INVALID_ARGUMENT, "nothing is asked");
        }
        return answer.build();
    }

    private Map<Integer, FileDescriptor> extensions(String type) {
        var numbers = byExtension.get(type);
        return numbers == null ? Map.of() : numbers;
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
