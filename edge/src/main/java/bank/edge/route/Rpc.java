package bank.edge.route;

import bank.v1.Access;
import bank.v1.Options;
import bank.v1.Upload;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/// One rpc and what its options say of it.
///
/// @param method the rpc as its proto file declares it
/// @param anonymous anybody may call, also without a token
/// @param createdLocation path template of what the rpc creates, with `{field}` of its response; null when it
///     creates nothing
/// @param upload how a file upload over HTTP maps to the client stream; null when it takes no file
/// @param raw the HTTP request reaches the rpc as it is
/// @param transfers its deadline is that of a transfer
public record Rpc(
        MethodDescriptor method,
        boolean anonymous,
        @Nullable String createdLocation,
        @Nullable Upload upload,
        boolean raw,
        boolean transfers) {

    /// Reads the options of an rpc.
    public static Rpc of(MethodDescriptor method) {
        MethodOptions options = method.getOptions();
        Access access = options.getExtension(Options.access);
        return new Rpc(
                method,
                access.getAnonymous(),
                options.hasExtension(Options.created)
                        ? options.getExtension(Options.created).getLocation()
                        : null,
                options.hasExtension(Options.upload) ? options.getExtension(Options.upload) : null,
                options.getExtension(Options.raw),
                options.getExtension(Options.transfers) || method.isClientStreaming() || method.isServerStreaming());
    }

    /// Full name of the service, e.g. `bank.v1.DocumentService`.
    public String service() {
        return method.getService().getFullName();
    }

    /// Path of the rpc over gRPC, e.g. `/bank.v1.DocumentService/GetDocument`.
    public String path() {
        return "/" + service() + "/" + method.getName();
    }

    /// Type of the request message.
    public Descriptor input() {
        return method.getInputType();
    }

    /// Type of the response message.
    public Descriptor output() {
        return method.getOutputType();
    }

    /// Messages flow as streams one way or both.
    public boolean streaming() {
        return method.isClientStreaming() || method.isServerStreaming();
    }
}
