package bank.standalone;

import bank.embedded.EmbeddedPostgresServer;
import bank.embedded.EmbeddedS3Server;
import bank.standalone.CommandLine.Up;
import java.util.Map;
import java.util.TreeMap;

/// What each service is told about itself and the others: its settings, under the names it reads from the environment
/// when it runs alone.
final class Wiring {
    /// The bucket of document-service.
    static final String BUCKET = "documents";

    private static final String DOCUMENT_CLIENT = "document-service";
    private static final String CONTRACT_CLIENT = "contract-service";
    private static final String REGISTRY_CLIENT = "registry-service";
    private static final String EDGE_CLIENT = "edge";

    private final Up up;
    private final DataDirectory home;
    private final EmbeddedPostgresServer postgres;
    private final int kafkaPort;

    Wiring(Up up, DataDirectory home, EmbeddedPostgresServer postgres, int kafkaPort) {
        this.up = up;
        this.home = home;
        this.postgres = postgres;
        this.kafkaPort = kafkaPort;
    }

    /// The address of the edge, and the issuer of the access tokens.
    static String issuer(int port) {
        return "http://127.0.0.1:" + port;
    }

    /// Settings of identity-service. In a demonstration it also takes what the originals' samples hold: common
    /// passwords and identifiers that no registry would know.
    Map<String, String> identity() {
        var settings = service("identity");
        var demo = Boolean.toString(up.demo());
        settings.put("bank.identity.key-encryption-key", home.key("key-encryption-key"));
        settings.put("bank.identity.admin-reset", Boolean.toString(up.resetAdmin()));
        settings.put("bank.identity.demo", demo);
        settings.put("bank.identity.sandbox", demo);
        settings.put("bank.identity.common-passwords-allowed", demo);
        putClient(settings, "documents", DOCUMENT_CLIENT, "users:read");
        putClient(settings, "contracts", CONTRACT_CLIENT, "users:read,documents:hold,calls:forward");
        putClient(settings, "registries", REGISTRY_CLIENT, "verifications:process");
        putClient(settings, "edge", EDGE_CLIENT, "calls:forward,tokens:exchange");
        return settings;
    }

    private void putClient(Map<String, String> settings, String key, String id, String scopes) {
        var prefix = "bank.identity.clients." + key;
        settings.put(prefix + ".id", id);
        settings.put(prefix + ".secret", home.secret(id));
        settings.put(prefix + ".scopes", scopes);
    }

    /// Settings of document-service.
    Map<String, String> document(int identityPort, EmbeddedS3Server s3) {
        var settings = service("document");
        putUpstream(settings, "document", identityPort, DOCUMENT_CLIENT);
        settings.put("bank.document.s3.endpoint", s3.endpoint().toString());
        settings.put("bank.document.s3.public-url", s3.endpoint().toString());
        settings.put("bank.document.s3.region", s3.region());
        settings.put("bank.document.s3.bucket", BUCKET);
        settings.put("bank.document.s3.access-key", s3.credentials().accessKey());
        settings.put("bank.document.s3.secret-key", s3.credentials().secretKey());
        settings.put("bank.document.upload.spool", home.spool().toString());
        return settings;
    }

    /// Settings of contract-service.
    Map<String, String> contract(int identityPort, int documentPort) {
        var settings = service("contract");
        putUpstream(settings, "contract", identityPort, CONTRACT_CLIENT);
        settings.put("bank.contract.documents", address(documentPort));
        return settings;
    }

    /// Settings of registry-service. Where the environment names a registry over HTTP, the sandbox does not stand in.
    Map<String, String> registry(int identityPort) {
        var settings = service("registry");
        putUpstream(settings, "registry", identityPort, REGISTRY_CLIENT);
        settings.put("bank.registry.sandbox", "true");
        return settings;
    }

    /// Settings of the edge.
    Map<String, String> edge(int identityPort, int documentPort, int contractPort, int registryPort) {
        var settings = new TreeMap<String, String>();
        settings.put("bank.edge.host", "127.0.0.1");
        settings.put("bank.edge.port", Integer.toString(up.port()));
        settings.put("bank.edge.tokens.issuer", issuer(up.port()));
        settings.put("bank.edge.client.id", EDGE_CLIENT);
        settings.put("bank.edge.client.secret", home.secret(EDGE_CLIENT));
        settings.put("bank.edge.upstreams.identity", address(identityPort));
        settings.put("bank.edge.upstreams.document", address(documentPort));
        settings.put("bank.edge.upstreams.contract", address(contractPort));
        settings.put("bank.edge.upstreams.registry", address(registryPort));
        settings.put("bank.edge.kafka.bootstrap-servers", address(kafkaPort));
        return settings;
    }

    private Map<String, String> service(String name) {
        var prefix = "bank." + name;
        var database = postgres.createDatabase(name);
        var settings = new TreeMap<String, String>();
        settings.put(prefix + ".host", "127.0.0.1");
        settings.put(prefix + ".port", "0");
        settings.put(prefix + ".database.url", database.jdbcUrl());
        settings.put(prefix + ".database.user", database.user());
        settings.put(prefix + ".database.password", database.password());
        settings.put(prefix + ".tokens.issuer", issuer(up.port()));
        settings.put(prefix + ".kafka.bootstrap-servers", address(kafkaPort));
        return settings;
    }

    private void putUpstream(Map<String, String> settings, String name, int identityPort, String client) {
        var prefix = "bank." + name + ".upstream";
        settings.put(prefix + ".identity", address(identityPort));
        settings.put(prefix + ".client-id", client);
        settings.put(prefix + ".client-secret", home.secret(client));
    }

    private static String address(int port) {
        return "127.0.0.1:" + port;
    }
}
