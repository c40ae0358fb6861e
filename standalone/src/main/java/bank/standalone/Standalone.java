package bank.standalone;

import bank.contract.ContractConfig;
import bank.contract.ContractServer;
import bank.document.DocumentConfig;
import bank.document.DocumentServer;
import bank.edge.EdgeConfig;
import bank.edge.EdgeServer;
import bank.embedded.EmbeddedPostgresServer;
import bank.embedded.EmbeddedS3Server;
import bank.embedded.EmbeddedServerException;
import bank.embedded.KafkaSettings;
import bank.embedded.PostgresSettings;
import bank.identity.IdentityConfig;
import bank.identity.IdentityServer;
import bank.platform.config.Settings;
import bank.standalone.CommandLine.Up;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/// Starts the parts in the order in which they need each other.
final class Standalone {
    private Standalone() {}

    /// Starts everything and prints the table of addresses and the ready line; before them the administrator's
    /// password, when one is set.
    ///
    /// @param up what the command line asks for
    /// @param home the data directory, held already
    /// @param environment further settings of the services, under the names they read when they run alone
    /// @param parts takes charge of each part as it starts
    /// @param out where the table goes
    /// @throws EmbeddedServerException when the port is taken or an embedded server does not start
    /// @throws bank.platform.config.InvalidSettingsException when a setting of the environment is wrong, or is
    ///     made here
    static void start(Up up, DataDirectory home, Map<String, String> environment, Parts parts, PrintStream out) {
        parts.add("data directory", home);
        var kafka = parts.add("Kafka", KafkaStart.begin(KafkaSettings.durable(home.kafka())));
        var postgres = parts.add("PostgreSQL", EmbeddedPostgresServer.start(PostgresSettings.durable(home.postgres())));
        var s3 = parts.add("S3", EmbeddedS3Server.start(home.s3(), 0, List.of(Wiring.issuer(up.port()))));
        s3.createBucket(Wiring.BUCKET);
        var wiring = new Wiring(up, home, postgres, kafka.port());
        var clock = Clock.systemUTC();

        var identity = parts.add(
                "identity-service",
                IdentityServer.start(
                        Settings.of(IdentityConfig.class, wiring.identity(), environment),
                        clock,
                        admin -> admin.print(out)));

        var document = parts.add(
                "document-service",
                DocumentServer.start(
                        Settings.of(DocumentConfig.class, wiring.document(identity.port(), s3), environment), clock));
        var contract = parts.add(
                "contract-service",
                ContractServer.start(
                        Settings.of(
                                ContractConfig.class, wiring.contract(identity.port(), document.port()), environment),
                        clock));

        var edge = parts.add(
                "edge",
                new EdgeServer(
                        Settings.of(
                                EdgeConfig.class,
                                wiring.edge(identity.port(), document.port(), contract.port()),
                                environment),
                        clock));
        edge.start();
        kafka.await();

        out.print(new AddressTable()
                .add("edge", Wiring.issuer(up.port()), "HTTP/JSON, gRPC, gRPC-Web")
                .add("identity", "127.0.0.1:" + identity.port(), "gRPC")
                .add("document", "127.0.0.1:" + document.port(), "gRPC")
                .add("contract", "127.0.0.1:" + contract.port(), "gRPC")
                .add("PostgreSQL", "127.0.0.1:" + postgres.port(), "databases identity, document, contract")
                .add("Kafka", "127.0.0.1:" + kafka.port(), "topics of events, see docs/events.md")
                .add("S3", s3.endpoint().toString(), "bucket " + Wiring.BUCKET)
                .add("data", home.root().toString(), "log in " + home.logs().resolve("bank.log")));
        out.println("ready " + Wiring.issuer(up.port()));
    }

    /// Asks before anything is made or started whether the edge will get its port; what decides is its own bind.
    ///
    /// @throws EmbeddedServerException when the port is taken
    static void requireFree(int port) {
        try {
            new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1")).close();
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "port " + port + " of 127.0.0.1 is taken: choose another with --port (" + e.getMessage() + ")", e);
        }
    }
}
