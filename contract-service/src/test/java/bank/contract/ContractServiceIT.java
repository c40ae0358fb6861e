package bank.contract;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Headers;
import bank.testing.PostgresExtension;
import bank.v1.Contract;
import bank.v1.ContractServiceGrpc;
import bank.v1.ContractStatus;
import bank.v1.CreateContractRequest;
import bank.v1.GetContractRequest;
import bank.v1.ListContractsRequest;
import bank.v1.Role;
import bank.v1.SetContractStatusRequest;
import bank.v1.UpdateContractRequest;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractServiceIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = new Scene(postgres);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void createsDraftOfClientHimself() {
        var contract = scene.client()
                .createContract(CreateContractRequest.newBuilder()
                        .setUserId(Scene.CLIENT)
                        .setDescription("Контракт на обслуживание")
                        .build());

        assertThat(contract.getContractId()).isPositive();
        assertThat(contract.getUserId()).isEqualTo(Scene.CLIENT);
        assertThat(contract.getStatus()).isEqualTo(ContractStatus.CONTRACT_STATUS_DRAFT);
        assertThat(contract.getDescription()).isEqualTo("Контракт на обслуживание");
        assertThat(contract.getEtag()).isNotEmpty();
        assertThat(get(contract)).isEqualTo(contract);
    }

    @Test
    void staffAndMachinesCreateForAnyKnownUser() {
        var request =
                CreateContractRequest.newBuilder().setUserId(Scene.OTHER_CLIENT).build();
        var machine = scene.as(scene.identity.machine("abs-integration", "contracts:write"));

        assertThat(scene.employee().createContract(request).getUserId()).isEqualTo(Scene.OTHER_CLIENT);
        assertThat(machine.createContract(request).getUserId()).isEqualTo(Scene.OTHER_CLIENT);
    }

    @Test
    void refusesContractOfNobodyKnown() {
        assertThatCall(() -> scene.employee()
                        .createContract(CreateContractRequest.newBuilder()
                                .setUserId(999)
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "UNKNOWN_USER")
                .hasFieldViolation("user_id");
        assertThatCall(() -> scene.employee().createContract(CreateContractRequest.getDefaultInstance()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("user_id");
    }

    @Test
    void clientCreatesForHimselfOnly() {
        assertThatCall(() -> scene.client()
                        .createContract(CreateContractRequest.newBuilder()
                                .setUserId(Scene.OTHER_CLIENT)
                                .build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void takesDescriptionUpToItsLimit() {
        var longest = CreateContractRequest.newBuilder().setDescription("я".repeat(1000));
        assertThat(scene.client().createContract(longest.build()).getDescription())
                .hasSize(1000);
        assertThatCall(() -> scene.client()
                        .createContract(longest.setDescription("я".repeat(1001)).build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("description");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0001", "a\bb", "\u000B", "\u001B[31m", "\u007F", "\u0085", "\u009F"})
    void refusesControlCharacters(String description) {
        assertThatCall(() -> scene.client()
                        .createContract(CreateContractRequest.newBuilder()
                                .setDescription(description)
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("description");
        var id = scene.client()
                .createContract(CreateContractRequest.getDefaultInstance())
                .getContractId();
        assertThatCall(() -> scene.client()
                        .updateContract(UpdateContractRequest.newBuilder()
                                .setId(id)
                                .setDescription(description)
                                .build()))
                .hasFieldViolation("description");
    }

    @Test
    void takesLinesAndTabs() {
        var description = "Договор аренды\r\n\t№ 7 \u00A0";
        assertThat(scene.client()
                        .createContract(CreateContractRequest.newBuilder()
                                .setDescription(description)
                                .build())
                        .getDescription())
                .isEqualTo(description);
    }

    @Test
    void refusesTextNoDatabaseTakes() {
        assertThatCall(() -> scene.client()
                        .createContract(CreateContractRequest.newBuilder()
                                .setDescription("a\0b")
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
    }

    @Test
    void anothersContractIsNotFound() {
        var id = scene.contract().getContractId();
        var other = scene.otherClient();

        assertThatCall(() -> other.getContract(
                        GetContractRequest.newBuilder().setId(id).build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> other.updateContract(UpdateContractRequest.newBuilder()
                        .setId(id)
                        .setDescription("mine")
                        .build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> other.setContractStatus(status(id, ContractStatus.CONTRACT_STATUS_ACTIVE)))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> other.listContracts(ListContractsRequest.newBuilder()
                        .setUserId(Scene.CLIENT)
                        .build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void refusesCallersWithoutTokenOrScope() {
        var request = GetContractRequest.newBuilder().setId(1).build();

        assertThatCall(() -> ContractServiceGrpc.newBlockingStub(scene.channel).getContract(request))
                .fails(Code.UNAUTHENTICATED, "TOKEN_MISSING");
        assertThatCall(() -> scene.as("forged").getContract(request)).fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        assertThatCall(() -> scene.as(scene.identity.machine("abs", "documents:read"))
                        .getContract(request))
                .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING");
        assertThatCall(() -> scene.as(scene.identity.machine("abs", "contracts:read"))
                        .createContract(CreateContractRequest.newBuilder()
                                .setUserId(Scene.CLIENT)
                                .build()))
                .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING");
    }

    @Test
    void listsNewestFirstPageByPage() {
        var user = 5_001L;
        scene.identity.users.add(user);
        var created = new ArrayList<Long>();
        for (var i = 0; i < 5; i++) {
            created.addFirst(scene.employee()
                    .createContract(
                            CreateContractRequest.newBuilder().setUserId(user).build())
                    .getContractId());
        }
        var seen = new ArrayList<Long>();
        var request = ListContractsRequest.newBuilder().setUserId(user).setPageSize(2);
        do {
            var page = scene.employee().listContracts(request.build());
            assertThat(page.getContractsCount()).isBetween(1, 2);
            page.getContractsList().forEach(contract -> seen.add(contract.getContractId()));
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());

        assertThat(seen).isEqualTo(created);
        var own = scene.as(scene.identity.user(user, Role.ROLE_CLIENT));
        assertThat(own.listContracts(ListContractsRequest.getDefaultInstance()).getContractsList())
                .extracting(Contract::getContractId)
                .isEqualTo(created);
    }

    @Test
    void filtersByStatus() {
        var user = 5_002L;
        var own = scene.as(scene.identity.user(user, Role.ROLE_CLIENT));
        own.createContract(CreateContractRequest.getDefaultInstance());
        var active = own.createContract(CreateContractRequest.getDefaultInstance());
        own.setContractStatus(status(active.getContractId(), ContractStatus.CONTRACT_STATUS_ACTIVE));

        var request = ListContractsRequest.newBuilder().setStatus(ContractStatus.CONTRACT_STATUS_ACTIVE);

        assertThat(own.listContracts(request.build()).getContractsList())
                .extracting(Contract::getContractId)
                .containsExactly(active.getContractId());
        assertThat(scene.employee()
                        .listContracts(request.setUserId(user).build())
                        .getContractsList())
                .extracting(Contract::getContractId)
                .containsExactly(active.getContractId());
    }

    @Test
    void pageTokenHoldsForItsCallerAndFilterOnly() {
        scene.contract();
        scene.contract();
        var first = ListContractsRequest.newBuilder().setPageSize(1);
        var token = scene.client().listContracts(first.build()).getNextPageToken();

        assertThatCall(() -> scene.otherClient()
                        .listContracts(first.clone().setPageToken(token).build()))
                .fails(Code.INVALID_ARGUMENT, "PAGE_TOKEN");
        assertThatCall(() -> scene.client()
                        .listContracts(first.clone()
                                .setStatus(ContractStatus.CONTRACT_STATUS_DRAFT)
                                .setPageToken(token)
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "PAGE_TOKEN");
    }

    @Test
    void updatesDescriptionUnderNewEtag() {
        var contract = scene.contract();
        var update = UpdateContractRequest.newBuilder()
                .setId(contract.getContractId())
                .setDescription("")
                .build();
        var conditional = Scene.with(scene.client(), Headers.IF_MATCH, "\"" + contract.getEtag() + "\"");

        var updated = conditional.updateContract(update);

        assertThat(updated.getDescription()).isEmpty();
        assertThat(updated.getEtag()).isNotEqualTo(contract.getEtag());
        assertThatCall(() -> conditional.updateContract(update)).fails(Code.ABORTED, "ETAG_MISMATCH");
        assertThatCall(() -> conditional.setContractStatus(
                        status(contract.getContractId(), ContractStatus.CONTRACT_STATUS_ACTIVE)))
                .fails(Code.ABORTED, "ETAG_MISMATCH");
        assertThatCall(() -> scene.client()
                        .updateContract(UpdateContractRequest.newBuilder()
                                .setId(contract.getContractId())
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("description");
    }

    @ParameterizedTest
    @CsvSource({
        "ACTIVE, true, ARCHIVED, true",
        "ARCHIVED, true, ACTIVE, false",
        "ARCHIVED, true, ARCHIVED, false",
        "ACTIVE, true, DRAFT, false",
        "ACTIVE, true, ACTIVE, false",
        "DRAFT, false, ACTIVE, true",
    })
    void movesForwardOnly(String first, boolean firstAllowed, String second, boolean secondAllowed) {
        var id = scene.contract().getContractId();
        expect(id, first, firstAllowed);
        expect(id, second, secondAllowed);
    }

    private static void expect(long id, String status, boolean allowed) {
        var request = status(id, ContractStatus.valueOf("CONTRACT_STATUS_" + status));
        if (allowed) {
            assertThat(scene.client().setContractStatus(request).getStatus()).isEqualTo(request.getStatus());
        } else {
            assertThatCall(() -> scene.client().setContractStatus(request))
                    .fails(Code.FAILED_PRECONDITION, "ILLEGAL_STATUS_CHANGE")
                    .hasPreconditionViolation("STATUS");
        }
    }

    @Test
    void archivedContractTakesNoNewDescription() {
        var id = scene.contract().getContractId();
        scene.client().setContractStatus(status(id, ContractStatus.CONTRACT_STATUS_ARCHIVED));

        assertThatCall(() -> scene.client()
                        .updateContract(UpdateContractRequest.newBuilder()
                                .setId(id)
                                .setDescription("late")
                                .build()))
                .fails(Code.FAILED_PRECONDITION, "CONTRACT_ARCHIVED");
    }

    @Test
    void repeatUnderOneKeyGetsFirstAnswerWithoutAskingAgain() {
        var keyed = Scene.with(
                scene.employee(), Headers.IDEMPOTENCY_KEY, UUID.randomUUID().toString());
        var request = CreateContractRequest.newBuilder().setUserId(Scene.CLIENT).build();
        var first = keyed.createContract(request);
        var lookups = scene.identity.lookups.get();

        assertThat(keyed.createContract(request)).isEqualTo(first);
        assertThat(scene.identity.lookups).hasValue(lookups);
        assertThatCall(() -> keyed.createContract(
                        request.toBuilder().setDescription("another").build()))
                .fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
    }

    @Test
    void dryRunChecksEverythingAndChangesNothing() {
        var user = 5_003L;
        scene.identity.users.add(user);
        var dry = Scene.with(scene.employee(), Headers.VALIDATE_ONLY, "true");

        assertThat(dry.createContract(CreateContractRequest.newBuilder()
                                .setUserId(user)
                                .build())
                        .getUserId())
                .isEqualTo(user);
        assertThatCall(() -> dry.createContract(
                        CreateContractRequest.newBuilder().setUserId(998).build()))
                .fails(Code.INVALID_ARGUMENT, "UNKNOWN_USER");
        assertThat(scene.employee()
                        .listContracts(ListContractsRequest.newBuilder()
                                .setUserId(user)
                                .build())
                        .getContractsList())
                .isEmpty();
    }

    private static Contract get(Contract contract) {
        return scene.client()
                .getContract(GetContractRequest.newBuilder()
                        .setId(contract.getContractId())
                        .build());
    }

    private static SetContractStatusRequest status(long id, ContractStatus status) {
        return SetContractStatusRequest.newBuilder().setId(id).setStatus(status).build();
    }
}
