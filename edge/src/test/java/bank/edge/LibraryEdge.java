package bank.edge;

import com.linecorp.armeria.common.SessionProtocol;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// An edge before the bank's services and those of `library.proto`, for all tests of a class. Each test
/// finds the notes of the library empty.
///
/// ```java
/// @RegisterExtension
/// static final LibraryEdge edge = new LibraryEdge();
/// ```
final class LibraryEdge implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private final Map<String, String> settings;
    TestLibrary library;
    TestBank bank;

    LibraryEdge() {
        this(Map.of());
    }

    /// @param settings settings of the edge beside those that tie it to the services
    LibraryEdge(Map<String, String> settings) {
        this.settings = settings;
    }

    int port() {
        return bank.edge.port();
    }

    /// A client of this edge, to be closed by whoever asked for it.
    StreamClient client(SessionProtocol protocol) {
        return new StreamClient(bank, protocol);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        library = new TestLibrary();
        var all = library.settings();
        all.putAll(settings);
        bank = new TestBank(all);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        library.forget();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        bank.close();
        library.close();
    }
}
