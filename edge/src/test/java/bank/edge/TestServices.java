package bank.edge;

import bank.platform.failure.Failure;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.v1.ApiVersion;
import bank.v1.ApiVersionState;
import bank.v1.AuthServiceGrpc;
import bank.v1.BatchUploadDocumentsRequest;
import bank.v1.BatchUploadDocumentsResponse;
import bank.v1.Contract;
import bank.v1.ContractServiceGrpc;
import bank.v1.ContractStatus;
import bank.v1.CreateContractRequest;
import bank.v1.Document;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentSearchResult;
import bank.v1.DocumentStatus;
import bank.v1.GetContractRequest;
import bank.v1.GetDocumentRequest;
import bank.v1.ListApiVersionsRequest;
import bank.v1.ListApiVersionsResponse;
import bank.v1.LoginRequest;
import bank.v1.LogoutRequest;
import bank.v1.OAuthServiceGrpc;
import bank.v1.RawHttpRequest;
import bank.v1.SearchDocumentsRequest;
import bank.v1.SearchDocumentsResponse;
import bank.v1.SetDocumentStatusRequest;
import bank.v1.SetDocumentStatusResponse;
import bank.v1.TokenPair;
import bank.v1.VersionServiceGrpc;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The other services as far as the edge can tell.
final class TestServices {
    private TestServices() {}

    static final class OAuth extends OAuthServiceGrpc.OAuthServiceImplBase {
        private static final String FORWARDING = "grant_type=client_credentials&scope=calls%3Aforward";

        /// Tokens that were exchanged.
        final List<String> exchanged = new CopyOnWriteArrayList<>();

        /// Why none is exchanged; empty: they are.
        volatile String refusal = "";

        /// The token given last.
        volatile String given = "";

        /// How many of the next tokens are signed by a key that was withdrawn since.
        final AtomicInteger withdrawn = new AtomicInteger();

        /// The page asked for last.
        volatile RawHttpRequest page = RawHttpRequest.getDefaultInstance();

        private final TestTokens tokens;

        OAuth(TestTokens tokens) {
            this.tokens = tokens;
        }

        @Override
        public void exchange(RawHttpRequest request, StreamObserver<HttpBody> answer) {
            var body = HttpBody.newBuilder().setContentType("application/json");
            if (request.getPath().equals("/.well-known/jwks.json")) {
                body.setData(ByteString.copyFromUtf8(tokens.keySet()));
            } else if (request.getBody().toStringUtf8().contains("&subject_token=")
                    || request.getBody().toStringUtf8().startsWith("subject_token=")) {
                body.setData(ByteString.copyFromUtf8(exchange(request.getBody().toStringUtf8())));
            } else if (request.getBody().toStringUtf8().equals(FORWARDING)) {
                body.setData(ByteString.copyFromUtf8(
                        "{\"access_token\":\"" + good(tokens.machine("calls:forward")) + "\",\"expires_in\":600}"));
            } else if (request.getPath().equals("/oauth2/authorize")) {
                page = request;
                Call.current().answerHttp("Set-Cookie", "sign-in=a; Path=/oauth2");
                body.setContentType("text/html; charset=utf-8")
                        .setData(ByteString.copyFromUtf8("<!DOCTYPE html>" + request.getMethod()));
            } else {
                Call.current().answerStatus(400);
                Call.current().answerHttp("Cache-Control", "no-store");
                Call.current().answerHttp("Retry-After", "7");
                body.setData(ByteString.copyFromUtf8("{\"error\":\"invalid_grant\",\"body\":\""
                        + request.getBody().toStringUtf8() + "\",\"query\":\"" + request.getQuery() + "\"}"));
            }
            Answer.one(answer, body.build());
        }

        private String good(String token) {
            return withdrawn.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? tokens.forged() : token;
        }

        private String exchange(String form) {
            if (!refusal.isEmpty()) {
                return "{\"error\":\"invalid_request\",\"error_description\":\"" + refusal + "\"}";
            }
            exchanged.add(form.replaceFirst("(.*&)?subject_token=([^&]*).*", "$2"));
            given = good(tokens.client());
            return "{\"access_token\":\"" + given + "\",\"expires_in\":300}";
        }
    }

    static final class Versions extends VersionServiceGrpc.VersionServiceImplBase {
        /// The only version there is.
        volatile ApiVersion v1 = ApiVersion.newBuilder()
                .setVersion("v1")
                .setState(ApiVersionState.API_VERSION_STATE_ACTIVE)
                .build();

        @Override
        public void listApiVersions(ListApiVersionsRequest request, StreamObserver<ListApiVersionsResponse> answer) {
            Answer.one(
                    answer, ListApiVersionsResponse.newBuilder().addVersions(v1).build());
        }
    }

    static final class Auth extends AuthServiceGrpc.AuthServiceImplBase {
        @Override
        public void login(LoginRequest request, StreamObserver<TokenPair> answer) {
            if (request.getPassword().equals("wrong")) {
                throw Failure.of(Status.Code.UNAUTHENTICATED, "BAD_CREDENTIALS", "e-mail или пароль неверны")
                        .exception();
            }
            Answer.one(
                    answer,
                    TokenPair.newBuilder()
                            .setAccessToken(request.getEmail())
                            .setTokenType(String.valueOf(Call.current().header("authorization")))
                            .build());
        }

        @Override
        public void logout(LogoutRequest request, StreamObserver<Empty> answer) {
            Answer.one(answer, Empty.getDefaultInstance());
        }
    }

    static final class Contracts extends ContractServiceGrpc.ContractServiceImplBase {
        /// GetContract with this id never answers; completed when its call is cancelled.
        static final long SILENT = 9;

        final CompletableFuture<Void> silentCancelled = new CompletableFuture<>();

        /// What the last CreateContract had left of its time, an hour at most.
        volatile Duration left = Duration.ZERO;

        @Override
        public void createContract(CreateContractRequest request, StreamObserver<Contract> answer) {
            left = Call.timeLeft(Duration.ofHours(1));
            if ("in-use".equals(Call.current().header("idempotency-key"))) {
                throw Failure.of(Status.Code.ABORTED, "KEY_IN_USE", "still running")
                        .retryAfter(Duration.ofMillis(1500))
                        .exception();
            }
            if ("bug".equals(request.getDescription())) {
                throw new IllegalStateException("SELECT secret FROM vault");
            }
            Call.current().answer("idempotency-replayed", "true");
            Answer.one(
                    answer,
                    Contract.newBuilder()
                            .setContractId(102)
                            .setUserId(request.getUserId())
                            .setDescription(request.getDescription())
                            .setStatus(ContractStatus.CONTRACT_STATUS_DRAFT)
                            .setEtag("1")
                            .build());
        }

        @Override
        public void getContract(GetContractRequest request, StreamObserver<Contract> answer) {
            if (request.getId() != SILENT) {
                Answer.one(
                        answer,
                        Contract.newBuilder()
                                .setContractId(request.getId())
                                .setEtag("5")
                                .build());
                return;
            }
            var cancelled = new CountDownLatch(1);
            io.grpc.Context.current()
                    .addListener(
                            _ -> {
                                silentCancelled.complete(null);
                                cancelled.countDown();
                            },
                            Runnable::run);
            try {
                cancelled.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static final class Reviews extends DocumentReviewServiceGrpc.DocumentReviewServiceImplBase {
        /// `traceparent` and `tracestate` of the last GetDocument.
        volatile String trace = "";

        /// `authorization`, `dpop` and `x-bank-caller-service` of the last GetDocument.
        volatile List<String> possession = List.of();

        @Override
        public void getDocument(GetDocumentRequest request, StreamObserver<Document> answer) {
            trace = Call.current().header("traceparent") + " " + Call.current().header("tracestate");
            possession = Stream.of("authorization", "dpop", "x-bank-caller-service")
                    .map(name -> String.valueOf(Call.current().header(name)))
                    .toList();
            if (request.getId() == 404) {
                throw Failure.notFound("document").exception();
            }
            Answer.one(
                    answer,
                    Document.newBuilder()
                            .setId(request.getId())
                            .setDescription(String.valueOf(Call.current().header("x-request-id")))
                            .setFileName(String.valueOf(Call.current().header("x-client-address")))
                            .setStatus(DocumentStatus.DOCUMENT_STATUS_PENDING)
                            .setEtag("3")
                            .build());
        }

        @Override
        public void searchDocuments(SearchDocumentsRequest request, StreamObserver<SearchDocumentsResponse> answer) {
            Answer.one(
                    answer,
                    SearchDocumentsResponse.newBuilder()
                            .addResults(DocumentSearchResult.newBuilder()
                                    .setId(request.getPageSize())
                                    .setDescription(request.getText())
                                    .setStatus(request.getStatus())
                                    .setUploadDate(request.getUploadedFrom()))
                            .build());
        }

        @Override
        public void setDocumentStatus(
                SetDocumentStatusRequest request, StreamObserver<SetDocumentStatusResponse> answer) {
            if ("\"old\"".equals(Call.current().header("if-match"))) {
                throw Failure.of(Status.Code.ABORTED, "ETAG_MISMATCH", "changed since")
                        .exception();
            }
            Answer.one(
                    answer,
                    SetDocumentStatusResponse.newBuilder()
                            .setDocumentId(request.getId())
                            .setNewStatus(request.getStatus())
                            .setUpdatedBy(request.getWorkerId())
                            .build());
        }

        @Override
        public StreamObserver<BatchUploadDocumentsRequest> batchUploadDocuments(
                StreamObserver<BatchUploadDocumentsResponse> answer) {
            return new StreamObserver<>() {
                private final BatchUploadDocumentsResponse.Builder result = BatchUploadDocumentsResponse.newBuilder();
                private final Map<String, Long> documents = new java.util.LinkedHashMap<>();

                @Override
                public void onNext(BatchUploadDocumentsRequest message) {
                    message.getForm()
                            .getDocumentsList()
                            .forEach(document -> documents.put(document.getDescription(), document.getUserId()));
                    if (message.hasFile()) {
                        result.setProcessedCount(result.getProcessedCount() + 1);
                    }
                }

                @Override
                public void onError(Throwable cause) {
                    // Cancelled: nothing is kept.
                }

                @Override
                public void onCompleted() {
                    documents.values().forEach(result::addDocumentIds);
                    Answer.one(answer, result.build());
                }
            };
        }
    }
}
