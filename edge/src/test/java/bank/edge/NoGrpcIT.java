package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Server;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Something answers where a service should be, a proxy or another server, and not by gRPC.
class NoGrpcIT {
    private static final String LINE = " got no answer of gRPC from ";

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("WARN Attempts /library.Library/");

    private static Server something;
    private static TestBank bank;
    private static volatile HttpResponse page = HttpResponse.of(404);

    @BeforeAll
    static void start() {
        something = Server.builder().http(0).serviceUnder("/", (_, _) -> page).build();
        something.start().join();
        bank = new TestBank(Map.of(
                "bank.edge.services.library.descriptors",
                TestLibrary.descriptors().toString(),
                "bank.edge.services.library.address",
                address()));
    }

    @AfterAll
    static void stop() {
        bank.close();
        something.stop().join();
    }

    private static String address() {
        return "127.0.0.1:" + something.activeLocalPort();
    }

    private static void assertLogged(String rpc, int status, String type) {
        assertThat(log.lines())
                .singleElement()
                .asString()
                .endsWith(
                        "/library.Library/" + rpc + LINE + address() + ": status " + status + ", content type " + type);
    }

    // A stream is received by other means than one message.
    @ParameterizedTest
    @CsvSource({
        "/library/shelves/1/books/2, GetBook, 403, text/html",
        "/library/shelves/1/books/2, GetBook, 200, text/html",
        "/library/shelves/1/books/2, GetBook, 200, application/grpcs",
        "/library/shelves/1/books:watch, WatchBooks, 403, text/html",
        "/library/shelves/1/books:watch, WatchBooks, 200, text/html",
    })
    void isToldInTheLogAndNotToCallersOfJson(String path, String rpc, int status, String type) {
        page = HttpResponse.of(HttpStatus.valueOf(status), MediaType.parse(type), "<p>of a proxy</p>");

        var answer = bank.get(path);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("UPSTREAM_UNAVAILABLE").doesNotContain("proxy");
        assertLogged(rpc, status, type);
    }

    @ParameterizedTest
    @CsvSource({"403, text/html", "200, text/html"})
    void isToldInTheLogAndNotToCallersOfGrpc(int status, String type) {
        page = HttpResponse.of(HttpStatus.valueOf(status), MediaType.parse(type), "<p>of a proxy</p>");

        var answer = bank.send(bank.request("/library.Library/GetBook")
                .header("Content-Type", "application/grpc-web")
                .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 0})));

        assertThat(answer.headers().firstValue("grpc-status")).contains("14");
        assertThat(answer.body()).doesNotContain("proxy");
        assertLogged("GetBook", status, type);
    }
}
