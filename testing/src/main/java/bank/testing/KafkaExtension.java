package bank.testing;

import bank.embedded.EmbeddedKafkaServer;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// Gives each test class a prefix of its own for topics and groups on one embedded Kafka, started with the first class
/// that asks.
///
/// ```java
/// @RegisterExtension
/// static final KafkaExtension kafka = new KafkaExtension();
/// ```
public final class KafkaExtension implements BeforeAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(KafkaExtension.class);

    private @Nullable EmbeddedKafkaServer server;
    private @Nullable String prefix;

    /// What clients begin with, such as `127.0.0.1:41234`.
    ///
    /// @throws IllegalStateException outside a test class, or when the extension is not in a static field
    public String bootstrapServers() {
        if (server == null) {
            throw notStarted();
        }
        return server.bootstrapServers();
    }

    /// What the names of the test class's topics and groups begin with, such as `test-0123456789abcdef.`.
    ///
    /// @throws IllegalStateException outside a test class, or when the extension is not in a static field
    public String prefix() {
        if (prefix == null) {
            throw notStarted();
        }
        return prefix;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(SharedKafka.class, key -> new SharedKafka(), SharedKafka.class)
                .server();
        prefix = newPrefix();
    }

    /// Another prefix, for topics of their own within a test class.
    public static String newPrefix() {
        var random = new byte[8];
        ThreadLocalRandom.current().nextBytes(random);
        return "test-" + HexFormat.of().formatHex(random) + ".";
    }

    private static IllegalStateException notStarted() {
        return new IllegalStateException("KafkaExtension must be registered in a static field of a test class");
    }
}
