package bank.identity;

import static bank.identity.OAuthForm.basic;
import static bank.identity.OAuthForm.header;
import static bank.identity.OAuthForm.request;
import static bank.identity.OAuthForm.send;
import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.ListAuditEventsRequest;
import bank.v1.ListUsersRequest;
import io.grpc.Status.Code;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Characters that neither OAuth 2 nor the database takes.
final class ControlCharactersIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(postgres.database(), new TestClock(), Map.of());
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/token, grant_type=client_credentials&client_id=a%00&client_secret=b",
        "/token, grant_type=refresh_token&client_id=a%00&refresh_token=b",
        "/token, grant_type=password&username=a%00@example.org&password=b",
        "/token, grant_type=authorization_code&code=a%0A",
        "/oauth2/revoke, token=a&client_id=a%00",
        "/oauth2/introspect, token=a&client_id=a%7F&client_secret=b"
    })
    void areRefusedInForms(String path, String form) {
        var answer = send(identity.oauth(), request("POST", path, form));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/token", "/oauth2/revoke", "/oauth2/introspect"})
    void areRefusedInTheClientOfAHeader(String path) {
        var answer = send(
                identity.oauth(),
                request("POST", path, "grant_type=client_credentials&token=a")
                        .addHeaders(header("authorization", basic("a%00b", "secret"))));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("invalid_request");
    }

    @Test
    void areRefusedInFiltersOfLists() {
        var token = identity.adminToken();
        assertThatCall(() -> identity.users(token)
                        .listUsers(ListUsersRequest.newBuilder()
                                .setEmailPrefix("a\0")
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
        assertThatCall(() -> identity.audit(token)
                        .listAuditEvents(ListAuditEventsRequest.newBuilder()
                                .setSubject("user:17\0")
                                .setActor("\0")
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
    }

    @Test
    void areRefusedOnThePages() {
        var begun = request("GET", "/oauth2/authorize", "").setQuery("client_id=a%00&response_type=code");
        var refused = send(identity.oauth(), begun);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("Запрос приложения составлен неверно");
        var signIn = request("POST", "/oauth2/authorize", "sign_in=a&email=a%00&password=b")
                .addHeaders(header("cookie", "sign-in=" + "a".repeat(43)));
        assertThat(send(identity.oauth(), signIn).status()).isEqualTo(400);
    }
}
