package bank.edge;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// Descriptor sets of single proto files of the tests, with what these import.
public final class TestDescriptors {
    private TestDescriptors() {}

    /// A file with the descriptor set of a proto file, e.g. `library/library.proto`, deleted when the JVM ends.
    public static Path file(String proto) {
        try (var in = TestDescriptors.class.getResourceAsStream("/codec/types.binpb")) {
            var all = new LinkedHashMap<String, FileDescriptorProto>();
            FileDescriptorSet.parseFrom(in).getFileList().forEach(file -> all.put(file.getName(), file));
            var wanted = new LinkedHashMap<String, FileDescriptorProto>();
            add(proto, all, wanted);
            Path file = Files.createTempFile("descriptors", ".binpb");
            file.toFile().deleteOnExit();
            return Files.write(
                    file,
                    FileDescriptorSet.newBuilder()
                            .addAllFile(wanted.values())
                            .build()
                            .toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(
            String name, Map<String, FileDescriptorProto> all, Map<String, FileDescriptorProto> wanted) {
        FileDescriptorProto file = Objects.requireNonNull(all.get(name), name);
        file.getDependencyList().forEach(dependency -> add(dependency, all, wanted));
        wanted.put(name, file);
    }
}
