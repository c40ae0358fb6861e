package bank.identity.rpc;

import bank.identity.domain.ClientRegistry;
import bank.identity.keys.ClientSecrets;
import bank.identity.model.ClientPlace;
import bank.identity.model.RegisteredClient;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.page.PageTokens;
import bank.v1.CreateOAuthClientRequest;
import bank.v1.DeleteOAuthClientRequest;
import bank.v1.GetOAuthClientRequest;
import bank.v1.ListOAuthClientsRequest;
import bank.v1.ListOAuthClientsResponse;
import bank.v1.OAuthClient;
import bank.v1.OAuthClientCredentials;
import bank.v1.OAuthClientServiceGrpc;
import bank.v1.RotateOAuthClientSecretRequest;
import bank.v1.UpdateOAuthClientRequest;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `bank.v1.OAuthClientService`.
public final class OAuthClientGrpcService extends OAuthClientServiceGrpc.OAuthClientServiceImplBase {
    private final ClientRegistry registry;
    private final ClientSecrets secrets;
    private final LiveMutations mutations;
    private final PageTokens pageTokens;

    /// @param secrets told once
    public OAuthClientGrpcService(
            ClientRegistry registry, ClientSecrets secrets, LiveMutations mutations, PageTokens pageTokens) {
        this.registry = registry;
        this.secrets = secrets;
        this.mutations = mutations;
        this.pageTokens = pageTokens;
    }

    @Override
    public void createOAuthClient(CreateOAuthClientRequest request, StreamObserver<OAuthClientCredentials> observer) {
        var type = OAuthClientProtos.type(request.getType());
        var details = OAuthClientProtos.details(request);
        var created = mutations.run(
                request,
                OAuthClientCredentials.getDefaultInstance(),
                tx -> OAuthClientProtos.credentials(
                        registry.create(tx, request.getId(), type, details, Callers.current())));
        Answer.one(observer, told(created));
    }

    @Override
    public void getOAuthClient(GetOAuthClientRequest request, StreamObserver<OAuthClient> observer) {
        Answer.one(observer, OAuthClientProtos.toProto(registry.get(request.getId())));
    }

    @Override
    public void listOAuthClients(ListOAuthClientsRequest request, StreamObserver<ListOAuthClientsResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var rows = registry.list(after(request), size + 1);
        var page = pageTokens.cut(request, rows, size, OAuthClientGrpcService::position);
        Answer.one(
                observer,
                ListOAuthClientsResponse.newBuilder()
                        .addAllClients(page.map(OAuthClientProtos::toProto).rows())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    @Override
    public void updateOAuthClient(UpdateOAuthClientRequest request, StreamObserver<OAuthClient> observer) {
        var canonical = OAuthClientProtos.canonical(request);
        var change = OAuthClientProtos.change(canonical);
        Answer.one(
                observer,
                mutations.run(
                        canonical,
                        OAuthClient.getDefaultInstance(),
                        tx -> OAuthClientProtos.toProto(
                                registry.update(tx, request.getId(), change, Callers.current()))));
    }

    @Override
    public void deleteOAuthClient(DeleteOAuthClientRequest request, StreamObserver<Empty> observer) {
        Answer.one(observer, mutations.run(request, Empty.getDefaultInstance(), tx -> {
            registry.delete(tx, request.getId(), Callers.current());
            return Empty.getDefaultInstance();
        }));
    }

    @Override
    public void rotateOAuthClientSecret(
            RotateOAuthClientSecretRequest request, StreamObserver<OAuthClientCredentials> observer) {
        var oldKept = Duration.ofSeconds(request.getOldSecretSeconds());
        var rotated = mutations.run(
                request,
                OAuthClientCredentials.getDefaultInstance(),
                tx -> OAuthClientProtos.credentials(
                        registry.rotateSecret(tx, request.getId(), oldKept, Callers.current())));
        Answer.one(observer, told(rotated));
    }

    /// The answer with the secret, which is derived anew for a repeat too.
    private OAuthClientCredentials told(OAuthClientCredentials kept) {
        var call = Call.current();
        call.answerHttp("Cache-Control", "no-store");
        return kept.getSecretId().isEmpty() || call.validateOnly()
                ? kept
                : kept.toBuilder()
                        .setSecret(secrets.secret(kept.getId(), UUID.fromString(kept.getSecretId())))
                        .build();
    }

    private static String position(RegisteredClient client) {
        return client.createdAt() + " " + client.client().id();
    }

    private @Nullable ClientPlace after(Message request) {
        var position = pageTokens.position(request);
        if (position == null) {
            return null;
        }
        var parts = position.split(" ", 2);
        return new ClientPlace(Instant.parse(parts[0]), parts[1]);
    }
}
