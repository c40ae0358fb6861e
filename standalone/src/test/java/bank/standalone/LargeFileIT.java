package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file far larger than the memory of the processes it goes through.
class LargeFileIT {
    private static final long SIZE = 1L << 30;

    @Test
    void oneGibibyteGoesThroughProcessesOf256Mebibytes(@TempDir Path directory) throws Exception {
        var settings = Map.of(
                "BANK_DOCUMENT_UPLOAD_BYTES_MAX", Long.toString(SIZE),
                "BANK_EDGE_UPLOAD_BYTES_MAX", Long.toString(SIZE + 1_000_000));
        try (var services = new ServiceProcesses(directory, "256m", settings);
                var client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            var http = new Http(services.uri());
            var token = http.token("client@demo.test", RunningBank.PASSWORD);
            var sent = MessageDigest.getInstance("SHA-256");
            var upload = client.send(
                    HttpRequest.newBuilder(services.uri().resolve("/v1/dbo/documents?file_name=large.pdf"))
                            .timeout(Duration.ofMinutes(5))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/pdf")
                            .POST(BodyPublishers.ofInputStream(() -> new DigestInputStream(pdf(), sent)))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(upload.statusCode()).as(upload.body()).isEqualTo(201);
            var digest = HexFormat.of().formatHex(sent.digest());
            assertThat(upload.body()).contains("\"digest\":\"sha-256:" + digest + "\"");
            var id = upload.body().replaceAll(".*\"document_id\":([0-9]+).*", "$1");

            var received = MessageDigest.getInstance("SHA-256");
            try (var body = client.send(
                            HttpRequest.newBuilder(URI.create(services.uri() + "/v1/dbo/documents/" + id + "/content"))
                                    .timeout(Duration.ofMinutes(5))
                                    .header("Authorization", "Bearer " + token)
                                    .build(),
                            BodyHandlers.ofInputStream())
                    .body()) {
                new DigestInputStream(body, received).transferTo(OutputStream.nullOutputStream());
            }
            assertThat(HexFormat.of().formatHex(received.digest())).isEqualTo(digest);
            for (var service : List.of("edge", "document")) {
                System.out.printf(
                        "1 GiB up and down at -Xmx256m: peak memory of %s %d MiB%n",
                        service, services.process(service).peakMemoryBytes() >> 20);
            }
        }
    }

    /// A PDF whose middle is noise, made as it is read.
    private static InputStream pdf() {
        var head = "%PDF-1.4\n%% ".getBytes(StandardCharsets.US_ASCII);
        var tail = "\nstartxref\n0\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);
        return new SequenceInputStream(Collections.enumeration(List.of(
                new ByteArrayInputStream(head),
                new Noise(SIZE - head.length - tail.length),
                new ByteArrayInputStream(tail))));
    }

    private static final class Noise extends InputStream {
        private final SplittableRandom random = new SplittableRandom(42);
        private long left;

        Noise(long size) {
            left = size;
        }

        @Override
        public int read() {
            if (left == 0) {
                return -1;
            }
            left--;
            return random.nextInt(256);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            var count = (int) Math.min(length, left);
            var bytes = new byte[count];
            random.nextBytes(bytes);
            System.arraycopy(bytes, 0, buffer, offset, count);
            left -= count;
            return count;
        }
    }
}
