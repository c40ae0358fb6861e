package bank.document;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ServiceProcess;
import bank.v1.DownloadDocumentRequest;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// document-service as a process of its own.
class MainIT {
    private static final int LARGE = 100 * 1024 * 1024;

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension();

    @TempDir
    Path spool;

    @Test
    void runsAloneAndNeedsLessMemoryThanItsFilesHave() throws Exception {
        try (var process = ServiceProcess.ofMain(Main.class)
                .heap("64m")
                .environment(service.environment())
                .environment("BANK_DOCUMENT_UPLOAD_SPOOL", spool.toString())
                .environment("BANK_DOCUMENT_UPLOAD_BYTES_MAX", Integer.toString(LARGE))
                .start()) {
            var ready = process.awaitLine(line -> line.startsWith("ready 127.0.0.1:"), Duration.ofSeconds(60));
            var channel = NettyChannelBuilder.forTarget(ready.substring("ready ".length()))
                    .usePlaintext()
                    .build();
            var client = service.client(channel);
            var uploaded = Sent.upload(client, "a.pdf", SmallPdf.of("large", LARGE));
            var sha256 = MessageDigest.getInstance("SHA-256");
            client.documents()
                    .downloadDocument(DownloadDocumentRequest.newBuilder()
                            .setId(uploaded.getDocumentId())
                            .build())
                    .forEachRemaining(part -> sha256.update(part.getData().asReadOnlyByteBuffer()));
            assertThat("sha-256:" + HexFormat.of().formatHex(sha256.digest())).isEqualTo(uploaded.getDigest());
            channel.shutdownNow();
            process.stop(Duration.ofSeconds(30));
            try (var left = Files.list(spool)) {
                assertThat(left).containsExactly(spool.resolve("start.lock"));
            }
        }
    }

    @Test
    void listsDeadLettersBesideARunningService() {
        try (var process = ServiceProcess.ofMain(Main.class, "dead-letters", "list")
                .environment(service.environment())
                .start()) {
            assertThat(process.awaitExit(Duration.ofSeconds(60))).isZero();
            assertThat(process.output()).containsExactly("no dead letters");
        }
    }

    @Test
    void tellsEverySettingThatIsMissing() {
        try (var process = ServiceProcess.ofMain(Main.class).start()) {
            process.awaitLine(line -> line.contains("bank.document.s3.endpoint"), Duration.ofSeconds(60));
            assertThat(process.awaitExit(Duration.ofSeconds(20))).isEqualTo(2);
        }
    }
}
