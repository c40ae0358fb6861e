package bank.identity;

import static bank.identity.TestBrowser.CALLBACK;
import static bank.identity.TestBrowser.VERIFIER;
import static bank.identity.TestBrowser.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.OAuthForm.Answer;
import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import bank.testing.TestRealm;
import bank.v1.ClientGrant;
import bank.v1.ClientType;
import bank.v1.CreateOAuthClientRequest;
import bank.v1.DeleteOAuthClientRequest;
import bank.v1.ResetPasswordRequest;
import bank.v1.RevokeAllSessionsRequest;
import bank.v1.Role;
import bank.v1.UpdateOAuthClientRequest;
import bank.v1.User;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Refresh tokens used while their session ends by what becomes of its client, its code or its user elsewhere.
final class ClientSessionRacesIT {
    private static final int REFRESHES = 4;
    private static final String APP = "races-app";
    private static final String SECRET = "edge-secret-of-16";

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("the code it was made of was used again");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestRealm realm = new TestRealm();
    private static RunningIdentity identity;
    private static People people;

    /// @param code what it was made of; empty for a session by password
    private record Signed(User user, String client, String code, String refreshToken) {
        Answer refreshed() {
            return refresh(client, refreshToken);
        }
    }

    private enum End {
        CLIENT_DELETED,
        CLIENT_NARROWED,
        CODE_REUSED,
        ROLE_FOLLOWED;

        Signed signed() throws Exception {
            return this == ROLE_FOLLOWED ? ofAnotherIssuer() : inApp(people.made(Role.ROLE_CLIENT));
        }

        void of(Signed signed) {
            var clients = identity.clients(people.admin());
            switch (this) {
                case CLIENT_DELETED -> {
                    var _ = clients.deleteOAuthClient(
                            DeleteOAuthClientRequest.newBuilder().setId(APP).build());
                }
                case CLIENT_NARROWED -> {
                    var _ = clients.updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                            .setId(APP)
                            .addScopes("contracts:read")
                            .build());
                }
                case CODE_REUSED -> assertThat(exchanged(signed.code()).error()).isEqualTo("invalid_grant");
                case ROLE_FOLLOWED -> follow("teller");
            }
        }

        /// Puts all but the session back as it was.
        void undo() throws Exception {
            switch (this) {
                case CLIENT_DELETED ->
                    Sql.update(
                            postgres.database(),
                            "UPDATE oauth_client SET (deleted_at, scopes, grants, redirect_uris) ="
                                    + " (SELECT deleted_at, scopes, grants, redirect_uris FROM kept_client)"
                                    + " WHERE id = '" + APP + "'");
                case CLIENT_NARROWED -> {
                    var _ = identity.clients(people.admin())
                            .updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                                    .setId(APP)
                                    .addScopes("contracts:read")
                                    .addScopes("documents:read")
                                    .build());
                }
                case CODE_REUSED -> {}
                case ROLE_FOLLOWED -> follow("customer");
            }
        }
    }

    @BeforeAll
    static void start() throws Exception {
        // Nobody is to wait for a connection: that would take the race apart.
        identity = RunningIdentity.start(
                postgres.database(),
                Clock.systemUTC(),
                Map.of(
                        "bank.identity.database.connections-max", "40",
                        "bank.identity.clients.edge.secret", SECRET,
                        "bank.identity.clients.edge.scopes", "tokens:exchange",
                        "bank.identity.issuers.realm.url", realm.url(),
                        "bank.identity.issuers.realm.audience", TestRealm.AUDIENCE,
                        "bank.identity.issuers.realm.algorithms", "RS256",
                        "bank.identity.issuers.realm.types", "JWT",
                        "bank.identity.issuers.realm.roles-claim", "realm_access.roles",
                        "bank.identity.issuers.realm.role-mapping", "customer=client,teller=employee",
                        "bank.identity.issuers.realm.provision", "true"));
        people = new People(identity);
        var _ = identity.clients(people.admin())
                .createOAuthClient(CreateOAuthClientRequest.newBuilder()
                        .setId(APP)
                        .setName("App")
                        .setType(ClientType.CLIENT_TYPE_PUBLIC)
                        .addGrants(ClientGrant.CLIENT_GRANT_AUTHORIZATION_CODE)
                        .addGrants(ClientGrant.CLIENT_GRANT_REFRESH_TOKEN)
                        .addScopes("contracts:read")
                        .addScopes("documents:read")
                        .addRedirectUris(CALLBACK)
                        .build());
        // What is deleted is not made again.
        Sql.update(
                postgres.database(), "CREATE TABLE kept_client AS SELECT * FROM oauth_client WHERE id = '" + APP + "'");
    }

    @AfterAll
    static void stop() {
        identity.close();
        realm.close();
    }

    @ParameterizedTest
    @EnumSource
    void noRefreshWinsOverTheEndOfItsSession(End end) throws Exception {
        var signed = end.signed();
        var rounds = Races.rounds(10);
        var won = 0;
        for (var round = 0; round < rounds; round++) {
            var successors = ConcurrentHashMap.<String>newKeySet();
            var over = new AtomicBoolean();
            var calls = new ArrayList<Callable<Object>>();
            for (var i = 0; i < REFRESHES; i++) {
                calls.add(Executors.callable(() -> untilRefused(signed, successors, over)));
            }
            calls.add(round % (REFRESHES + 1), Executors.callable(() -> {
                try {
                    end.of(signed);
                } finally {
                    over.set(true);
                }
            }));
            for (var done : Races.together(calls)) {
                done.get();
            }
            end.undo();
            assertThat(successors).hasSizeLessThanOrEqualTo(1);
            for (var successor : successors) {
                assertThat(refresh(signed.client(), successor).error()).isEqualTo("invalid_grant");
            }
            assertThat(signed.refreshed().error()).isEqualTo("invalid_grant");
            won += successors.size();
            revive(signed.user());
        }
        Races.tell(end + ", " + rounds + " rounds: in " + won + " a refresh came first");
        Races.overlapped(won, rounds);
    }

    /// Each ends several sessions that others end too.
    @Test
    void endsOfManySessionsDoNotBlockEachOther() throws Exception {
        var user = people.made(Role.ROLE_CLIENT);
        for (var i = 0; i < 3; i++) {
            inApp(user);
        }
        for (var round = 0; round < Races.rounds(10); round++) {
            var calls = new ArrayList<Callable<Object>>();
            for (var i = 0; i < 2; i++) {
                calls.add(() -> {
                    End.CLIENT_NARROWED.of(new Signed(user, APP, "", ""));
                    return user;
                });
                calls.add(() -> identity.sessions(people.admin())
                        .revokeAllSessions(RevokeAllSessionsRequest.newBuilder()
                                .setUserId(user.getId())
                                .build()));
            }
            for (var done : Races.together(calls)) {
                done.get();
            }
            End.CLIENT_NARROWED.undo();
            revive(user);
        }
    }

    /// Refreshes again and again, each time getting the same successor, until that is refused.
    private static void untilRefused(Signed signed, Set<String> successors, AtomicBoolean over) {
        Answer answer;
        boolean late;
        do {
            late = over.get();
            answer = signed.refreshed();
            if (answer.status() == 200) {
                successors.add(answer.get("refresh_token"));
            }
        } while (answer.status() == 200 && !late);
        assertThat(answer.error()).isIn("invalid_grant", "invalid_client");
    }

    private static Signed inApp(User user) {
        var browser = new TestBrowser(identity);
        var page = browser.signIn(
                browser.open(TestBrowser.query(APP, "documents:read")), user.getEmail(), RunningIdentity.PASSWORD);
        var code = TestBrowser.code(browser.decide(page, "allow"));
        return new Signed(user, APP, code, exchanged(code).get("refresh_token"));
    }

    /// A user made for an account elsewhere, who signs in here by a password that he was given.
    private static Signed ofAnotherIssuer() throws Exception {
        follow("customer");
        var email = Sql.read(
                        postgres.database(),
                        "SELECT u.email FROM bank_user u JOIN external_identity e ON e.user_id = u.id")
                .getFirst();
        var id = Long.parseLong(Sql.read(postgres.database(), "SELECT id FROM bank_user WHERE email = '" + email + "'")
                .getFirst());
        var _ = identity.users(people.admin())
                .resetPassword(ResetPasswordRequest.newBuilder()
                        .setId(id)
                        .setPassword(RunningIdentity.PASSWORD)
                        .build());
        var user = User.newBuilder().setId(id).setEmail(email).build();
        return new Signed(user, "bank-cli", "", people.signedIn(user).getRefreshToken());
    }

    private static void follow(String role) {
        var token = realm.signed(realm.claims("subject-1", UUID.randomUUID().toString(), Instant.now(), role));
        var answer = OAuthForm.post(
                identity.oauth(),
                "edge",
                SECRET,
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=" + encoded(token)
                        + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static Answer exchanged(String code) {
        return OAuthForm.post(
                identity.oauth(),
                "grant_type=authorization_code&client_id=" + APP + "&code=" + code + "&redirect_uri="
                        + encoded(CALLBACK) + "&code_verifier=" + VERIFIER);
    }

    private static Answer refresh(String client, String token) {
        return OAuthForm.post(
                identity.oauth(), "grant_type=refresh_token&client_id=" + client + "&refresh_token=" + token);
    }

    /// Opens the sessions anew as they were at first: a sign-in takes longer than the race.
    private static void revive(User user) throws Exception {
        assertThat(Sql.update(
                        postgres.database(),
                        "UPDATE session SET ended_at = NULL, generation = 1 WHERE foreign_session IS NULL AND user_id = "
                                + user.getId()))
                .isPositive();
    }
}
