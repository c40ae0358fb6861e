package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_APPROVED;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PROCESSING;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.StatusAssert;
import bank.v1.DeleteDocumentRequest;
import bank.v1.DeleteDocumentResponse;
import bank.v1.GetDocumentRequest;
import bank.v1.HoldDocumentRequest;
import bank.v1.ReleaseDocumentRequest;
import io.grpc.Status.Code;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeletionIT {
    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension();

    private static final Documents documents = new Documents(service);

    @Test
    void deletesADocumentWithItsContent() {
        var id = documents.pending();
        Sent.replace(service.client(), id, "b.pdf", SmallPdf.of("second version"));
        var objects = service.objects().size();
        var key = service.keyOf(id);

        var answer = delete(service.client(), id);

        assertThat(answer.getMessage()).isEqualTo("Document " + id + " deleted successfully");
        assertThat(service.objects()).hasSize(objects - 2).doesNotContain(key);
        assertThatCall(() -> service.client()
                        .reviews()
                        .getDocument(GetDocumentRequest.newBuilder().setId(id).build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> delete(service.client(), id)).fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void deletesARejectedDocumentAlsoByStaffAndMachines() {
        delete(service.client(), documents.in(DOCUMENT_STATUS_PROCESSING, DOCUMENT_STATUS_REJECTED));
        delete(service.employee(), documents.pending());
        delete(service.machine("documents:process"), documents.pending());
    }

    @Test
    void keepsADocumentWhoseStatusForbidsDeletion() {
        for (var id : List.of(
                documents.in(DOCUMENT_STATUS_PROCESSING),
                documents.in(DOCUMENT_STATUS_PROCESSING, DOCUMENT_STATUS_APPROVED))) {
            assertThatCall(() -> delete(service.client(), id))
                    .fails(Code.FAILED_PRECONDITION, "STATUS_FORBIDS_DELETION");
            assertThatCall(() -> delete(service.admin(), id))
                    .fails(Code.FAILED_PRECONDITION, "STATUS_FORBIDS_DELETION");
        }
    }

    @Test
    void keepsAnothersDocument() {
        var id = documents.pending();
        assertThatCall(() -> delete(service.otherClient(), id)).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> delete(service.machine("documents:read"), id))
                .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING");
        assertThat(documents.get(id).getId()).isEqualTo(id);
    }

    @Test
    void keepsADocumentThatHasChangedOrIsOnlyTried() {
        var id = documents.pending();
        assertThatCall(() -> delete(service.client().with("if-match", "\"2\""), id))
                .fails(Code.ABORTED, "ETAG_MISMATCH");
        delete(service.client().with("validate-only", "true"), id);
        assertThat(service.objects()).contains(service.keyOf(id));
        delete(service.client().with("if-match", "\"1\""), id);
    }

    @Test
    void keepsADocumentWhileSomebodyHoldsIt() {
        var id = documents.pending();
        assertThat(hold(id, "contract:1", 1)).isTrue();
        assertThat(hold(id, "contract:1", 1)).isTrue();
        assertThat(hold(id, "contract:2", 1)).isTrue();
        assertThat(release(id, "contract:1", 2)).isFalse();
        assertThatCall(() -> delete(service.client(), id))
                .fails(Code.FAILED_PRECONDITION, "DOCUMENT_HELD")
                .hasMetadata("holder", "contract:2");
        assertThat(release(id, "contract:2", 2)).isFalse();
        delete(service.client(), id);
    }

    @Test
    void countsOnlyTheNewestCallOfAHolder() {
        var id = documents.pending();
        assertThat(hold(id, "contract:1", 5)).isTrue();
        assertThat(release(id, "contract:1", 4)).isTrue();
        assertThat(release(id, "contract:1", 5)).isTrue();
        assertThat(release(id, "contract:1", 6)).isFalse();
        assertThat(hold(id, "contract:1", 5)).isFalse();
        assertThat(hold(id, "contract:1", 6)).isFalse();
        assertThat(hold(id, "contract:1", 7)).isTrue();
    }

    @Test
    void remembersAReleaseThatOvertookItsHold() {
        var id = documents.pending();
        assertThat(release(id, "contract:9", 2)).isFalse();
        assertThat(hold(id, "contract:9", 1)).isFalse();
        delete(service.client(), id);
    }

    @Test
    void holdsOnlyWhatThereIsAndForServicesOnly() {
        assertThatCall(() -> hold(Long.MAX_VALUE, "contract:1", 1)).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThat(release(Long.MAX_VALUE, "contract:1", 1)).isFalse();
        var request = HoldDocumentRequest.newBuilder()
                .setDocumentId(1)
                .setHolder("contract:1")
                .setGeneration(1)
                .build();
        assertThatCall(() -> service.admin().holds().holdDocument(request))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
        assertThatCall(() -> service.machine("documents:process").holds().holdDocument(request))
                .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING");
    }

    @Test
    void letsEitherTheHoldOrTheDeletionWin() throws Exception {
        for (var i = 0; i < 20; i++) {
            var id = documents.pending();
            var outcomes =
                    Together.<Object>run(List.of(() -> hold(id, "contract:1", 1), () -> delete(service.client(), id)));
            var held = outcomes.get(0);
            var deleted = outcomes.get(1);
            assertThat(held.succeeded()).isNotEqualTo(deleted.succeeded());
            if (held.succeeded()) {
                StatusAssert.assertThatFailure(deleted.failure()).fails(Code.FAILED_PRECONDITION, "DOCUMENT_HELD");
                assertThat(documents.get(id).getId()).isEqualTo(id);
            } else {
                StatusAssert.assertThatFailure(held.failure()).fails(Code.NOT_FOUND, "NOT_FOUND");
            }
        }
    }

    private static DeleteDocumentResponse delete(DocumentServiceExtension.Caller caller, long id) {
        return caller.documents()
                .deleteDocument(DeleteDocumentRequest.newBuilder().setId(id).build());
    }

    private static boolean hold(long id, String holder, long generation) {
        return service.machine("documents:hold")
                .holds()
                .holdDocument(HoldDocumentRequest.newBuilder()
                        .setDocumentId(id)
                        .setHolder(holder)
                        .setGeneration(generation)
                        .build())
                .getHeld();
    }

    private static boolean release(long id, String holder, long generation) {
        return service.machine("documents:hold")
                .holds()
                .releaseDocument(ReleaseDocumentRequest.newBuilder()
                        .setDocumentId(id)
                        .setHolder(holder)
                        .setGeneration(generation)
                        .build())
                .getHeld();
    }
}
