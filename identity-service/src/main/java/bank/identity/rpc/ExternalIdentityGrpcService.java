package bank.identity.rpc;

import bank.identity.domain.ExternalIdentities;
import bank.platform.grpc.Answer;
import bank.platform.page.PageTokens;
import bank.v1.ExternalIdentity;
import bank.v1.ExternalIdentityServiceGrpc;
import bank.v1.GetExternalIdentityRequest;
import bank.v1.LinkExternalIdentityRequest;
import bank.v1.ListExternalIdentitiesRequest;
import bank.v1.ListExternalIdentitiesResponse;
import bank.v1.UnlinkExternalIdentityRequest;
import com.google.protobuf.Empty;
import io.grpc.stub.StreamObserver;

/// `ExternalIdentityService`: users' accounts at other issuers.
public final class ExternalIdentityGrpcService extends ExternalIdentityServiceGrpc.ExternalIdentityServiceImplBase {
    private final ExternalIdentities identities;
    private final LiveMutations mutations;
    private final PageTokens pageTokens;

    /// @param mutations repeats and dry runs
    public ExternalIdentityGrpcService(ExternalIdentities identities, LiveMutations mutations, PageTokens pageTokens) {
        this.identities = identities;
        this.mutations = mutations;
        this.pageTokens = pageTokens;
    }

    @Override
    public void linkExternalIdentity(LinkExternalIdentityRequest request, StreamObserver<ExternalIdentity> observer) {
        Answer.one(
                observer,
                mutations.run(
                        request,
                        ExternalIdentity.getDefaultInstance(),
                        tx -> toProto(identities.link(
                                tx,
                                request.getUserId(),
                                request.getIssuer(),
                                request.getSubject(),
                                Callers.current()))));
    }

    @Override
    public void unlinkExternalIdentity(UnlinkExternalIdentityRequest request, StreamObserver<Empty> observer) {
        Answer.one(observer, mutations.run(request, Empty.getDefaultInstance(), tx -> {
            identities.unlink(tx, request.getId(), Callers.current());
            return Empty.getDefaultInstance();
        }));
    }

    @Override
    public void getExternalIdentity(GetExternalIdentityRequest request, StreamObserver<ExternalIdentity> observer) {
        Answer.one(observer, toProto(identities.get(request.getId())));
    }

    @Override
    public void listExternalIdentities(
            ListExternalIdentitiesRequest request, StreamObserver<ListExternalIdentitiesResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var position = pageTokens.position(request);
        var before = position == null ? Long.MAX_VALUE : Long.parseLong(position);
        var rows = identities.list(request.getUserId(), before, size + 1);
        var page = pageTokens.cut(request, rows, size, identity -> Long.toString(identity.id()));
        Answer.one(
                observer,
                ListExternalIdentitiesResponse.newBuilder()
                        .addAllIdentities(
                                page.map(ExternalIdentityGrpcService::toProto).rows())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    private static ExternalIdentity toProto(bank.identity.model.ExternalIdentity identity) {
        return ExternalIdentity.newBuilder()
                .setId(identity.id())
                .setUserId(identity.userId())
                .setIssuer(identity.issuer())
                .setSubject(identity.subject())
                .setProvisioned(identity.provisioned())
                .setEmail(identity.email())
                .setCreatedAt(IdentityProtos.toProto(identity.createdAt()))
                .build();
    }
}
