package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import bank.v1.BatchDocument;
import bank.v1.BatchFailure;
import bank.v1.BatchForm;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A batch of which a part failed for a reason that passes.
class BatchRetryIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("ERROR ClamAv the virus scanner refused a content of ");

    private static final Clamd clamd = clamd();

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension(
            Map.of("clamav.host", "127.0.0.1", "clamav.port", Integer.toString(clamd.port())));

    @AfterAll
    static void close() throws IOException {
        clamd.close();
    }

    @Test
    void storesTheMissingOnesUnderTheSameKeyAndNoOthers() {
        var document = BatchDocument.newBuilder().setUserId(TestIdentity.CLIENT);
        var form = BatchForm.newBuilder()
                .addDocuments(document)
                .addDocuments(document)
                .addDocuments(document)
                .build();
        var good = Sent.File.of("1.pdf", SmallPdf.of("good"));
        var puzzle = Sent.File.of("2.pdf", SmallPdf.of(Clamd.PUZZLE));
        var empty = Sent.File.of("3.pdf", new byte[0]);
        var keyed = service.employee().with("idempotency-key", "retry");

        clamd.unwell(true);
        var first = Sent.batch(keyed, form, List.of(good, puzzle, empty));
        assertThat(first.getDocumentIdsList()).hasSize(1);
        assertThat(first.getFailuresList())
                .extracting(BatchFailure::getReason)
                .containsExactly("SCANNER_UNAVAILABLE", "EMPTY_FILE");

        clamd.unwell(false);
        var other = Sent.File.of("2.pdf", SmallPdf.of("other"));
        assertThatCall(() -> Sent.batch(keyed, form, List.of(good, other, empty)))
                .fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
        assertThat(service.versions()).isEqualTo(1);

        var second = Sent.batch(keyed, form, List.of(good, puzzle, empty));
        assertThat(second.getDocumentIdsList()).hasSize(2).startsWith(first.getDocumentIds(0));
        assertThat(second.getFailuresList()).extracting(BatchFailure::getReason).containsExactly("EMPTY_FILE");
        assertThat(Sent.batch(keyed, form, List.of(good, puzzle, empty))).isEqualTo(second);
        assertThat(service.versions()).isEqualTo(2);
        assertThat(service.objects()).hasSize(2);
    }

    private static Clamd clamd() {
        try {
            return new Clamd();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
