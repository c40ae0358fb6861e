package bank.identity;

import static bank.identity.RunningIdentity.PASSWORD;
import static bank.testing.StatusAssert.assertThatFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.ActivateUserRequest;
import bank.v1.ChangePasswordRequest;
import bank.v1.DeactivateUserRequest;
import bank.v1.LogoutRequest;
import bank.v1.RefreshRequest;
import bank.v1.ResetPasswordRequest;
import bank.v1.RevokeAllSessionsRequest;
import bank.v1.RevokeSessionRequest;
import bank.v1.Role;
import bank.v1.SetUserRoleRequest;
import bank.v1.TokenPair;
import bank.v1.User;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Status.Code;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Refresh tokens used at once, and while their session ends in any of its ways.
final class SessionRacesIT {
    private static final int REFRESHES = 4;

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("ended: a spent refresh token was used");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;
    private static People people;

    /// What a user has, and how his account stands.
    private record Signed(User user, TokenPair tokens, String other, String session) {}

    /// What ends a session.
    private enum End {
        LOGOUT,
        REVOCATION,
        SESSION,
        ALL_SESSIONS,
        OTHER_SESSIONS,
        PASSWORD_CHANGE,
        PASSWORD_RESET,
        BLOCK,
        ROLE,
        REUSE;

        void of(Signed of) {
            var user = of.user();
            switch (this) {
                case LOGOUT -> identity.auth(of.tokens().getAccessToken()).logout(LogoutRequest.getDefaultInstance());
                case REVOCATION ->
                    OAuthForm.revoke(
                            identity.oauth(),
                            "client_id=bank-cli&token=" + of.tokens().getRefreshToken());
                case SESSION ->
                    identity.sessions(of.other())
                            .revokeSession(RevokeSessionRequest.newBuilder()
                                    .setSessionId(of.session())
                                    .build());
                case ALL_SESSIONS, OTHER_SESSIONS ->
                    identity.sessions(of.other())
                            .revokeAllSessions(RevokeAllSessionsRequest.newBuilder()
                                    .setKeepCurrent(this == OTHER_SESSIONS)
                                    .build());
                case PASSWORD_CHANGE ->
                    identity.auth(of.other())
                            .changePassword(ChangePasswordRequest.newBuilder()
                                    .setCurrentPassword(PASSWORD)
                                    .setPassword(PASSWORD + "!")
                                    .build());
                case PASSWORD_RESET ->
                    identity.users(people.admin())
                            .resetPassword(ResetPasswordRequest.newBuilder()
                                    .setId(user.getId())
                                    .setPassword(PASSWORD + "!")
                                    .build());
                case BLOCK ->
                    identity.users(people.admin())
                            .deactivateUser(DeactivateUserRequest.newBuilder()
                                    .setId(user.getId())
                                    .setReason("Утеряна карта")
                                    .build());
                case ROLE ->
                    identity.users(people.admin())
                            .setUserRole(SetUserRoleRequest.newBuilder()
                                    .setId(user.getId())
                                    .setRole(Role.ROLE_EMPLOYEE)
                                    .build());
                case REUSE -> assertRefused(of.tokens().getRefreshToken());
            }
        }

        /// Puts the account back as it was.
        void undo(Signed of) {
            switch (this) {
                case BLOCK ->
                    identity.users(people.admin())
                            .activateUser(ActivateUserRequest.newBuilder()
                                    .setId(of.user().getId())
                                    .build());
                case ROLE ->
                    identity.users(people.admin())
                            .setUserRole(SetUserRoleRequest.newBuilder()
                                    .setId(of.user().getId())
                                    .setRole(Role.ROLE_CLIENT)
                                    .build());
                case PASSWORD_CHANGE, PASSWORD_RESET ->
                    identity.users(people.admin())
                            .resetPassword(ResetPasswordRequest.newBuilder()
                                    .setId(of.user().getId())
                                    .setPassword(PASSWORD)
                                    .build());
                default -> {}
            }
        }
    }

    @BeforeAll
    static void start() {
        // Nobody is to wait for a connection: that would take the race apart.
        identity = RunningIdentity.start(
                postgres.database(),
                new TestClock(Instant.parse("2026-03-01T12:00:00Z")),
                Map.of("bank.identity.database.connections-max", "40"));
        people = new People(identity);
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @Test
    void fiftyRefreshesOfOneTokenYieldOneSuccessor() throws Exception {
        var tokens = identity.loggedIn();
        var rounds = Races.rounds(10);
        for (var round = 0; round < rounds; round++) {
            var token = tokens.getRefreshToken();
            var answers = new HashSet<String>();
            for (var answer : Races.together(50, () -> refresh(token))) {
                answers.add(answer.get().getRefreshToken());
            }
            assertThat(answers).hasSize(1).doesNotContain(token);
            tokens = refresh(answers.iterator().next());
        }
        assertThat(log.lines()).isEmpty();
        Races.tell("50 refreshes of one token, " + rounds + " rounds: one successor each");
    }

    @ParameterizedTest
    @EnumSource
    void noRefreshWinsOverTheEndOfItsSession(End end) throws Exception {
        var signed = signed();
        var rounds = Races.rounds(10);
        var won = 0;
        for (var round = 0; round < rounds; round++) {
            var used = end == End.REUSE ? refreshed(signed.tokens()) : signed.tokens();
            var successors = ConcurrentHashMap.<String>newKeySet();
            var over = new AtomicBoolean();
            var calls = new ArrayList<>(Collections.nCopies(
                    REFRESHES,
                    Executors.callable(() -> assertRefused(refusal(used.getRefreshToken(), successors, over)))));
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
            assertThat(successors).hasSizeLessThanOrEqualTo(1);
            successors.forEach(successor -> assertRefused(successor));
            won += successors.size();
            assertRefused(used.getRefreshToken());
            end.undo(signed);
            revive(signed);
        }
        Races.tell(end + ", " + rounds + " rounds: in " + won + " a refresh came first");
        Races.overlapped(won, rounds);
    }

    /// Refreshes again and again, each time getting the same successor, until that is refused. Null when a refresh won
    /// that began after the end.
    private static Throwable refusal(String token, Set<String> successors, AtomicBoolean over) {
        Throwable refusal;
        boolean late;
        do {
            late = over.get();
            refusal = catchThrowable(() -> successors.add(refresh(token).getRefreshToken()));
        } while (refusal == null && !late);
        return refusal;
    }

    /// A user signed in twice: what ends the first sign-in may come from the second.
    private static Signed signed() throws Exception {
        var user = people.made(Role.ROLE_CLIENT);
        var tokens = people.signedIn(user);
        var session = SignedJWT.parse(tokens.getAccessToken()).getJWTClaimsSet().getStringClaim("sid");
        return new Signed(user, tokens, people.token(user), session);
    }

    /// The token two generations on, so that the first is no retry.
    private static TokenPair refreshed(TokenPair tokens) {
        return people.refreshed(people.refreshed(tokens));
    }

    /// Opens the session anew as it was at first: a sign-in takes longer than the race.
    private static void revive(Signed signed) throws Exception {
        assertThat(Sql.update(
                        postgres.database(),
                        "UPDATE session SET ended_at = NULL, generation = 1 WHERE user_id = "
                                + signed.user().getId()))
                .isEqualTo(2);
    }

    private static TokenPair refresh(String token) {
        return identity.auth()
                .refresh(RefreshRequest.newBuilder().setRefreshToken(token).build());
    }

    private static void assertRefused(String token) {
        assertRefused(catchThrowable(() -> refresh(token)));
    }

    /// Only a user who is blocked is told another reason.
    private static void assertRefused(Throwable failure) {
        assertThatFailure(failure).hasCode(Code.UNAUTHENTICATED);
        assertThat(Reasons.of(failure)).isIn("INVALID_REFRESH_TOKEN", "ACCOUNT_BLOCKED");
    }
}
