package bank.contract;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Headers;
import bank.testing.PostgresExtension;
import bank.v1.ContractDocument;
import bank.v1.ContractStatus;
import bank.v1.CreateContractRequest;
import bank.v1.LinkStatus;
import bank.v1.ListContractDocumentsRequest;
import bank.v1.SetContractStatusRequest;
import bank.v1.SetLinkStatusRequest;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LinkDocumentIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static Scene scene;
    private long contract;
    private long document;

    @BeforeAll
    static void start() {
        scene = new Scene(postgres);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @BeforeEach
    void drawUp() {
        contract = scene.contract().getContractId();
        document = scene.documents.add(Scene.CLIENT, "Договор аренды");
    }

    @Test
    void linkHoldsDocument() {
        var link = scene.client().linkDocument(Scene.link(contract, document));

        assertThat(link.getContractId()).isEqualTo(contract);
        assertThat(link.getDocumentId()).isEqualTo(document);
        assertThat(link.getStatus()).isEqualTo(LinkStatus.LINK_STATUS_ACTIVE);
        assertThat(scene.documents.held(contract, document)).isTrue();
        assertThat(documents()).containsExactly(row("Договор аренды", LinkStatus.LINK_STATUS_ACTIVE));
    }

    @Test
    void linkingTwiceIsTheSameLink() {
        var first = scene.client().linkDocument(Scene.link(contract, document));

        assertThat(scene.employee().linkDocument(Scene.link(contract, document)))
                .isEqualTo(first);
        assertThat(documents()).hasSize(1);
    }

    @Test
    void revokingReleasesAndLinkingAgainHolds() {
        scene.client().linkDocument(Scene.link(contract, document));

        var revoked = scene.client()
                .setLinkStatus(SetLinkStatusRequest.newBuilder()
                        .setId(contract)
                        .setDocumentId(document)
                        .setOperationStatusIdValue(4)
                        .build());

        assertThat(revoked.getContractId()).isEqualTo(contract);
        assertThat(revoked.getDocumentId()).isEqualTo(document);
        assertThat(revoked.getNewStatus()).isEqualTo(LinkStatus.LINK_STATUS_REVOKED);
        assertThat(scene.documents.held(contract, document)).isFalse();

        scene.client().linkDocument(Scene.link(contract, document));
        assertThat(scene.documents.held(contract, document)).isTrue();
        assertThat(documents()).containsExactly(row("Договор аренды", LinkStatus.LINK_STATUS_ACTIVE));
    }

    @Test
    void archivedLinkStaysHeldAndComesBack() {
        scene.client().linkDocument(Scene.link(contract, document));

        assertThat(set(LinkStatus.LINK_STATUS_ARCHIVED)).isEqualTo(LinkStatus.LINK_STATUS_ARCHIVED);
        assertThat(scene.documents.held(contract, document)).isTrue();
        assertThat(set(LinkStatus.LINK_STATUS_ACTIVE)).isEqualTo(LinkStatus.LINK_STATUS_ACTIVE);
        assertThat(set(LinkStatus.LINK_STATUS_ACTIVE)).isEqualTo(LinkStatus.LINK_STATUS_ACTIVE);
        assertThat(set(LinkStatus.LINK_STATUS_ARCHIVED)).isEqualTo(LinkStatus.LINK_STATUS_ARCHIVED);
        assertThat(set(LinkStatus.LINK_STATUS_REVOKED)).isEqualTo(LinkStatus.LINK_STATUS_REVOKED);
        assertThat(scene.documents.held(contract, document)).isFalse();
    }

    @Test
    void revokedLinkComesBackByLinkingAlone() {
        scene.client().linkDocument(Scene.link(contract, document));
        set(LinkStatus.LINK_STATUS_REVOKED);

        assertThatCall(() -> set(LinkStatus.LINK_STATUS_ACTIVE))
                .fails(Code.FAILED_PRECONDITION, "ILLEGAL_STATUS_CHANGE")
                .hasMetadata("from", "revoked")
                .hasMetadata("to", "active");
        assertThatCall(() -> set(LinkStatus.LINK_STATUS_ARCHIVED))
                .fails(Code.FAILED_PRECONDITION, "ILLEGAL_STATUS_CHANGE");
        assertThat(set(LinkStatus.LINK_STATUS_REVOKED)).isEqualTo(LinkStatus.LINK_STATUS_REVOKED);
    }

    @Test
    void statusIsSaidExactlyOnce() {
        var neither = SetLinkStatusRequest.newBuilder().setId(contract).setDocumentId(document);
        var both = neither.clone()
                .setStatus(LinkStatus.LINK_STATUS_REVOKED)
                .setOperationStatusId(LinkStatus.LINK_STATUS_REVOKED);

        assertThatCall(() -> scene.client().setLinkStatus(neither.build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
        assertThatCall(() -> scene.client().setLinkStatus(both.build())).fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
        assertThatCall(() -> scene.client()
                        .setLinkStatus(
                                neither.clone().setOperationStatusIdValue(5).build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
        assertThatCall(() -> set(LinkStatus.LINK_STATUS_REVOKED)).fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void documentThatIsNotThereIsNotFound() {
        var others = scene.documents.add(Scene.OTHER_CLIENT, "чужой");

        assertThatCall(() -> scene.client().linkDocument(Scene.link(contract, 999_999)))
                .fails(Code.NOT_FOUND, "NOT_FOUND")
                .hasMetadata("document_id", "999999");
        assertThatCall(() -> scene.client().linkDocument(Scene.link(contract, others)))
                .fails(Code.NOT_FOUND, "NOT_FOUND")
                .hasMetadata("document_id", Long.toString(others));
        assertThat(scene.documents.held(contract, others)).isFalse();
    }

    @Test
    void anothersContractIsNotFound() {
        scene.client().linkDocument(Scene.link(contract, document));
        var other = scene.otherClient();

        assertThatCall(() -> other.linkDocument(Scene.link(contract, scene.documents.add(Scene.OTHER_CLIENT, "свой"))))
                .fails(Code.NOT_FOUND, "NOT_FOUND")
                .hasMetadata("contract_id", Long.toString(contract));
        assertThatCall(() -> other.setLinkStatus(Scene.status(contract, document, LinkStatus.LINK_STATUS_REVOKED)))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> other.listContractDocuments(list())).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThat(scene.documents.held(contract, document)).isTrue();
    }

    @Test
    void contractAndDocumentBelongToOneUser() {
        var others = scene.documents.add(Scene.OTHER_CLIENT, "чужой");

        assertThatCall(() -> scene.employee().linkDocument(Scene.link(contract, others)))
                .fails(Code.FAILED_PRECONDITION, "OWNER_MISMATCH");
        assertThat(scene.documents.held(contract, others)).isFalse();
    }

    @Test
    void archivedContractTakesNoNewLink() {
        scene.client().linkDocument(Scene.link(contract, document));
        archive();

        assertThatCall(() ->
                        scene.client().linkDocument(Scene.link(contract, scene.documents.add(Scene.CLIENT, "новый"))))
                .fails(Code.FAILED_PRECONDITION, "CONTRACT_ARCHIVED");
        assertThat(set(LinkStatus.LINK_STATUS_REVOKED)).isEqualTo(LinkStatus.LINK_STATUS_REVOKED);
    }

    @Test
    void conditionIsOnTheContract() {
        var stale = Scene.with(scene.client(), Headers.IF_MATCH, "\"0\"");
        assertThatCall(() -> stale.linkDocument(Scene.link(contract, document))).fails(Code.ABORTED, "ETAG_MISMATCH");
        assertThat(scene.documents.held(contract, document)).isFalse();

        scene.client().linkDocument(Scene.link(contract, document));
        assertThatCall(() -> stale.setLinkStatus(Scene.status(contract, document, LinkStatus.LINK_STATUS_REVOKED)))
                .fails(Code.ABORTED, "ETAG_MISMATCH");
        assertThat(scene.documents.held(contract, document)).isTrue();
    }

    @Test
    void refusalOfTheCallersTokenByDocumentServiceIsToldAsItIs() {
        var machine = scene.as(scene.identity.machine("abs", "contracts:read", "contracts:write"));

        assertThatCall(() -> machine.linkDocument(Scene.link(contract, document)))
                .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING")
                .hasMetadata("scopes", "documents:read");
        scene.client().linkDocument(Scene.link(contract, document));
        assertThatCall(() -> machine.listContractDocuments(list())).fails(Code.PERMISSION_DENIED, "SCOPE_MISSING");

        var reader = scene.as(scene.identity.machine("abs", "contracts:write", "documents:read"));
        assertThat(reader.linkDocument(Scene.link(contract, document)).getStatus())
                .isEqualTo(LinkStatus.LINK_STATUS_ACTIVE);
    }

    @Test
    void repeatUnderOneKeyIsAnsweredWithoutDocumentService() {
        var keyed = Scene.with(
                scene.client(), Headers.IDEMPOTENCY_KEY, UUID.randomUUID().toString());
        var first = keyed.linkDocument(Scene.link(contract, document));
        var calls = scene.documents.holdCalls.get();
        scene.documents.delete(document);

        assertThat(keyed.linkDocument(Scene.link(contract, document))).isEqualTo(first);
        assertThat(scene.documents.holdCalls).hasValue(calls);
    }

    @Test
    void dryRunLinksNothingHereAndHoldsNothingThere() {
        var dry = Scene.with(scene.client(), Headers.VALIDATE_ONLY, "true");

        assertThat(dry.linkDocument(Scene.link(contract, document)).getStatus())
                .isEqualTo(LinkStatus.LINK_STATUS_ACTIVE);
        assertThat(scene.documents.held(contract, document)).isFalse();
        assertThat(documents()).isEmpty();
        assertThatCall(() -> dry.linkDocument(Scene.link(contract, 999_999))).fails(Code.NOT_FOUND, "NOT_FOUND");

        scene.client().linkDocument(Scene.link(contract, document));
        assertThat(dry.setLinkStatus(Scene.status(contract, document, LinkStatus.LINK_STATUS_REVOKED))
                        .getNewStatus())
                .isEqualTo(LinkStatus.LINK_STATUS_REVOKED);
        assertThat(scene.documents.held(contract, document)).isTrue();
        assertThat(documents()).containsExactly(row("Договор аренды", LinkStatus.LINK_STATUS_ACTIVE));
    }

    @Test
    void deletedDocumentKeepsItsRevokedRow() {
        scene.client().linkDocument(Scene.link(contract, document));
        set(LinkStatus.LINK_STATUS_REVOKED);
        scene.documents.delete(document);

        assertThat(documents())
                .containsExactly(ContractDocument.newBuilder()
                        .setDocumentId(document)
                        .setStatus(LinkStatus.LINK_STATUS_REVOKED)
                        .build());
        assertThatCall(() -> scene.client().linkDocument(Scene.link(contract, document)))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void listsNewestLinkFirstPageByPage() {
        var linked = new ArrayList<Long>();
        for (var i = 0; i < 5; i++) {
            var id = scene.documents.add(Scene.CLIENT, "документ " + i);
            scene.client().linkDocument(Scene.link(contract, id));
            linked.addFirst(id);
        }
        var seen = new ArrayList<Long>();
        var request = list().toBuilder().setPageSize(2);
        do {
            var page = scene.client().listContractDocuments(request.build());
            assertThat(page.getContractId()).isEqualTo(contract);
            page.getDocumentsList().forEach(row -> seen.add(row.getDocumentId()));
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());

        assertThat(seen).isEqualTo(linked);
    }

    @Test
    void employeeListsLinksOfAnyContract() {
        var own = scene.employee()
                .createContract(CreateContractRequest.newBuilder()
                        .setUserId(Scene.CLIENT)
                        .build());
        scene.employee().linkDocument(Scene.link(own.getContractId(), document));

        assertThat(scene.employee()
                        .listContractDocuments(ListContractDocumentsRequest.newBuilder()
                                .setId(own.getContractId())
                                .build())
                        .getDocumentsList())
                .containsExactly(row("Договор аренды", LinkStatus.LINK_STATUS_ACTIVE));
    }

    private List<ContractDocument> documents() {
        return scene.client().listContractDocuments(list()).getDocumentsList();
    }

    private ListContractDocumentsRequest list() {
        return ListContractDocumentsRequest.newBuilder().setId(contract).build();
    }

    private ContractDocument row(String description, LinkStatus status) {
        return ContractDocument.newBuilder()
                .setDocumentId(document)
                .setDescription(description)
                .setLink("https://s3.test/" + document)
                .setStatus(status)
                .build();
    }

    private LinkStatus set(LinkStatus status) {
        return scene.client()
                .setLinkStatus(Scene.status(contract, document, status))
                .getNewStatus();
    }

    private void archive() {
        scene.client()
                .setContractStatus(SetContractStatusRequest.newBuilder()
                        .setId(contract)
                        .setStatus(ContractStatus.CONTRACT_STATUS_ARCHIVED)
                        .build());
    }
}
