package bank.edge.route;

import bank.v1.Options;
import build.buf.validate.ValidateProto;
import com.google.api.AnnotationsProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.ExtensionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The proto files of one descriptor set, linked, with every service and message type by its full name.
public final class ProtoFiles {
    private final Map<String, FileDescriptor> files = new LinkedHashMap<>();
    private final Map<String, ServiceDescriptor> services = new LinkedHashMap<>();
    private final Map<String, Descriptor> messages = new LinkedHashMap<>();

    private ProtoFiles(FileDescriptorSet set) {
        var protos = new LinkedHashMap<String, FileDescriptorProto>();
        set.getFileList().forEach(file -> protos.put(file.getName(), file));
        protos.keySet().forEach(name -> link(name, protos));
    }

    /// The descriptor set of `bank.v1`, built into the proto module and read once: with its comments it takes
    /// megabytes.
    public static ProtoFiles bankV1() {
        return BankV1.FILES;
    }

    private static ProtoFiles readBankV1() {
        try (InputStream in = ProtoFiles.class.getResourceAsStream("/bank/v1/bank.binpb")) {
            if (in == null) {
                throw new IllegalStateException("/bank/v1/bank.binpb is not on the class path");
            }
            return parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads a `google.protobuf.FileDescriptorSet` that holds its imports too.
    ///
    /// @throws IllegalArgumentException when a file does not link
    public static ProtoFiles parse(InputStream in) throws IOException {
        var registry = ExtensionRegistry.newInstance();
        AnnotationsProto.registerAllExtensions(registry);
        Options.registerAllExtensions(registry);
        ValidateProto.registerAllExtensions(registry);
        return new ProtoFiles(FileDescriptorSet.parseFrom(in, registry));
    }

    /// Every service of the set.
    public Collection<ServiceDescriptor> services() {
        return services.values();
    }

    /// The message type of a full name such as `bank.v1.Document`.
    public Optional<Descriptor> message(String fullName) {
        return Optional.ofNullable(messages.get(fullName));
    }

    private FileDescriptor link(String name, Map<String, FileDescriptorProto> protos) {
        FileDescriptor linked = files.get(name);
        if (linked != null) {
            return linked;
        }
        FileDescriptorProto proto = protos.get(name);
        if (proto == null) {
            throw new IllegalArgumentException("the descriptor set lacks the imported file " + name);
        }
        List<FileDescriptor> imports = new ArrayList<>();
        proto.getDependencyList().forEach(dependency -> imports.add(link(dependency, protos)));
        try {
            FileDescriptor file = FileDescriptor.buildFrom(proto, imports.toArray(FileDescriptor[]::new));
            files.put(name, file);
            file.getServices().forEach(service -> services.put(service.getFullName(), service));
            file.getMessageTypes().forEach(this::index);
            return file;
        } catch (DescriptorValidationException e) {
            throw new IllegalArgumentException("the descriptor set does not link: " + e.getMessage(), e);
        }
    }

    private void index(Descriptor message) {
        messages.put(message.getFullName(), message);
        message.getNestedTypes().forEach(this::index);
    }

    private static final class BankV1 {
        static final ProtoFiles FILES = readBankV1();
    }
}
