package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.TestDocuments;
import bank.v1.BatchGetDocumentsRequest;
import bank.v1.DocumentForm;
import bank.v1.DocumentStatus;
import bank.v1.FileHeader;
import bank.v1.GetDocumentRequest;
import bank.v1.ListUserDocumentsRequest;
import bank.v1.UploadDocumentRequest;
import com.google.protobuf.ByteString;
import com.google.type.Date;
import io.grpc.Status.Code;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploadIT {
    private static final int LIMIT = 1024 * 1024;

    @RegisterExtension
    static final DocumentServiceExtension service =
            new DocumentServiceExtension(Map.of("upload.bytes-max", Integer.toString(LIMIT)));

    @ParameterizedTest
    @CsvSource({
        "rent-contract.pdf, Договор аренды.pdf, application/pdf",
        "bank-statement.pdf, Выписка.pdf, application/pdf",
        "statement-gs.pdf, statement.pdf, application/pdf",
        "scan-img2pdf.pdf, скан.pdf, application/pdf",
        "rent-contract.docx, Договор аренды.docx, application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "scan.png, скан.png, image/png",
        "scan.jpg, скан.jpg, image/jpeg",
        "passport-scan.tiff, скан паспорта.tiff, image/tiff",
        "scan-lzw.tiff, named-as-it-likes.pdf, image/tiff"
    })
    void storesWhatOtherProgramsWroteAndGivesItBackByteIdentical(String file, String name, String mediaType)
            throws Exception {
        var bytes = TestDocuments.bytes(file);
        var sha256 = MessageDigest.getInstance("SHA-256").digest(bytes);
        var header = FileHeader.newBuilder()
                .setFileName(name)
                .setContentDigest("sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":")
                .build();

        var uploaded = Sent.upload(service.client(), DocumentForm.getDefaultInstance(), header, bytes);

        assertThat(uploaded.getStatus()).isEqualTo(DocumentStatus.DOCUMENT_STATUS_PENDING);
        assertThat(uploaded.getMediaType()).isEqualTo(mediaType);
        assertThat(uploaded.getFileName()).isEqualTo(name);
        assertThat(uploaded.getDigest()).isEqualTo("sha-256:" + HexFormat.of().formatHex(sha256));
        assertThat(Received.content(service.client(), uploaded.getDocumentId())).isEqualTo(bytes);
        assertThat(Received.content(service.employee(), uploaded.getDocumentId()))
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"bank-statement.pdf,document.pdf", "scan.png,document.png", "rent-contract.docx,document.docx"})
    void namesAFileByItsTypeWhenItsSenderGivesNoName(String sample, String name) {
        var stored = Sent.upload(service.client(), "", TestDocuments.bytes(sample));
        assertThat(stored.getFileName()).isEqualTo(name);
    }

    @Test
    void repeatsAnUploadWithoutAName() {
        var keyed = service.client().with("idempotency-key", "nameless");
        var content = SmallPdf.of("nameless");
        var first = Sent.upload(keyed, "", content);
        assertThat(Sent.upload(keyed, "", content)).isEqualTo(first);
        assertThatCall(() -> Sent.upload(keyed, "document.pdf", content)).fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
    }

    @Test
    void keepsTheNameOfADocumentWhoseContentIsReplacedWithoutOne() {
        var id = Sent.upload(service.client(), "Договор.pdf", SmallPdf.of("first"))
                .getDocumentId();
        assertThat(Sent.replace(service.client(), id, "", SmallPdf.of("second")).getFileName())
                .isEqualTo("Договор.pdf");
    }

    @Test
    void keepsWhatTheUploaderSaysOfADocument() {
        var form = DocumentForm.newBuilder()
                .setDescription("Договор аренды")
                .setCategory("ДОГОВОРЫ")
                .setActualDate(Date.newBuilder().setYear(2023).setMonth(10).setDay(25))
                .setActualEndDate(Date.newBuilder().setYear(2024).setMonth(2).setDay(29))
                .build();
        var id = Sent.upload(service.client(), form, "a.pdf", SmallPdf.of("form"))
                .getDocumentId();

        var document = service.client()
                .reviews()
                .getDocument(GetDocumentRequest.newBuilder().setId(id).build());

        assertThat(document.getUserId()).isEqualTo(TestIdentity.CLIENT);
        assertThat(document.getDescription()).isEqualTo("Договор аренды");
        assertThat(document.getCategory()).isEqualTo("Договоры");
        assertThat(document.getCallcopyId()).isEqualTo(2);
        assertThat(document.getActualDate()).isEqualTo(form.getActualDate());
        assertThat(document.getActualEndDate()).isEqualTo(form.getActualEndDate());
        assertThat(document.hasPlanMaturityDate()).isFalse();
        assertThat(document.hasWorkerId()).isFalse();
        assertThat(document.getVersion()).isEqualTo(1);
        assertThat(document.getEtag()).isEqualTo("1");
        var list = service.client()
                .documents()
                .listUserDocuments(ListUserDocumentsRequest.newBuilder()
                        .setUserId(TestIdentity.CLIENT)
                        .build());
        assertThat(list.getDocumentsList()).anySatisfy(row -> {
            assertThat(row.getId()).isEqualTo(id);
            assertThat(row.getCategory()).isEqualTo("Договоры");
            assertThat(row.getStatus()).isEqualTo(DocumentStatus.DOCUMENT_STATUS_PENDING);
        });
    }

    @Test
    void takesAFileOfExactlyTheLimit() {
        var bytes = SmallPdf.of("limit", LIMIT);
        var id = Sent.upload(service.client(), "a.pdf", bytes).getDocumentId();
        assertThat(Received.content(service.client(), id)).isEqualTo(bytes);
    }

    @Test
    void takesTheFormInPiecesAroundTheFile() {
        var id = Sent.upload(
                        service.client(),
                        List.of(
                                UploadDocumentRequest.newBuilder()
                                        .setForm(DocumentForm.newBuilder().setDescription("before"))
                                        .build(),
                                UploadDocumentRequest.newBuilder()
                                        .setFile(FileHeader.newBuilder().setFileName("header.pdf"))
                                        .build(),
                                UploadDocumentRequest.newBuilder()
                                        .setChunk(ByteString.copyFrom(SmallPdf.of("pieces")))
                                        .build(),
                                UploadDocumentRequest.newBuilder()
                                        .setForm(DocumentForm.newBuilder()
                                                .setCallcopyId(1)
                                                .setFileName("form.pdf"))
                                        .build()))
                .getDocumentId();
        var document = service.client()
                .reviews()
                .getDocument(GetDocumentRequest.newBuilder().setId(id).build());
        assertThat(document.getDescription()).isEqualTo("before");
        assertThat(document.getCallcopyId()).isEqualTo(1);
        assertThat(document.getFileName()).isEqualTo("form.pdf");
    }

    @Test
    void linksToTheContentUnderItsOwnName() throws Exception {
        var bytes = SmallPdf.of("link");
        var id = Sent.upload(service.client(), "Договор №5.pdf", bytes).getDocumentId();
        var other = Sent.upload(service.otherClient(), "b.pdf", bytes).getDocumentId();
        var request = BatchGetDocumentsRequest.newBuilder()
                .addIds(other)
                .addIds(id)
                .addIds(id)
                .addIds(Long.MAX_VALUE)
                .build();

        var mine = service.client().documents().batchGetDocuments(request);

        assertThat(mine.getDocumentsList()).hasSize(1);
        assertThat(mine.getDocuments(0).getDocument().getId()).isEqualTo(id);
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(mine.getDocuments(0).getLink()))
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(bytes);
            assertThat(answer.headers().firstValue("content-type")).contains("application/pdf");
            assertThat(answer.headers().firstValue("content-disposition"))
                    .hasValueSatisfying(value -> assertThat(value)
                            .contains("filename*=UTF-8''%D0%94%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80%20%E2%84%965.pdf"));
        }
        assertThat(service.employee().documents().batchGetDocuments(request).getDocumentsList())
                .extracting(linked -> linked.getDocument().getId())
                .containsExactly(id, other);
    }

    @Test
    void hidesAnothersDocument() {
        var id = Sent.upload(service.client(), "a.pdf", SmallPdf.of("own")).getDocumentId();
        assertThatCall(() -> service.otherClient()
                        .reviews()
                        .getDocument(GetDocumentRequest.newBuilder().setId(id).build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> Received.content(service.otherClient(), id)).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> Sent.replace(service.otherClient(), id, "b.pdf", SmallPdf.of("b")))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> service.otherClient()
                        .documents()
                        .listUserDocuments(ListUserDocumentsRequest.newBuilder()
                                .setUserId(TestIdentity.CLIENT)
                                .build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
    }
}
