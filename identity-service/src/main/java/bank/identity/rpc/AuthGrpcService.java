package bank.identity.rpc;

import bank.identity.domain.Passwords;
import bank.identity.domain.Registrations;
import bank.identity.domain.Sessions;
import bank.identity.domain.SignIns;
import bank.identity.model.OAuthClient;
import bank.identity.model.Password;
import bank.platform.auth.Principal;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.idempotency.Mutations;
import bank.v1.AuthServiceGrpc;
import bank.v1.ChangePasswordRequest;
import bank.v1.LoginRequest;
import bank.v1.LogoutRequest;
import bank.v1.RefreshRequest;
import bank.v1.RegisterRequest;
import bank.v1.TokenPair;
import bank.v1.User;
import com.google.protobuf.Empty;
import io.grpc.stub.StreamObserver;

/// `AuthService`: registration and sign-in with e-mail and password.
public final class AuthGrpcService extends AuthServiceGrpc.AuthServiceImplBase {
    private final Registrations registrations;
    private final SignIns signIns;
    private final Sessions sessions;
    private final Passwords passwords;
    private final Mutations mutations;
    private final SecretRepeats repeats;

    /// @param mutations repeats and dry runs
    /// @param repeats repeats of requests with passwords
    public AuthGrpcService(
            Registrations registrations,
            SignIns signIns,
            Sessions sessions,
            Passwords passwords,
            Mutations mutations,
            SecretRepeats repeats) {
        this.registrations = registrations;
        this.signIns = signIns;
        this.sessions = sessions;
        this.passwords = passwords;
        this.mutations = mutations;
        this.repeats = repeats;
    }

    @Override
    public void register(RegisterRequest request, StreamObserver<User> observer) {
        // Hashing takes long: it is done before the transaction takes a connection.
        var checked = registrations.check(IdentityProtos.registration(request), Callers.current());
        Answer.one(
                observer,
                mutations.run(
                        request,
                        User.getDefaultInstance(),
                        tx -> IdentityProtos.toProto(registrations.register(tx, checked, Callers.current()))));
    }

    @Override
    public void login(LoginRequest request, StreamObserver<TokenPair> observer) {
        var tokens = signIns.signIn(
                request.getEmail(), new Password(request.getPassword()), OAuthClient.DEFAULT_ID, Callers.current());
        Answer.one(observer, IdentityProtos.toProto(tokens));
    }

    @Override
    public void refresh(RefreshRequest request, StreamObserver<TokenPair> observer) {
        var tokens = sessions.refresh(request.getRefreshToken(), OAuthClient.DEFAULT_ID, Callers.current());
        Answer.one(observer, IdentityProtos.toProto(tokens));
    }

    @Override
    public void logout(LogoutRequest request, StreamObserver<Empty> observer) {
        var caller = (Principal.User) Call.current().principal();
        Answer.one(observer, mutations.run(request, Empty.getDefaultInstance(), tx -> {
            sessions.end(tx, caller.id(), caller.session(), Callers.current());
            return Empty.getDefaultInstance();
        }));
    }

    @Override
    public void changePassword(ChangePasswordRequest request, StreamObserver<Empty> observer) {
        var caller = (Principal.User) Call.current().principal();
        var none = Empty.getDefaultInstance();
        var repeat = repeats.of(none, request.getCurrentPassword(), request.getPassword());
        Answer.one(observer, mutations.replay(repeat, none).orElseGet(() -> {
            var checked = passwords.check(
                    caller,
                    new Password(request.getCurrentPassword()),
                    new Password(request.getPassword()),
                    Callers.current());
            return mutations.run(repeat, none, tx -> {
                passwords.change(tx, caller, checked, Callers.current());
                return none;
            });
        }));
    }
}
