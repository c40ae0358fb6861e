package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import bank.v1.DownloadDocumentRequest;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;

class DownloadIT {
    // Listens until the servers have stopped.
    @RegisterExtension
    @Order(1)
    static final ExpectedLog unread = ExpectedLog.ofAnswersLeftUnread();

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("ERROR Download content of document ");

    private static final int SIZE = 1_000_000;

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension();

    private static final byte[] BYTES = SmallPdf.of("download", SIZE);

    @Test
    void sendsTheContentWithItsHeaders() {
        var uploaded = Sent.upload(service.client(), "Договор.pdf", BYTES);
        var received = download(service.client(), uploaded.getDocumentId());
        assertThat(received.bytes()).isEqualTo(BYTES);
        assertThat(received.http("content-type")).isEqualTo("application/pdf");
        assertThat(received.http("content-length")).isEqualTo(Integer.toString(SIZE));
        assertThat(received.http("etag")).isEqualTo("\"" + uploaded.getDigest() + "\"");
        assertThat(received.http("accept-ranges")).isEqualTo("bytes");
        assertThat(received.http("cache-control")).startsWith("private");
        assertThat(received.http("content-disposition"))
                .isEqualTo("attachment; filename=\"_______.pdf\"; "
                        + "filename*=UTF-8''%D0%94%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80.pdf");
        assertThat(received.http("status")).isNull();
        assertThat(received.http("content-range")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=0-99, 0, 99",
        "bytes=300000-, 300000, 999999",
        "bytes=-10, 999990, 999999",
        "bytes=999999-2000000, 999999, 999999",
        "bytes=0-, 0, 999999"
    })
    void sendsASingleRange(String range, int first, int last) {
        var id = Sent.upload(service.client(), "a.pdf", BYTES).getDocumentId();
        var received = download(service.client().with("range", range), id);
        assertThat(received.bytes()).isEqualTo(Arrays.copyOfRange(BYTES, first, last + 1));
        assertThat(received.http("status")).isEqualTo("206");
        assertThat(received.http("content-range")).isEqualTo("bytes " + first + "-" + last + "/" + SIZE);
        assertThat(received.http("content-length")).isEqualTo(Integer.toString(last - first + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,3-4", "bytes=a-b", "lines=0-1"})
    void sendsEverythingForOtherRanges(String range) {
        var id = Sent.upload(service.client(), "a.pdf", BYTES).getDocumentId();
        var received = download(service.client().with("range", range), id);
        assertThat(received.bytes()).isEqualTo(BYTES);
        assertThat(received.http("status")).isNull();
    }

    @Test
    void sendsARangeOnlyOfTheContentItIsMeantFor() {
        var uploaded = Sent.upload(service.client(), "a.pdf", BYTES);
        var caller = service.client().with("range", "bytes=0-9");
        var matching = caller.with("if-range", "\"" + uploaded.getDigest() + "\"");
        assertThat(download(matching, uploaded.getDocumentId()).bytes()).hasSize(10);
        for (var condition : new String[] {"\"sha-256:00\"", "Sat, 21 Nov 2026 00:00:00 GMT", "W/\"x\""}) {
            assertThat(download(caller.with("if-range", condition), uploaded.getDocumentId())
                            .bytes())
                    .hasSize(SIZE);
        }
    }

    @Test
    void refusesARangeOutsideOfTheContent() {
        var id = Sent.upload(service.client(), "a.pdf", BYTES).getDocumentId();
        var caller = service.client().with("range", "bytes=1000000-");
        assertThatCall(() -> download(caller, id)).fails(Code.OUT_OF_RANGE, "RANGE");
        try {
            download(caller, id);
        } catch (StatusRuntimeException e) {
            assertThat(e.getTrailers().get(Metadata.Key.of("http-content-range", Metadata.ASCII_STRING_MARSHALLER)))
                    .isEqualTo("bytes */" + SIZE);
        }
    }

    @Test
    void failsLoudlyWhenTheContentIsMissing() {
        var id = Sent.upload(service.client(), "a.pdf", BYTES).getDocumentId();
        service.blobs.delete(service.keyOf(id));
        assertThatCall(() -> download(service.client(), id)).fails(Code.INTERNAL, "CONTENT_BROKEN");
        assertThat(log.lines()).singleElement().asString().contains("document " + id + " version 1 is missing");
    }

    @Test
    void failsLoudlyWhenTheContentIsShorterOrChanged() {
        var id = Sent.upload(service.client(), "a.pdf", BYTES).getDocumentId();
        put(id, Arrays.copyOf(BYTES, SIZE - 1));
        assertThatCall(() -> download(service.client(), id)).fails(Code.INTERNAL, "CONTENT_BROKEN");
        var changed = BYTES.clone();
        changed[SIZE / 2]++;
        put(id, changed);
        assertThatCall(() -> download(service.client(), id)).fails(Code.INTERNAL, "CONTENT_BROKEN");
        assertThat(log.lines()).last().asString().contains("document " + id + " version 1 is broken");
    }

    @Test
    void stopsWhenTheCallerDoes() {
        var id = Sent.upload(service.client(), "a.pdf", SmallPdf.of("stop", 20_000_000))
                .getDocumentId();
        var parts = service.client()
                .documents()
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .downloadDocument(DownloadDocumentRequest.newBuilder().setId(id).build());
        assertThat(parts.next().getData().size()).isBetween(1, 256 * 1024);
        // Left here, it fills its window and waits; others go on.
        assertThat(Received.content(service.client(), id)).hasSize(20_000_000);
    }

    private static void put(long id, byte[] bytes) {
        service.s3Client.putObject(
                put -> put.bucket(service.s3.bucket()).key(service.keyOf(id)), RequestBody.fromBytes(bytes));
    }

    private static Received download(DocumentServiceExtension.Caller caller, long id) {
        return Received.of(
                caller, DownloadDocumentRequest.newBuilder().setId(id).build());
    }
}
