package bank.edge.route;

import bank.edge.json.JsonCodec;
import bank.v1.Alternative;
import bank.v1.Options;
import bank.v1.Resumption;
import bank.v1.Upload;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/// One rpc, what its options say of it, and the ways of the set it belongs to.
///
/// @param method the rpc as its proto file declares it
/// @param path its path over gRPC, e.g. `/bank.v1.DocumentService/GetDocument`
/// @param codec JSON form of its messages
/// @param ways how its answers and queries are treated
/// @param admission whom the edge lets through
/// @param created where what the rpc creates is; null when it creates nothing
/// @param upload how a file upload over HTTP maps to the client stream; null when it takes no file
/// @param raw the HTTP request reaches the rpc as it is
/// @param transfers its deadline is that of a transfer
/// @param alternative which form it gives of what another rpc gives as JSON; null when it is no such rpc
/// @param resumption how its stream goes on where it broke off; null when it does not
public record Rpc(
        MethodDescriptor method,
        String path,
        JsonCodec codec,
        Ways ways,
        Admission admission,
        @Nullable LocationTemplate created,
        @Nullable Upload upload,
        boolean raw,
        boolean transfers,
        @Nullable Alternative alternative,
        @Nullable Resumption resumption) {

    private static final String BODY = "google.api.HttpBody";

    /// How a set of services wants its HTTP interface to behave beside the JSON itself.
    ///
    /// @param house creations answer 201, `google.protobuf.Empty` answers 204, unknown query parameters are refused
    /// @param told response metadata sets the status and headers of the answer
    /// @param metadata headers `Grpc-Metadata-X` are the metadata `x`, in requests and answers
    public record Ways(boolean house, boolean told, boolean metadata) {}

    /// Reads the options of an rpc.
    ///
    /// @throws IllegalArgumentException when they contradict each other
    static Rpc of(MethodDescriptor method, JsonCodec codec, Ways ways, Admission admission) {
        MethodOptions options = method.getOptions();
        return new Rpc(
                method,
                "/" + method.getService().getFullName() + "/" + method.getName(),
                codec,
                ways,
                admission,
                ways.house() && options.hasExtension(Options.created)
                        ? LocationTemplate.parse(
                                options.getExtension(Options.created).getLocation(), method.getOutputType())
                        : null,
                options.hasExtension(Options.upload) ? options.getExtension(Options.upload) : null,
                ways.told() && options.getExtension(Options.raw),
                options.getExtension(Options.transfers) || method.isClientStreaming() || method.isServerStreaming(),
                options.hasExtension(Options.alternative)
                        ? checked(options.getExtension(Options.alternative), method)
                        : null,
                options.hasExtension(Options.resumption)
                        ? checked(options.getExtension(Options.resumption), method)
                        : null);
    }

    private static Resumption checked(Resumption resumption, MethodDescriptor method) {
        boolean streams = method.isServerStreaming() && !method.isClientStreaming();
        if (!streams
                || !isText(method.getOutputType().findFieldByName(resumption.getId()))
                || !isText(method.getInputType().findFieldByName(resumption.getAfter()))) {
            throw new IllegalArgumentException(method.getFullName()
                    + ": a stream that can be resumed is one of the server, its messages have a string field for "
                    + "their id, and its request one for the id before it");
        }
        return resumption;
    }

    private static boolean isText(@Nullable FieldDescriptor field) {
        return field != null && !field.isRepeated() && field.getType() == FieldDescriptor.Type.STRING;
    }

    private static Alternative checked(Alternative alternative, MethodDescriptor method) {
        boolean named = alternative.getMediaType().matches("[^/*;, ]+/[^/*;, ]+")
                && !alternative.getFormat().isEmpty();
        boolean usual = alternative.getFormat().equals("json")
                || alternative.getMediaType().equalsIgnoreCase("application/json");
        if (!named || usual || !method.getOutputType().getFullName().equals(BODY)) {
            throw new IllegalArgumentException(method.getFullName()
                    + ": an alternative has a media type and a format other than those of JSON, and an answer of type "
                    + BODY);
        }
        return alternative;
    }

    /// Full name of the service, e.g. `bank.v1.DocumentService`.
    public String service() {
        return method.getService().getFullName();
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
