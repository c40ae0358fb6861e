package bank.document.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.document.Clamd;
import bank.document.SmallPdf;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.PromisedDigests;
import bank.testing.ExpectedLog;
import bank.testing.TestDocuments;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClamAvTest {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "WARN ClamAv a content of ",
            "ERROR ClamAv the virus scanner refused a content of ",
            "ERROR ClamAv the virus scanner at 127.0.0.1:");

    @TempDir
    Path directory;

    @Test
    void passesWhatIsClean() throws IOException {
        try (var clamd = new Clamd()) {
            assertThatCode(() -> scan(clamd.port(), TestDocuments.bytes("scan.png")))
                    .doesNotThrowAnyException();
            assertThat(clamd.lastContent()).isEqualTo(TestDocuments.bytes("scan.png"));
        }
    }

    @Test
    void refusesWhatIsInfected() throws IOException {
        try (var clamd = new Clamd()) {
            assertThat(failure(clamd.port(), SmallPdf.of(Clamd.INFECTION)))
                    .isEqualTo(new DocumentFailure.ContentInfected("Test.Signature-1"));
        }
    }

    @Test
    void refusesEverythingWhileTheScannerIsDown() throws IOException {
        int port;
        try (var clamd = new Clamd()) {
            port = clamd.port();
        }
        assertThat(failure(port, SmallPdf.of("a"))).isEqualTo(new DocumentFailure.ScannerUnavailable());
        assertThat(log.lines()).singleElement().asString().contains(port + " does not answer");
    }

    @Test
    void refusesWhatTheScannerCannotJudge() throws IOException {
        try (var clamd = new Clamd()) {
            clamd.unwell(true);
            assertThat(failure(clamd.port(), SmallPdf.of(Clamd.PUZZLE)))
                    .isEqualTo(new DocumentFailure.ScannerUnavailable());
        }
        assertThat(log.lines()).singleElement().asString().contains("Can't allocate memory");
    }

    @Test
    void passesWhatIsAsLargeAsTheScannerTakes() throws IOException {
        try (var clamd = new Clamd()) {
            assertThatCode(() -> scan(clamd.port(), new byte[Clamd.BYTES_MAX])).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Clamd.BYTES_MAX + 1, 20 * Clamd.BYTES_MAX})
    void refusesWhatIsLargerThanTheScannerTakes(int size) throws IOException {
        try (var clamd = new Clamd()) {
            assertThat(failure(clamd.port(), new byte[size]))
                    .isEqualTo(new DocumentFailure.ContentTooLargeToScan(size));
        }
        assertThat(log.lines()).singleElement().asString().contains(size + " bytes", "StreamMaxLength");
    }

    private DocumentFailure failure(int port, byte[] bytes) {
        var found = new DocumentFailure[1];
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> scan(port, bytes))
                .satisfies(e -> found[0] = e.failure());
        return found[0];
    }

    private void scan(int port, byte[] bytes) {
        try (var spool = Spool.open(directory);
                var reception = spool.receive(Long.MAX_VALUE, PromisedDigests.none())) {
            reception.write(ByteBuffer.wrap(bytes));
            try (var content = reception.finish()) {
                new ClamAv("127.0.0.1", port, Duration.ofSeconds(10)).scan(content);
            }
        }
    }
}
