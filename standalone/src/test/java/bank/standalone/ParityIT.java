package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.edge.json.JsonCodec;
import bank.edge.json.JsonMode;
import bank.edge.route.ProtoFiles;
import bank.standalone.Http.Part;
import bank.testing.TestDocuments;
import bank.v1.AuthServiceGrpc;
import bank.v1.BatchGetDocumentsRequest;
import bank.v1.ChangePasswordRequest;
import bank.v1.ContractServiceGrpc;
import bank.v1.CreateContractRequest;
import bank.v1.CreateOrganizationRequest;
import bank.v1.DeleteDocumentRequest;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentServiceGrpc;
import bank.v1.DocumentStatus;
import bank.v1.GetContractRequest;
import bank.v1.GetDocumentHistoryRequest;
import bank.v1.GetDocumentRequest;
import bank.v1.GetMeRequest;
import bank.v1.GetUserRequest;
import bank.v1.LinkDocumentRequest;
import bank.v1.LinkStatus;
import bank.v1.ListContractDocumentsRequest;
import bank.v1.ListDocumentCategoriesRequest;
import bank.v1.ListOrganizationsRequest;
import bank.v1.ListUserDocumentsRequest;
import bank.v1.LoginRequest;
import bank.v1.LogoutRequest;
import bank.v1.OrganizationServiceGrpc;
import bank.v1.RegisterRequest;
import bank.v1.RevokeAllSessionsRequest;
import bank.v1.Role;
import bank.v1.SearchDocumentsRequest;
import bank.v1.SessionServiceGrpc;
import bank.v1.SetDocumentStatusRequest;
import bank.v1.SetLinkStatusRequest;
import bank.v1.SetUserRoleRequest;
import bank.v1.Sex;
import bank.v1.UpdateContractRequest;
import bank.v1.UpdateDocumentRequest;
import bank.v1.UpdateUserRequest;
import bank.v1.UserServiceGrpc;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The same story over HTTP/JSON, gRPC through the edge, gRPC to the services and gRPC-Web has the same
/// results: answers, failures with their reasons, entity tags, replays.
class ParityIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    @Test
    void everyWayOfCallingHasTheSameResults() throws InterruptedException {
        var http = new Http(bank.uri());
        var codec = new JsonCodec(JsonMode.HOUSE, ProtoFiles.bankV1()::message);
        var edge = channel(bank.uri().getPort());
        var identity = channel(bank.identityPort());
        var documents = channel(bank.documentPort());
        var contracts = channel(bank.contractPort());
        try {
            var json = story(http, new Caller.Json(http, codec));
            assertThat(json).hasSizeGreaterThan(25);
            assertThat(story(http, new Caller.Grpc(edge, codec))).isEqualTo(json);
            assertThat(story(http, new Services(identity, documents, contracts, codec)))
                    .isEqualTo(json);
            assertThat(story(http, new Caller.Web(http, codec, false))).isEqualTo(json);
            assertThat(story(http, new Caller.Web(http, codec, true))).isEqualTo(json);
        } finally {
            for (var channel : List.of(edge, identity, documents, contracts)) {
                channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
            }
        }
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    /// Each service called itself.
    private record Services(Channel identity, Channel documents, Channel contracts, JsonCodec codec) implements Caller {
        @Override
        public <Q extends Message, A extends Message> Answer call(
                MethodDescriptor<Q, A> method, Q request, String token, Map<String, String> headers) {
            var service = String.valueOf(method.getServiceName());
            var channel =
                    service.contains("Contract") ? contracts : service.contains("Document") ? documents : identity;
            return new Grpc(channel, codec).call(method, request, token, headers);
        }
    }

    private static List<String> story(Http http, Caller caller) {
        var tale = new Tale(caller);
        var email = "parity-" + UUID.randomUUID() + "@example.com";
        tale.tell(
                AuthServiceGrpc.getRegisterMethod(),
                RegisterRequest.newBuilder()
                        .setEmail(email)
                        .setPassword("short")
                        .build(),
                "");
        tale.tell(
                AuthServiceGrpc.getRegisterMethod(),
                RegisterRequest.newBuilder()
                        .setEmail(email)
                        .setPassword("Parity-Passw0rd-2026")
                        .setFirstName("Анна")
                        .setPhoneNumber("+79161234567")
                        .build(),
                "");
        tale.tell(
                AuthServiceGrpc.getRegisterMethod(),
                RegisterRequest.newBuilder()
                        .setEmail(email)
                        .setPassword("Parity-Passw0rd-2026")
                        .build(),
                "");
        tale.tell(
                AuthServiceGrpc.getLoginMethod(),
                LoginRequest.newBuilder()
                        .setEmail(email)
                        .setPassword("wrong-Passw0rd")
                        .build(),
                "");
        var token = tale.tell(
                        AuthServiceGrpc.getLoginMethod(),
                        LoginRequest.newBuilder()
                                .setEmail(email)
                                .setPassword("Parity-Passw0rd-2026")
                                .build(),
                        "")
                .path("access_token")
                .asText();
        var me = tale.tell(UserServiceGrpc.getGetMeMethod(), GetMeRequest.getDefaultInstance(), token)
                .at("/user/id")
                .asLong();
        tale.tell(UserServiceGrpc.getGetMeMethod(), GetMeRequest.getDefaultInstance(), "");
        tale.tell(UserServiceGrpc.getGetMeMethod(), GetMeRequest.getDefaultInstance(), "not.a.token");

        tellAdministration(tale, me, token);

        var employee = http.token("employee@demo.test", RunningBank.PASSWORD);
        var document = http.multipart(
                        "POST",
                        "/v1/dbo/documents",
                        token,
                        List.of(
                                Part.file("file", "скан.png", TestDocuments.bytes("scan.png")),
                                Part.field("description", "Скан")))
                .expect(201)
                .json()
                .path("document_id")
                .asLong();
        var get = GetDocumentRequest.newBuilder().setId(document).build();
        var review = DocumentReviewServiceGrpc.getGetDocumentMethod();
        tale.tell(review, get, token);
        tale.tell(review, get, http.token("client2@demo.test", RunningBank.PASSWORD));
        tale.tell(review, GetDocumentRequest.newBuilder().setId(-5).build(), token);
        tale.tell(
                DocumentServiceGrpc.getListUserDocumentsMethod(),
                ListUserDocumentsRequest.newBuilder()
                        .setUserId(me)
                        .setPageSize(10)
                        .build(),
                token);
        tale.tell(
                DocumentServiceGrpc.getListUserDocumentsMethod(),
                ListUserDocumentsRequest.newBuilder()
                        .setUserId(me)
                        .setPageSize(201)
                        .build(),
                token);
        tale.tell(
                DocumentServiceGrpc.getListDocumentCategoriesMethod(),
                ListDocumentCategoriesRequest.getDefaultInstance(),
                token);
        var update = UpdateDocumentRequest.newBuilder()
                .setId(document)
                .setDescription("Новое")
                .build();
        tale.tell(DocumentServiceGrpc.getUpdateDocumentMethod(), update, token, Map.of("if-match", "\"999\""));
        tale.tell(DocumentServiceGrpc.getUpdateDocumentMethod(), update, token, Map.of("validate-only", "true"));
        var key = Map.of("idempotency-key", UUID.randomUUID().toString());
        tale.tell(DocumentServiceGrpc.getUpdateDocumentMethod(), update, token, key);
        tale.tell(DocumentServiceGrpc.getUpdateDocumentMethod(), update, token, key);
        tale.tell(
                DocumentServiceGrpc.getUpdateDocumentMethod(),
                update.toBuilder().setDescription("Другое").build(),
                token,
                key);
        tale.tell(
                DocumentServiceGrpc.getUpdateDocumentMethod(),
                update.toBuilder().setCategory("Рецепты").build(),
                token);
        tale.tell(
                DocumentReviewServiceGrpc.getSearchDocumentsMethod(),
                SearchDocumentsRequest.newBuilder().setUserId(me).build(),
                token);
        tale.tell(
                DocumentReviewServiceGrpc.getSearchDocumentsMethod(),
                SearchDocumentsRequest.newBuilder()
                        .setUserId(me)
                        .setStatus(DocumentStatus.DOCUMENT_STATUS_PENDING)
                        .build(),
                employee);
        for (var status : List.of(DocumentStatus.DOCUMENT_STATUS_ARCHIVED, DocumentStatus.DOCUMENT_STATUS_PROCESSING)) {
            tale.tell(
                    DocumentReviewServiceGrpc.getSetDocumentStatusMethod(),
                    SetDocumentStatusRequest.newBuilder()
                            .setId(document)
                            .setStatus(status)
                            .build(),
                    employee);
        }
        tale.tell(
                DocumentReviewServiceGrpc.getGetDocumentHistoryMethod(),
                GetDocumentHistoryRequest.newBuilder().setId(document).build(),
                token);
        tale.tell(
                DocumentServiceGrpc.getBatchGetDocumentsMethod(),
                BatchGetDocumentsRequest.newBuilder().addIds(document).build(),
                token);

        var contract = tale.tell(
                        ContractServiceGrpc.getCreateContractMethod(),
                        CreateContractRequest.newBuilder()
                                .setDescription("Контракт")
                                .build(),
                        token)
                .path("contract_id")
                .asLong();
        tale.tell(
                ContractServiceGrpc.getCreateContractMethod(),
                CreateContractRequest.newBuilder().setUserId(999_999_999).build(),
                employee);
        tale.tell(
                ContractServiceGrpc.getGetContractMethod(),
                GetContractRequest.newBuilder().setId(contract).build(),
                token);
        tale.tell(
                ContractServiceGrpc.getUpdateContractMethod(),
                UpdateContractRequest.newBuilder()
                        .setId(contract)
                        .setDescription("Иной")
                        .build(),
                token);
        tale.tell(
                ContractServiceGrpc.getLinkDocumentMethod(),
                LinkDocumentRequest.newBuilder()
                        .setId(contract)
                        .setDocumentId(document)
                        .build(),
                token);
        tale.tell(
                ContractServiceGrpc.getListContractDocumentsMethod(),
                ListContractDocumentsRequest.newBuilder().setId(contract).build(),
                token);
        tale.tell(
                DocumentServiceGrpc.getDeleteDocumentMethod(),
                DeleteDocumentRequest.newBuilder().setId(document).build(),
                token);
        tale.tell(
                ContractServiceGrpc.getSetLinkStatusMethod(),
                SetLinkStatusRequest.newBuilder()
                        .setId(contract)
                        .setDocumentId(document)
                        .build(),
                token);
        tale.tell(
                ContractServiceGrpc.getSetLinkStatusMethod(),
                SetLinkStatusRequest.newBuilder()
                        .setId(contract)
                        .setDocumentId(document)
                        .setOperationStatusId(LinkStatus.LINK_STATUS_REVOKED)
                        .build(),
                token);
        tale.tell(AuthServiceGrpc.getLogoutMethod(), LogoutRequest.getDefaultInstance(), token);
        return tale.lines();
    }

    private static void tellAdministration(Tale tale, long me, String token) {
        var change = UpdateUserRequest.newBuilder()
                .setId(me)
                .setAddress("Москва,\nАрбат, 1")
                .setTaxNumber("500100732259")
                .setSex(Sex.SEX_FEMALE)
                .build();
        tale.tell(UserServiceGrpc.getUpdateUserMethod(), change, token);
        tale.tell(
                UserServiceGrpc.getUpdateUserMethod(),
                change.toBuilder().setTaxNumber("500100732258").build(),
                token);
        tale.tell(
                UserServiceGrpc.getUpdateUserMethod(),
                UpdateUserRequest.newBuilder()
                        .setId(me)
                        .setUpdateMask(FieldMask.newBuilder().addPaths("tax_number"))
                        .build(),
                token);
        tale.tell(
                UserServiceGrpc.getGetUserMethod(),
                GetUserRequest.newBuilder().setId(1).build(),
                token);
        tale.tell(
                UserServiceGrpc.getSetUserRoleMethod(),
                SetUserRoleRequest.newBuilder()
                        .setId(me)
                        .setRole(Role.ROLE_ADMIN)
                        .build(),
                token);
        tale.tell(
                SessionServiceGrpc.getRevokeAllSessionsMethod(),
                RevokeAllSessionsRequest.newBuilder().setKeepCurrent(true).build(),
                token);
        tale.tell(
                OrganizationServiceGrpc.getCreateOrganizationMethod(),
                CreateOrganizationRequest.newBuilder().setName("ООО «Ромашка»").build(),
                token);
        tale.tell(
                OrganizationServiceGrpc.getListOrganizationsMethod(),
                ListOrganizationsRequest.getDefaultInstance(),
                token);
        tale.tell(
                AuthServiceGrpc.getChangePasswordMethod(),
                ChangePasswordRequest.newBuilder()
                        .setCurrentPassword("Parity-Passw0rd-2025")
                        .setPassword("Parity-Passw0rd-2027")
                        .build(),
                token);
    }
}
