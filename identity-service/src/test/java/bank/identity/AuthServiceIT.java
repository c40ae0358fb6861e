package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.PostgresExtension;
import bank.v1.GetMeRequest;
import bank.v1.IdentifierType;
import bank.v1.LogoutRequest;
import bank.v1.RefreshRequest;
import bank.v1.RegisterRequest;
import bank.v1.Role;
import bank.v1.UserStatus;
import bank.v1.VerificationStatus;
import com.google.type.Date;
import io.grpc.Status.Code;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuthServiceIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;

    @BeforeAll
    static void start() {
        identity =
                RunningIdentity.start(postgres.database(), Clock.systemUTC(), Map.of("bank.identity.sandbox", "true"));
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @Test
    void registersAClientWhoMaySignIn() {
        var user = identity.auth()
                .register(RegisterRequest.newBuilder()
                        .setEmail("Анна.Anna@Example.ORG".substring(5))
                        .setPassword("длинный пароль")
                        .setPhoneNumber("+79161234567")
                        .setFirstName(" Анна ")
                        .setLastName("Каренина")
                        .setMiddleName("Аркадьевна")
                        .setBirthday(Date.newBuilder().setYear(1996).setMonth(2).setDay(29))
                        .setIdentifierType(IdentifierType.IDENTIFIER_TYPE_NHS)
                        .setIdentifierValue("943 476 5919")
                        .build());

        assertThat(user.getId()).isPositive();
        assertThat(user.getEmail()).isEqualTo("anna@example.org");
        assertThat(user.getFirstName()).isEqualTo("Анна");
        assertThat(user.getRole()).isEqualTo(Role.ROLE_CLIENT);
        assertThat(user.getStatus()).isEqualTo(UserStatus.USER_STATUS_ACTIVE);
        assertThat(user.getVerificationStatus()).isEqualTo(VerificationStatus.VERIFICATION_STATUS_UNVERIFIED);
        assertThat(user.getEtag()).isEqualTo("1");

        var tokens = identity.login("ANNA@example.org", "длинный пароль");
        assertThat(tokens.getTokenType()).isEqualTo("Bearer");
        assertThat(tokens.getExpiresIn()).isEqualTo(600);
        var me = identity.users(tokens.getAccessToken()).getMe(GetMeRequest.getDefaultInstance());
        assertThat(me.getUser()).isEqualTo(user);
        assertThat(me.getRightsList())
                .contains("documents:read", "documents:upload")
                .doesNotContain("documents:process");
        assertThat(me.getOrganizationsList()).isEmpty();
    }

    @Test
    void takesTheSamePasswordInAnyUnicodeForm() {
        var user = identity.auth()
                .register(RegisterRequest.newBuilder()
                        .setEmail("nfc@example.org")
                        .setPassword("пароль с и\u0306")
                        .build());
        assertThat(identity.login(user.getEmail(), "пароль с й").getAccessToken())
                .isNotEmpty();
    }

    @Test
    void countsThePasswordsCharactersInComposedForm() {
        assertThat(identity.auth()
                        .register(RegisterRequest.newBuilder()
                                .setEmail("longest@example.org")
                                .setPassword("и\u0306".repeat(128))
                                .build())
                        .getId())
                .isPositive();
        assertThatCall(() -> identity.auth()
                        .register(RegisterRequest.newBuilder()
                                .setEmail("longer@example.org")
                                .setPassword("й".repeat(129))
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("password");
    }

    @Test
    void refusesATakenEmailInAnyCase() {
        var user = identity.registered();
        assertThatCall(() -> identity.auth()
                        .register(RegisterRequest.newBuilder()
                                .setEmail(user.getEmail().toUpperCase())
                                .setPassword(RunningIdentity.PASSWORD)
                                .build()))
                .fails(Code.ALREADY_EXISTS, "EMAIL_TAKEN");
    }

    @Test
    void unverifiedIdentifierBlocksNobody() {
        for (var email : new String[] {"first@example.org", "second@example.org"}) {
            assertThat(identity.auth()
                            .register(RegisterRequest.newBuilder()
                                    .setEmail(email)
                                    .setPassword(RunningIdentity.PASSWORD)
                                    .setIdentifierType(IdentifierType.IDENTIFIER_TYPE_NHS)
                                    .setIdentifierValue("NHS123456789")
                                    .build())
                            .getId())
                    .isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "password123, WEAK_PASSWORD",
        "Iloveyou, WEAK_PASSWORD",
        "WEAK@example.org, WEAK_PASSWORD",
        "1234567, INVALID_FIELD",
    })
    void refusesPasswordsEasilyGuessed(String password, String reason) {
        assertThatCall(() -> identity.auth()
                        .register(RegisterRequest.newBuilder()
                                .setEmail("weak@example.org")
                                .setPassword(password)
                                .build()))
                .fails(Code.INVALID_ARGUMENT, reason)
                .hasFieldViolation("password");
    }

    @ParameterizedTest
    @CsvSource({
        "IDENTIFIER_TYPE_UNSPECIFIED, 9434765919, identifier_type",
        "IDENTIFIER_TYPE_NHS, '', identifier_value",
        "IDENTIFIER_TYPE_NHS, 9434765918, identifier_value",
        "IDENTIFIER_TYPE_NIN, GB123456C, identifier_value",
    })
    void refusesIdentifiersThatMakeNoSense(IdentifierType type, String value, String field) {
        assertThatCall(() -> identity.auth()
                        .register(RegisterRequest.newBuilder()
                                .setEmail("identifier@example.org")
                                .setPassword(RunningIdentity.PASSWORD)
                                .setIdentifierType(type)
                                .setIdentifierValue(value)
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation(field);
    }

    @ParameterizedTest
    @CsvSource({"2023, 2, 29", "2200, 1, 1", "1899, 12, 31", "2000, 0, 0"})
    void refusesBirthdaysThatNeverWere(int year, int month, int day) {
        assertThatCall(() -> identity.auth()
                        .register(RegisterRequest.newBuilder()
                                .setEmail("birthday@example.org")
                                .setPassword(RunningIdentity.PASSWORD)
                                .setBirthday(Date.newBuilder()
                                        .setYear(year)
                                        .setMonth(month)
                                        .setDay(day))
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("birthday");
    }

    @Test
    void refusesNamesWithControlCharacters() {
        assertThatCall(() -> identity.auth()
                        .register(RegisterRequest.newBuilder()
                                .setEmail("name@example.org")
                                .setPassword(RunningIdentity.PASSWORD)
                                .setFirstName("a\0b")
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("first_name");
    }

    @Test
    void answersUnknownEmailAndWrongPasswordAlike() {
        var user = identity.registered();
        for (var email : new String[] {user.getEmail(), "nobody@example.org", "no address"}) {
            assertThatCall(() -> identity.login(email, "wrong password"))
                    .fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS")
                    .hasDescriptionContaining("e-mail and password do not belong together");
        }
    }

    @Test
    void endsTheSessionAtLogout() {
        var tokens = identity.loggedIn();
        var auth = identity.auth(tokens.getAccessToken());
        auth.logout(LogoutRequest.getDefaultInstance());
        assertThatCall(() -> identity.auth()
                        .refresh(RefreshRequest.newBuilder()
                                .setRefreshToken(tokens.getRefreshToken())
                                .build()))
                .fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
        assertThat(auth.logout(LogoutRequest.getDefaultInstance())).isNotNull();
    }

    @Test
    void refusesLogoutWithoutAToken() {
        assertThatCall(() -> identity.auth().logout(LogoutRequest.getDefaultInstance()))
                .fails(Code.UNAUTHENTICATED, "TOKEN_MISSING");
    }
}
