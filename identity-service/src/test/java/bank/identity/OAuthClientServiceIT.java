package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Headers;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.ClientGrant;
import bank.v1.ClientOrigin;
import bank.v1.ClientType;
import bank.v1.CreateOAuthClientRequest;
import bank.v1.DeleteOAuthClientRequest;
import bank.v1.GetOAuthClientRequest;
import bank.v1.ListOAuthClientsRequest;
import bank.v1.OAuthClient;
import bank.v1.OAuthClientCredentials;
import bank.v1.OAuthClientServiceGrpc.OAuthClientServiceBlockingStub;
import bank.v1.RotateOAuthClientSecretRequest;
import bank.v1.UpdateOAuthClientRequest;
import com.google.protobuf.FieldMask;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OAuthClientServiceIT {
    private static final String SETTINGS_SECRET = "a-secret-of-the-settings";
    private static final String MACHINE = "grant_type=client_credentials";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
    private static final AtomicInteger number = new AtomicInteger();
    private static RunningIdentity identity;

    private OAuthClientServiceBlockingStub clients;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(
                postgres.database(),
                clock,
                Map.of(
                        "bank.identity.clients.contract-service.secret",
                        SETTINGS_SECRET,
                        "bank.identity.clients.contract-service.scopes",
                        "users:read"));
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @BeforeEach
    void signIn() {
        clients = identity.clients(identity.adminToken());
    }

    @Test
    void makesASecretThatWorksAndShowsItNowhereElse() throws Exception {
        var made = clients.createOAuthClient(machine(id()).build());
        assertThat(made.getSecret()).matches("[A-Za-z0-9_-]{43}");
        assertThat(made.getEtag()).isEqualTo(made.getClient().getEtag());

        var tokens = token(made, made.getSecret());
        assertThat(tokens.get("scope")).isEqualTo("documents:read users:read");
        var shown = get(made.getId());
        assertThat(shown).isEqualTo(made.getClient());
        assertThat(shown.getOrigin()).isEqualTo(ClientOrigin.CLIENT_ORIGIN_REGISTRY);
        assertThat(shown.toString()).doesNotContain(made.getSecret());
        for (var table : List.of("oauth_client", "audit_event", "idempotency_key")) {
            assertThat(Sql.read(postgres.database(), "SELECT t::text FROM " + table + " t"))
                    .noneMatch(row -> row.contains(made.getSecret()));
        }
    }

    @Test
    void tellsARepeatTheSameSecretWithoutStoringIt() throws Exception {
        var request = machine(id()).build();
        var keyed = with(Headers.IDEMPOTENCY_KEY, "create-" + request.getId());
        var first = keyed.createOAuthClient(request);
        assertThat(keyed.createOAuthClient(request)).isEqualTo(first);
        assertThat(Sql.read(postgres.database(), "SELECT encode(response, 'escape') FROM idempotency_key"))
                .isNotEmpty()
                .noneMatch(row -> row.contains(first.getSecret()));

        var rotate =
                RotateOAuthClientSecretRequest.newBuilder().setId(first.getId()).build();
        var keyedRotate = with(Headers.IDEMPOTENCY_KEY, "rotate-" + request.getId());
        var second = keyedRotate.rotateOAuthClientSecret(rotate);
        assertThat(keyedRotate.rotateOAuthClientSecret(rotate)).isEqualTo(second);
        assertThat(token(second, second.getSecret()).status()).isEqualTo(200);
        assertThatCall(() -> keyed.createOAuthClient(
                        request.toBuilder().setName("Other").build()))
                .fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
    }

    @Test
    void tellsNoSecretInADryRun() {
        var request = machine(id()).build();
        var dry = with(Headers.VALIDATE_ONLY, "true").createOAuthClient(request);
        assertThat(dry.getSecret()).isEmpty();
        assertThatCall(() -> get(request.getId())).fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void forbidsCachesToKeepSecrets() {
        var headers = new AtomicReference<Metadata>();
        clients.withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
                .createOAuthClient(machine(id()).build());
        assertThat(headers.get().get(Headers.key(Headers.HTTP_PREFIX + "cache-control")))
                .isEqualTo("no-store");
    }

    @Test
    void rotatesASecretWithAndWithoutGrace() {
        var first = clients.createOAuthClient(machine(id()).build());
        var second = rotate(first.getId(), 3_600);
        assertThat(second.getSecret()).isNotEqualTo(first.getSecret());
        assertThat(second.getClient().getOldSecretEndsAt().getSeconds())
                .isEqualTo(clock.instant().plusSeconds(3_600).getEpochSecond());
        clock.advance(Duration.ofSeconds(3_599));
        assertThat(token(first, first.getSecret()).status()).isEqualTo(200);
        assertThat(token(first, second.getSecret()).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        assertThat(token(first, first.getSecret()).error()).isEqualTo("invalid_client");
        assertThat(token(first, second.getSecret()).status()).isEqualTo(200);

        signIn();
        var third = rotate(first.getId(), 0);
        assertThat(token(first, second.getSecret()).error()).isEqualTo("invalid_client");
        assertThat(token(first, third.getSecret()).status()).isEqualTo(200);
    }

    @Test
    void keepsNoMoreThanTheLastSecretBesideThePresentOne() {
        var first = clients.createOAuthClient(machine(id()).build());
        var second = rotate(first.getId(), 86_400);
        var third = rotate(first.getId(), 86_400);
        assertThat(token(first, first.getSecret()).error()).isEqualTo("invalid_client");
        assertThat(token(first, second.getSecret()).status()).isEqualTo(200);
        assertThat(token(first, third.getSecret()).status()).isEqualTo(200);
    }

    @Test
    void refusesAGraceOfMoreThanADay() {
        var made = clients.createOAuthClient(machine(id()).build());
        assertThatCall(() -> rotate(made.getId(), 86_401)).fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
        assertThatCall(() -> rotate(made.getId(), -1)).fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
    }

    @Test
    void rotatesNoSecretOfAClientWithoutOne() {
        var made = clients.createOAuthClient(shop(id()).build());
        assertThat(made.getSecret()).isEmpty();
        assertThatCall(() -> rotate(made.getId(), 0)).fails(Code.FAILED_PRECONDITION, "CLIENT_WITHOUT_SECRET");
    }

    @Test
    void givesAnIdOnce() {
        var made = clients.createOAuthClient(machine(id()).build());
        assertThatCall(() -> clients.createOAuthClient(machine(made.getId()).build()))
                .fails(Code.ALREADY_EXISTS, "CLIENT_ID_TAKEN");
        delete(made.getId());
        assertThatCall(() -> clients.createOAuthClient(machine(made.getId()).build()))
                .fails(Code.ALREADY_EXISTS, "CLIENT_ID_TAKEN");
        assertThatCall(() -> clients.createOAuthClient(machine("bank-cli").build()))
                .fails(Code.ALREADY_EXISTS, "CLIENT_ID_TAKEN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "Abc", "1bc", "a_c", "a/c", "абв", "-bc"})
    void refusesOtherIds(String id) {
        assertThatCall(() -> clients.createOAuthClient(machine(id).build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
    }

    @Test
    void takesIdsOf3To64Characters() {
        assertThat(clients.createOAuthClient(machine("a-0").build()).getId()).isEqualTo("a-0");
        assertThat(clients.createOAuthClient(machine("b".repeat(64)).build()).getId())
                .hasSize(64);
        assertThatCall(() -> clients.createOAuthClient(machine("b".repeat(65)).build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
    }

    @Test
    void givesNobodyThePasswordGrant() {
        assertInvalid(shop(id()).addGrants(ClientGrant.CLIENT_GRANT_PASSWORD), "grants");
        var made = clients.createOAuthClient(shop(id()).build());
        assertThatCall(() -> clients.updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                        .setId(made.getId())
                        .addGrants(ClientGrant.CLIENT_GRANT_PASSWORD)
                        .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("grants");
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        assertInvalid(machine(id()).setType(ClientType.CLIENT_TYPE_PUBLIC), "grants");
        assertInvalid(machine(id()).addGrants(ClientGrant.CLIENT_GRANT_REFRESH_TOKEN), "grants");
        assertInvalid(machine(id()).clearGrants(), "grants");
        assertInvalid(
                shop(id())
                        .setType(ClientType.CLIENT_TYPE_SECRET)
                        .addGrants(ClientGrant.CLIENT_GRANT_CLIENT_CREDENTIALS),
                "grants");
        assertInvalid(machine(id()).addScopes("documents:everything"), "scopes");
        for (var idle : List.of("tokens:introspect", "documents:process", "users:write", "documents:hold")) {
            assertInvalid(shop(id()).addScopes(idle), "scopes");
        }
        assertThat(clients.createOAuthClient(shop(id())
                                .addScopes("users:read")
                                .addScopes("offline_access")
                                .build())
                        .getClient()
                        .getScopesList())
                .contains("users:read", "offline_access");
        assertInvalid(machine(id()).addRedirectUris("https://shop.example/"), "redirect_uris");
        assertInvalid(shop(id()).clearRedirectUris(), "redirect_uris");
        assertInvalid(shop(id()).addRedirectUris("http://shop.example/"), "redirect_uris[1]");
        assertInvalid(shop(id()).addRedirectUris("HTTPS://SHOP.example:443/signed-in"), "redirect_uris");
        assertInvalid(machine(id()).setType(ClientType.CLIENT_TYPE_KEYS), "jwks");
        assertInvalid(machine(id()).setJwks("{\"keys\":[]}"), "jwks");
        assertInvalid(machine(id()).setType(ClientType.CLIENT_TYPE_KEYS).setJwks("{\"keys\":[]}"), "jwks");
    }

    @Test
    void takesUpTo20RedirectUrisInNormalForm() {
        var many = shop(id()).clearRedirectUris();
        for (var i = 0; i < 20; i++) {
            many.addRedirectUris("HTTPS://Shop" + i + ".Example:443");
        }
        var made = clients.createOAuthClient(many.build());
        assertThat(made.getClient().getRedirectUrisList()).hasSize(20).contains("https://shop19.example/");
        assertInvalid(many.setId(id()).addRedirectUris("https://shop20.example/"), "redirect_uris");
    }

    @Test
    void takesScopesOfRpcsAndOfOpenIdConnect() {
        var made = clients.createOAuthClient(machine(id())
                .clearScopes()
                .addAllScopes(List.of("openid", "offline_access", "documents:read", "tokens:introspect"))
                .build());
        assertThat(made.getClient().getScopesList())
                .containsExactly("documents:read", "offline_access", "openid", "tokens:introspect");
    }

    @Test
    void takesScopesThatUsersAloneCanGive() {
        var made = clients.createOAuthClient(
                shop(id()).addAllScopes(List.of("openid", "documents:upload")).build());
        assertThat(made.getClient().getScopesList()).contains("documents:upload", "openid");
    }

    @Test
    void changesWhatIsNamed() {
        var made = clients.createOAuthClient(machine(id()).build());
        var renamed = clients.updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                .setId(made.getId())
                .setName("Другое имя")
                .build());
        assertThat(renamed.getName()).isEqualTo("Другое имя");
        assertThat(renamed.getScopesList()).isEqualTo(made.getClient().getScopesList());
        assertThat(renamed.getEtag()).isNotEqualTo(made.getEtag());

        var emptied = clients.updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                .setId(made.getId())
                .setUpdateMask(FieldMask.newBuilder().addPaths("scopes"))
                .build());
        assertThat(emptied.getScopesList()).isEmpty();
        assertThat(emptied.getName()).isEqualTo("Другое имя");
        assertThat(token(made, made.getSecret()).get("scope")).isEmpty();

        for (var path : List.of("first_party", "type", "id", "origin", "nothing")) {
            assertThatCall(() -> clients.updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                            .setId(made.getId())
                            .setUpdateMask(FieldMask.newBuilder().addPaths(path))
                            .build()))
                    .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
        }
        assertThatCall(() -> clients.updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                        .setId(made.getId())
                        .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
    }

    @Test
    void changesNothingOnOldKnowledge() {
        var made = clients.createOAuthClient(machine(id()).build());
        var rename = UpdateOAuthClientRequest.newBuilder().setId(made.getId()).setName("New");
        clients.updateOAuthClient(rename.build());
        var late = with(Headers.IF_MATCH, "\"" + made.getEtag() + "\"");
        assertThatCall(() -> late.updateOAuthClient(rename.setName("Newer").build()))
                .fails(Code.ABORTED, "ETAG_MISMATCH");
        assertThatCall(() -> late.deleteOAuthClient(DeleteOAuthClientRequest.newBuilder()
                        .setId(made.getId())
                        .build()))
                .fails(Code.ABORTED, "ETAG_MISMATCH");
        assertThatCall(() -> late.rotateOAuthClientSecret(RotateOAuthClientSecretRequest.newBuilder()
                        .setId(made.getId())
                        .build()))
                .fails(Code.ABORTED, "ETAG_MISMATCH");
        assertThat(get(made.getId()).getName()).isEqualTo("New");
    }

    @Test
    void leavesClientsOfSettingsAndBuiltInOnesAlone() {
        assertThat(get("contract-service").getOrigin()).isEqualTo(ClientOrigin.CLIENT_ORIGIN_SETTINGS);
        assertThat(get("bank-cli").getOrigin()).isEqualTo(ClientOrigin.CLIENT_ORIGIN_BUILT_IN);
        for (var id : List.of("contract-service", "bank-cli")) {
            assertThatCall(() -> clients.updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                            .setId(id)
                            .setName("Mine")
                            .build()))
                    .fails(Code.FAILED_PRECONDITION, "CLIENT_PROTECTED");
            assertThatCall(() -> delete(id)).fails(Code.FAILED_PRECONDITION, "CLIENT_PROTECTED");
            assertThatCall(() -> rotate(id, 0)).fails(Code.FAILED_PRECONDITION, "CLIENT_PROTECTED");
        }
    }

    @Test
    void leavesToTheRegistryWhatTheSettingsNameNoMore() throws Exception {
        Sql.update(postgres.database(), """
                INSERT INTO oauth_client (id, name, secret_hash, scopes, grants, origin)
                SELECT 'former', 'former', secret_hash, scopes, grants, 'SETTINGS'
                FROM oauth_client WHERE id = 'contract-service'""");
        RunningIdentity.start(
                        postgres.database(),
                        clock,
                        Map.of(
                                "bank.identity.clients.contract-service.secret",
                                SETTINGS_SECRET,
                                "bank.identity.clients.contract-service.scopes",
                                "users:read"))
                .close();
        assertThat(get("former").getOrigin()).isEqualTo(ClientOrigin.CLIENT_ORIGIN_REGISTRY);
        assertThat(get("contract-service").getOrigin()).isEqualTo(ClientOrigin.CLIENT_ORIGIN_SETTINGS);

        var rotated = rotate("former", 60);
        assertThat(token(rotated, SETTINGS_SECRET).status()).isEqualTo(200);
        assertThat(token(rotated, rotated.getSecret()).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(60));
        assertThat(token(rotated, SETTINGS_SECRET).error()).isEqualTo("invalid_client");
        delete("former");
        assertThat(token(rotated, rotated.getSecret()).error()).isEqualTo("invalid_client");
    }

    @Test
    void isForAdministratorsAlone() {
        var somebody = identity.clients(identity.loggedIn().getAccessToken());
        assertThatCall(() -> somebody.listOAuthClients(ListOAuthClientsRequest.getDefaultInstance()))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
        assertThatCall(() -> somebody.createOAuthClient(machine(id()).build()))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
        var made = clients.createOAuthClient(machine(id()).build());
        var program = identity.clients(token(made, made.getSecret()).get("access_token"));
        assertThatCall(() -> program.listOAuthClients(ListOAuthClientsRequest.getDefaultInstance()))
                .fails(Code.PERMISSION_DENIED, "USER_MISSING");
    }

    @Test
    void listsClientsNewestFirstInPages() {
        var ids = new ArrayList<String>();
        for (var i = 0; i < 5; i++) {
            clock.advance(Duration.ofMillis(1));
            ids.addFirst(clients.createOAuthClient(machine(id()).build()).getId());
        }
        delete(ids.remove(2));
        var seen = new ArrayList<String>();
        var token = "";
        do {
            var page = clients.listOAuthClients(ListOAuthClientsRequest.newBuilder()
                    .setPageSize(2)
                    .setPageToken(token)
                    .build());
            page.getClientsList().forEach(client -> seen.add(client.getId()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(seen).contains("bank-cli").doesNotHaveDuplicates();
        seen.retainAll(ids);
        assertThat(seen).isEqualTo(ids);
    }

    @Test
    void deletionEndsSessionsAndTokensOfTheClient() throws Exception {
        var shop = clients.createOAuthClient(shop(id()).build()).getId();
        var tokens = signedInWith(shop);
        var untouched = identity.loggedIn();
        delete(shop);
        assertThat(refresh(shop, tokens.get("refresh_token")).error()).isEqualTo("invalid_client");
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT id::text FROM session WHERE ended_at IS NULL AND client_id = '" + shop + "'"))
                .isEmpty();
        assertThat(refresh("bank-cli", untouched.getRefreshToken()).status()).isEqualTo(200);
        assertThatCall(() -> delete(shop)).fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void losingAScopeOrAGrantEndsSessionsAndAnotherNameDoesNot() throws Exception {
        for (var field : List.of("name", "scopes", "redirect_uris", "dpop_bound")) {
            var shop = clients.createOAuthClient(
                            shop(id()).addScopes("documents:read").build())
                    .getId();
            var tokens = signedInWith(shop);
            Sql.update(
                    postgres.database(),
                    "UPDATE oauth_client SET grants = '{AUTHORIZATION_CODE,REFRESH_TOKEN}' WHERE id = '" + shop + "'");
            clients.updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                    .setId(shop)
                    .setName("Other")
                    .addRedirectUris("https://other.example/")
                    .setDpopBound(true)
                    .setUpdateMask(FieldMask.newBuilder().addPaths(field))
                    .build());
            var ends = field.equals("scopes") || field.equals("dpop_bound");
            assertThat(refresh(shop, tokens.get("refresh_token")).status())
                    .as(field)
                    .isEqualTo(ends ? 400 : 200);
        }
    }

    @Test
    void auditsWhatIsDone() throws Exception {
        var made = clients.createOAuthClient(machine(id()).build());
        token(made, "wrong");
        rotate(made.getId(), 60);
        clients.updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                .setId(made.getId())
                .setName("New")
                .build());
        delete(made.getId());
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT type || ' ' || (actor LIKE 'user:%') FROM audit_event WHERE subject = 'client:"
                                + made.getId() + "' ORDER BY number"))
                .containsExactly(
                        "CLIENT_CREATED true",
                        "CLIENT_REFUSED false",
                        "CLIENT_SECRET_ROTATED true",
                        "CLIENT_CHANGED true",
                        "CLIENT_DELETED true");
    }

    @Test
    void answersUnknownClientsLikeWrongSecrets() {
        var made = clients.createOAuthClient(machine(id()).build());
        var bodies = List.of(
                token(made, "wrong").body(),
                OAuthForm.post(identity.oauth(), "contract-service", "wrong", MACHINE)
                        .body(),
                OAuthForm.post(identity.oauth(), "bank-cli", "wrong", MACHINE).body(),
                OAuthForm.post(identity.oauth(), "nobody", "wrong", MACHINE).body());
        assertThat(bodies).containsOnly(bodies.getFirst());
    }

    private static OAuthForm.Answer signedInWith(String client) throws Exception {
        // Nobody gets the password grant from the registry: it stands for the sign-in page here.
        Sql.update(
                postgres.database(),
                "UPDATE oauth_client SET grants = '{PASSWORD,REFRESH_TOKEN}', first_party = true WHERE id = '" + client
                        + "'");
        var answer = OAuthForm.post(
                identity.oauth(),
                "grant_type=password&client_id=" + client + "&username="
                        + encode(identity.registered().getEmail(), UTF_8) + "&password="
                        + encode(RunningIdentity.PASSWORD, UTF_8));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        Sql.update(postgres.database(), "UPDATE oauth_client SET first_party = false WHERE id = '" + client + "'");
        return answer;
    }

    private static OAuthForm.Answer refresh(String client, String token) {
        return OAuthForm.post(
                identity.oauth(), "grant_type=refresh_token&client_id=" + client + "&refresh_token=" + token);
    }

    private static OAuthForm.Answer token(OAuthClientCredentials client, String secret) {
        return OAuthForm.post(identity.oauth(), client.getId(), secret, MACHINE);
    }

    private void assertInvalid(CreateOAuthClientRequest.Builder request, String field) {
        assertThatCall(() -> clients.createOAuthClient(request.build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation(field);
    }

    private static String id() {
        return "client-" + number.incrementAndGet();
    }

    private static CreateOAuthClientRequest.Builder machine(String id) {
        return CreateOAuthClientRequest.newBuilder()
                .setId(id)
                .setName("Обмен с АБС")
                .setType(ClientType.CLIENT_TYPE_SECRET)
                .addGrants(ClientGrant.CLIENT_GRANT_CLIENT_CREDENTIALS)
                .addScopes("users:read")
                .addScopes("documents:read");
    }

    private static CreateOAuthClientRequest.Builder shop(String id) {
        return CreateOAuthClientRequest.newBuilder()
                .setId(id)
                .setName("Shop")
                .setType(ClientType.CLIENT_TYPE_PUBLIC)
                .addGrants(ClientGrant.CLIENT_GRANT_AUTHORIZATION_CODE)
                .addGrants(ClientGrant.CLIENT_GRANT_REFRESH_TOKEN)
                .addRedirectUris("https://shop.example/signed-in");
    }

    private OAuthClient get(String id) {
        return clients.getOAuthClient(
                GetOAuthClientRequest.newBuilder().setId(id).build());
    }

    private void delete(String id) {
        var nothing = clients.deleteOAuthClient(
                DeleteOAuthClientRequest.newBuilder().setId(id).build());
        assertThat(nothing.getSerializedSize()).isZero();
    }

    private OAuthClientCredentials rotate(String id, int oldSeconds) {
        return clients.rotateOAuthClientSecret(RotateOAuthClientSecretRequest.newBuilder()
                .setId(id)
                .setOldSecretSeconds(oldSeconds)
                .build());
    }

    private OAuthClientServiceBlockingStub with(String header, String value) {
        var headers = new Metadata();
        headers.put(Headers.key(header), value);
        return clients.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}
