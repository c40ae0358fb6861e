package bank.identity.rpc;

import bank.identity.domain.UserSessions;
import bank.identity.model.OpenSession;
import bank.identity.model.OpenSession.Place;
import bank.platform.auth.Principal;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.idempotency.Mutations;
import bank.platform.page.PageTokens;
import bank.v1.ListSessionsRequest;
import bank.v1.ListSessionsResponse;
import bank.v1.RevokeAllSessionsRequest;
import bank.v1.RevokeSessionRequest;
import bank.v1.Session;
import bank.v1.SessionServiceGrpc;
import com.google.protobuf.Empty;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/// `SessionService`: sessions as their users see and end them.
public final class SessionGrpcService extends SessionServiceGrpc.SessionServiceImplBase {
    private final UserSessions sessions;
    private final Mutations mutations;
    private final PageTokens pageTokens;

    /// @param mutations repeats and dry runs
    /// @param pageTokens seals of list positions
    public SessionGrpcService(UserSessions sessions, Mutations mutations, PageTokens pageTokens) {
        this.sessions = sessions;
        this.mutations = mutations;
        this.pageTokens = pageTokens;
    }

    @Override
    public void listSessions(ListSessionsRequest request, StreamObserver<ListSessionsResponse> observer) {
        var caller = (Principal.User) Call.current().principal();
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var position = pageTokens.position(request);
        var rows = sessions.list(
                caller,
                request.hasUserId() ? (Long) request.getUserId() : null,
                position == null ? Place.FIRST : place(position),
                size + 1);
        var page = pageTokens.cut(request, rows, size, session -> position(session.place()));
        Answer.one(
                observer,
                ListSessionsResponse.newBuilder()
                        .addAllSessions(page.map(session -> toProto(session, caller.session()))
                                .rows())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    @Override
    public void revokeSession(RevokeSessionRequest request, StreamObserver<Empty> observer) {
        var caller = (Principal.User) Call.current().principal();
        Answer.one(observer, mutations.run(request, Empty.getDefaultInstance(), tx -> {
            sessions.revoke(
                    tx,
                    caller,
                    request.hasUserId() ? (Long) request.getUserId() : null,
                    UUID.fromString(request.getSessionId()),
                    Callers.current());
            return Empty.getDefaultInstance();
        }));
    }

    @Override
    public void revokeAllSessions(RevokeAllSessionsRequest request, StreamObserver<Empty> observer) {
        var caller = (Principal.User) Call.current().principal();
        Answer.one(observer, mutations.run(request, Empty.getDefaultInstance(), tx -> {
            sessions.revokeAll(
                    tx,
                    caller,
                    request.hasUserId() ? (Long) request.getUserId() : null,
                    request.getKeepCurrent(),
                    Callers.current());
            return Empty.getDefaultInstance();
        }));
    }

    private static Session toProto(OpenSession session, String current) {
        var id = session.id().toString();
        return Session.newBuilder()
                .setId(id)
                .setClientId(session.clientId())
                .setClientName(session.clientName())
                .setAddress(session.origin().address())
                .setDevice(session.origin().agent())
                .setCreatedAt(IdentityProtos.toProto(session.createdAt()))
                .setLastUsedAt(IdentityProtos.toProto(session.lastUsedAt()))
                .setCurrent(id.equals(current))
                .build();
    }

    private static String position(Place place) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, place.createdAt()) + "/" + place.id();
    }

    private static Place place(String position) {
        var slash = position.indexOf('/');
        return new Place(
                Instant.EPOCH.plus(Long.parseLong(position.substring(0, slash)), ChronoUnit.MICROS),
                UUID.fromString(position.substring(slash + 1)));
    }
}
