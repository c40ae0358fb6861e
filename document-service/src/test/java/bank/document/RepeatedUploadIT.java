package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.StatusAssert;
import bank.v1.DocumentForm;
import bank.v1.DocumentStatus;
import bank.v1.ListUserDocumentsRequest;
import bank.v1.UploadDocumentResponse;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RepeatedUploadIT {
    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension();

    private static final Documents documents = new Documents(service);

    @Test
    void answersARepeatWithTheFirstAnswer() {
        var caller = service.client().with("idempotency-key", "repeat");
        var before = count();
        var first = Sent.upload(caller, "a.pdf", SmallPdf.of("repeat"));
        var second = Sent.upload(caller, "a.pdf", SmallPdf.of("repeat"));
        assertThat(second).isEqualTo(first);
        assertThat(count()).isEqualTo(before + 1);
    }

    @Test
    void answersARepeatAfterTheDocumentHasMovedOn() {
        var caller = service.client().with("idempotency-key", "moved-on");
        var first = Sent.upload(caller, "a.pdf", SmallPdf.of("moved on"));
        documents.set(service.employee(), first.getDocumentId(), DocumentStatus.DOCUMENT_STATUS_PROCESSING);
        assertThat(Sent.upload(caller, "a.pdf", SmallPdf.of("moved on"))).isEqualTo(first);
    }

    @Test
    void refusesAKeyUsedForSomethingElse() {
        var caller = service.client().with("idempotency-key", "reused");
        Sent.upload(caller, "a.pdf", SmallPdf.of("one"));
        assertThatCall(() -> Sent.upload(caller, "a.pdf", SmallPdf.of("two")))
                .fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
        assertThatCall(() -> Sent.upload(caller, "b.pdf", SmallPdf.of("one")))
                .fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
        assertThatCall(() -> Sent.upload(
                        caller, DocumentForm.newBuilder().setDescription("b").build(), "a.pdf", SmallPdf.of("one")))
                .fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
    }

    @Test
    void keepsAFailureFromBecomingTheAnswerToARepeat() {
        var caller = service.client().with("idempotency-key", "failed-first");
        assertThatCall(() -> Sent.upload(caller, "a.pdf", new byte[0])).fails(Code.INVALID_ARGUMENT, "EMPTY_FILE");
        assertThat(Sent.upload(caller, "a.pdf", SmallPdf.of("then")).getDocumentId())
                .isPositive();
    }

    @Test
    void storesOneDocumentHoweverManyRepeatsComeAtOnce() throws Exception {
        var caller = service.client().with("idempotency-key", "at-once");
        var before = count();
        Callable<UploadDocumentResponse> upload = () -> Sent.upload(caller, "a.pdf", SmallPdf.of("at once"));
        var outcomes = Together.run(IntStream.range(0, 8).mapToObj(i -> upload).toList());
        assertThat(outcomes).anyMatch(Together.Outcome::succeeded);
        for (var outcome : outcomes) {
            if (!outcome.succeeded()) {
                StatusAssert.assertThatFailure(outcome.failure())
                        .fails(Code.ABORTED, "KEY_IN_USE")
                        .hasRetryInfo();
            }
        }
        assertThat(outcomes.stream()
                        .filter(Together.Outcome::succeeded)
                        .map(outcome -> outcome.value().getDocumentId())
                        .distinct())
                .hasSize(1);
        assertThat(count()).isEqualTo(before + 1);
        // What the others had stored already is gone again.
        assertThat(service.objects()).hasSize(service.versions());
    }

    @Test
    void forgetsAKeyAfterADay() {
        var caller = service.client().with("idempotency-key", "yesterday");
        var first = Sent.upload(caller, "a.pdf", SmallPdf.of("yesterday"));
        service.clock.advance(Duration.ofHours(25));
        var today = service.client().with("idempotency-key", "yesterday");
        assertThat(Sent.upload(today, "a.pdf", SmallPdf.of("yesterday")).getDocumentId())
                .isNotEqualTo(first.getDocumentId());
    }

    private static int count() {
        return service.client()
                .documents()
                .listUserDocuments(ListUserDocumentsRequest.newBuilder()
                        .setUserId(TestIdentity.CLIENT)
                        .setPageSize(200)
                        .build())
                .getDocumentsCount();
    }
}
