package bank.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// The whole platform in a process of its own with the demo users, as `./bank up --demo` starts it; one for
/// all test classes.
final class RunningBank implements BeforeAllCallback {
    /// Password of every demo user.
    static final String PASSWORD = "demo-Passw0rd-2026";

    // One that is still being written has a longer name.
    private static final Pattern CONTENT = Pattern.compile("[0-9a-f-]{36}");
    private static final Namespace NAMESPACE = Namespace.create(RunningBank.class);

    private Shared shared;

    @Override
    public void beforeAll(ExtensionContext context) {
        shared = context.getRoot().getStore(NAMESPACE).computeIfAbsent(Shared.class, key -> new Shared(), Shared.class);
    }

    /// Address of the edge.
    URI uri() {
        return shared.instance.address();
    }

    int identityPort() {
        return shared.portOf("identity ");
    }

    int documentPort() {
        return shared.portOf("document ");
    }

    int contractPort() {
        return shared.portOf("contract ");
    }

    int registryPort() {
        return shared.portOf("registry ");
    }

    /// Its data directory.
    Path data() {
        return shared.data;
    }

    /// The log of everything.
    Path log() {
        return shared.data.resolve("logs/bank.log");
    }

    /// Names of the contents in the embedded S3, which keeps each as a file.
    Set<String> contents() {
        var names =
                shared.data.resolve("s3/objects/documents/documents").toFile().list();
        return names == null
                ? Set.of()
                : Arrays.stream(names)
                        .filter(name -> CONTENT.matcher(name).matches())
                        .collect(Collectors.toSet());
    }

    private static final class Shared implements AutoCloseable {
        private final Path data;
        private final Instance instance;

        Shared() {
            try {
                data = Files.createTempDirectory("bank-running");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            instance = Instance.start(data, "--demo");
        }

        int portOf(String service) {
            var row = instance.process().output().stream()
                    .filter(line -> line.startsWith(service))
                    .findFirst()
                    .orElseThrow();
            return Integer.parseInt(row.replaceFirst(".*127\\.0\\.0\\.1:([0-9]+).*", "$1"));
        }

        @Override
        public void close() throws IOException {
            instance.process().stop(Instance.STOP_MAX);
            instance.close();
            try (var files = Files.walk(data)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
