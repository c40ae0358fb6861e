package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InfectedUploadIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("ERROR ClamAv the virus scanner at 127.0.0.1:");

    private static final Clamd clamd = clamd();

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension(
            Map.of("clamav.host", "127.0.0.1", "clamav.port", Integer.toString(clamd.port())));

    @Test
    void storesWhatIsCleanAndRefusesTheRestAlsoWhileTheScannerIsDown() throws IOException {
        Sent.upload(service.client(), "a.pdf", SmallPdf.of("clean"));
        assertThatCall(() -> Sent.upload(service.client(), "a.pdf", SmallPdf.of(Clamd.INFECTION)))
                .fails(Code.INVALID_ARGUMENT, "CONTENT_INFECTED")
                .hasMetadata("signature", "Test.Signature-1");
        clamd.close();
        assertThatCall(() -> Sent.upload(service.client(), "a.pdf", SmallPdf.of("unknown")))
                .fails(Code.UNAVAILABLE, "SCANNER_UNAVAILABLE")
                .hasRetryInfo();
        assertThat(log.lines()).hasSize(1);
        assertThat(service.versions()).isEqualTo(1);
        assertThat(service.objects()).hasSize(1);
    }

    private static Clamd clamd() {
        try {
            return new Clamd();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
