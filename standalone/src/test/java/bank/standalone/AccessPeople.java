package bank.standalone;

import bank.identity.model.UserScope;
import bank.standalone.Http.Part;
import bank.testing.TestDocuments;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Everybody who may try an rpc, and what they have.
final class AccessPeople {
    /// A scope that no rpc names.
    static final String UNKNOWN_SCOPE = "openid";

    static final String PASSWORD = RunningBank.PASSWORD;
    static final byte[] FILE = TestDocuments.bytes("scan.png");

    private final Http http;
    private final Set<String> scopes;
    private final Map<Set<String>, Somebody> machines = new ConcurrentHashMap<>();
    private final Map<Set<String>, Somebody> applications = new ConcurrentHashMap<>();
    private final Somebody admin;
    private final Somebody employee;
    private final Somebody client;
    private final Somebody webClient;
    private final Somebody organizationAdmin;
    private final Holding own;
    private final Holding anothers;
    private final Holding members;
    private final Holding membersBelow;
    private final long worker;
    private final String machine;
    private final String secret;
    private final Application application;
    private final List<Somebody> applicationsOfStaff;

    /// Somebody with an access token.
    ///
    /// @param token empty for nobody
    record Somebody(String name, String token) {}

    /// What a user has, as requests name it.
    ///
    /// @param whose for messages
    record Holding(String whose, Map<String, String> values) {
        static final List<String> NAMES =
                List.of("$user", "$email", "$session", "$organization", "$document", "$loose", "$contract", "$upload");

        String fill(String text) {
            var filled = text;
            for (var name : NAMES) {
                filled = filled.replace(name, values.get(name));
            }
            return filled;
        }
    }

    /// @param scopes every scope that is tried
    AccessPeople(Http http, Collection<String> scopes) {
        this.http = http;
        this.scopes = new TreeSet<>(scopes);
        this.scopes.add(UNKNOWN_SCOPE);
        admin = new Somebody("an administrator", http.token("admin@demo.test", PASSWORD));
        employee = new Somebody("an employee", http.token("employee@demo.test", PASSWORD));
        worker = me(employee.token()).path("id").asLong();

        var parent = organization("");
        var organizationAdminEmail = registered();
        organizationAdmin =
                new Somebody("who administers an organisation", http.token(organizationAdminEmail, PASSWORD));
        join(parent, me(organizationAdmin.token()).path("id").asLong(), true);

        own = joined("his own");
        anothers = joined("another's");
        members = made("a member's", parent);
        membersBelow = made("a member's of an organisation below", organization(",\"parent_id\":" + parent));
        client = new Somebody("a client", http.token(own.values().get("$email"), PASSWORD));
        webClient = new Somebody(
                "a client in the bank's application",
                new Application(http, "bank-web", false).token(own.values().get("$email"), PASSWORD, Set.of("openid")));

        var registered = oauthClient("\"type\":\"secret\",\"grants\":[\"client_credentials\"]", this.scopes);
        machine = registered.path("id").asText();
        secret = registered.path("secret").asText();
        application = new Application(
                http,
                oauthClient(
                                "\"type\":\"public\",\"grants\":[\"authorization_code\"],"
                                        + "\"redirect_uris\":[\"http://127.0.0.1/callback\"]",
                                forUsers(this.scopes))
                        .path("id")
                        .asText(),
                true);
        applicationsOfStaff = List.of(
                new Somebody(
                        "an employee's application",
                        application.token("employee@demo.test", PASSWORD, forUsers(this.scopes))),
                new Somebody(
                        "an administrator's application",
                        application.token("admin@demo.test", PASSWORD, forUsers(this.scopes))));
    }

    static Somebody nobody() {
        return new Somebody("nobody", "");
    }

    Somebody client() {
        return client;
    }

    Somebody webClient() {
        return webClient;
    }

    Somebody organizationAdmin() {
        return organizationAdmin;
    }

    Somebody employee() {
        return employee;
    }

    Somebody admin() {
        return admin;
    }

    /// What the client has.
    Holding own() {
        return own;
    }

    /// What somebody has who has nothing to do with the others.
    Holding anothers() {
        return anothers;
    }

    /// What a member has of the organisation that is administered, by which he was made.
    Holding members() {
        return members;
    }

    /// The same of an organisation below it.
    Holding membersBelow() {
        return membersBelow;
    }

    /// A machine client with some of the scopes.
    Somebody machine(Set<String> some) {
        return machines.computeIfAbsent(some, wanted -> {
            var credentials =
                    Base64.getEncoder().encodeToString((machine + ":" + secret).getBytes(StandardCharsets.UTF_8));
            var form = "grant_type=client_credentials&scope=" + String.join("+", wanted);
            var token = http.raw(
                            "POST",
                            "/token",
                            "",
                            form.getBytes(StandardCharsets.UTF_8),
                            "Content-Type",
                            "application/x-www-form-urlencoded",
                            "Authorization",
                            "Basic " + credentials)
                    .expect(200)
                    .json()
                    .path("access_token")
                    .asText();
            return new Somebody("a machine client with " + wanted, token);
        });
    }

    /// Somebody else's application that the client lets have some of the scopes.
    Somebody application(Set<String> some) {
        return applications.computeIfAbsent(
                some,
                wanted -> new Somebody(
                        "an application of a client with " + wanted,
                        application.token(own.values().get("$email"), PASSWORD, forUsers(wanted))));
    }

    /// The same that staff let have every scope.
    List<Somebody> applicationsOfStaff() {
        return applicationsOfStaff;
    }

    /// A request with everything filled in.
    String fill(String json, Holding of) {
        var fresh = "a" + UUID.randomUUID().toString().replace("-", "");
        var filled = of.fill(json)
                .replace("$worker", Long.toString(worker))
                .replace("$client", machine)
                .replace("$fresh", fresh);
        return filled.contains("$refresh") ? filled.replace("$refresh", refreshToken()) : filled;
    }

    /// What everybody has, as it is now.
    List<String> state() {
        return List.of(own, anothers, members, membersBelow).stream()
                .flatMap(of -> List.of(
                                "/v1/users/$user",
                                "/v1/organizations/$organization/members",
                                "/v1/dbo/users/$user/documents",
                                "/v1/abs/documents/$document",
                                "/v1/abs/documents/$loose",
                                "/v1/sm/contracts/$contract")
                        .stream()
                        .map(path -> http.get(of.fill(path), admin.token())
                                .expect(200)
                                .text()))
                .toList();
    }

    private JsonNode me(String token) {
        return http.get("/v1/users/me", token).expect(200).json().path("user");
    }

    private String registered() {
        var email = "access-" + UUID.randomUUID() + "@example.com";
        post("/v1/auth/register", "", "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, PASSWORD));
        return email;
    }

    private Holding joined(String whose) {
        var email = registered();
        var organization = organization("");
        var token = http.token(email, PASSWORD);
        join(organization, me(token).path("id").asLong(), false);
        return holding(whose, email, organization);
    }

    private Holding made(String whose, long organization) {
        var email = "access-" + UUID.randomUUID() + "@example.com";
        post(
                "/v1/users",
                organizationAdmin.token(),
                "{\"email\":\"%s\",\"password\":\"%s\",\"organization_id\":%d}"
                        .formatted(email, PASSWORD, organization));
        return holding(whose, email, organization);
    }

    private Holding holding(String whose, String email, long organization) {
        var token = http.token(email, PASSWORD);
        var document = document(token);
        var contract = post("/v1/sm/contracts", token, "{}").path("contract_id").asLong();
        post("/v1/sm/contracts/" + contract + "/link", token, "{\"document_id\":%d}".formatted(document));
        var session =
                http.get("/v1/users/me/sessions", token).expect(200).json().at("/sessions/0/id");
        return new Holding(
                whose,
                Map.of(
                        "$user", me(token).path("id").asText(),
                        "$email", email,
                        "$session", session.asText(),
                        "$organization", Long.toString(organization),
                        "$document", Long.toString(document),
                        "$loose", Long.toString(document(token)),
                        "$contract", Long.toString(contract),
                        "$upload", upload(token)));
    }

    private long document(String token) {
        return http.multipart("POST", "/v1/dbo/documents", token, List.of(Part.file("file", "scan.png", FILE)))
                .expect(201)
                .json()
                .path("document_id")
                .asLong();
    }

    private String upload(String token) {
        var opened = http.json(
                        "POST",
                        "/v1/dbo/documents:createUpload",
                        token,
                        "{\"file_name\":\"scan.png\",\"size_bytes\":%d}".formatted(FILE.length))
                .expect(200)
                .json();
        http.raw("PUT", opened.path("url").asText(), "", FILE).expect(200);
        return opened.path("upload_id").asText();
    }

    private long organization(String more) {
        return post("/v1/organizations", admin.token(), "{\"name\":\"Access\"" + more + "}")
                .path("id")
                .asLong();
    }

    private void join(long organization, long user, boolean asAdmin) {
        post(
                "/v1/organizations/" + organization + "/members",
                admin.token(),
                "{\"user_id\":%d,\"admin\":%b}".formatted(user, asAdmin));
    }

    /// Those that a user can be asked for. One who holds others alone holds none that lets him in.
    private static Set<String> forUsers(Set<String> scopes) {
        var some = new TreeSet<>(scopes);
        some.removeIf(scope -> !UserScope.isForUsers(scope));
        return some.isEmpty() ? Set.of(UNKNOWN_SCOPE) : some;
    }

    private JsonNode oauthClient(String more, Set<String> given) {
        return post(
                "/v1/oauth_clients",
                admin.token(),
                "{\"id\":\"access-%s\",\"name\":\"Access\",%s,\"scopes\":[\"%s\"]}"
                        .formatted(UUID.randomUUID(), more, String.join("\",\"", given)));
    }

    private String refreshToken() {
        return http.json(
                        "POST",
                        "/v1/auth/login",
                        "",
                        "{\"email\":\"client2@demo.test\",\"password\":\"%s\"}".formatted(PASSWORD))
                .expect(200)
                .json()
                .path("refresh_token")
                .asText();
    }

    private JsonNode post(String path, String token, String body) {
        return http.json("POST", path, token, body).expect(201).json();
    }
}
