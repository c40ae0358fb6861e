package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.StatusAssert;
import bank.testing.TestDocuments;
import bank.v1.DocumentForm;
import bank.v1.FileHeader;
import bank.v1.ListUserDocumentsRequest;
import bank.v1.UploadDocumentRequest;
import com.google.protobuf.ByteString;
import com.google.type.Date;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an upload is refused for; nothing is stored by any of these.
class RefusedUploadIT {
    private static final int LIMIT = 1024 * 1024;

    @RegisterExtension
    static final DocumentServiceExtension service =
            new DocumentServiceExtension(Map.of("upload.bytes-max", Integer.toString(LIMIT)));

    @AfterEach
    void nothingIsStored() {
        var list = service.employee()
                .documents()
                .listUserDocuments(ListUserDocumentsRequest.newBuilder()
                        .setUserId(TestIdentity.CLIENT)
                        .build());
        assertThat(list.getDocumentsList()).isEmpty();
        assertThat(service.s3.bucketIsEmpty()).isTrue();
    }

    @Test
    void refusesAnEmptyFile() {
        upload("a.pdf", new byte[0]).fails(Code.INVALID_ARGUMENT, "EMPTY_FILE");
    }

    @Test
    void refusesAnUploadWithoutAFile() {
        assertThatCall(() -> Sent.upload(
                        service.client(),
                        List.of(UploadDocumentRequest.newBuilder()
                                .setForm(DocumentForm.newBuilder().setDescription("a"))
                                .build())))
                .fails(Code.INVALID_ARGUMENT, "FILE_MISSING");
        assertThatCall(() -> Sent.upload(service.client(), List.of())).fails(Code.INVALID_ARGUMENT, "FILE_MISSING");
        assertThatCall(() -> Sent.upload(
                        service.client(),
                        List.of(UploadDocumentRequest.newBuilder()
                                .setChunk(ByteString.copyFromUtf8("a"))
                                .build())))
                .fails(Code.INVALID_ARGUMENT, "FILE_MISSING");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "renamed-exe.pdf",
                "truncated.docx",
                "truncated.pdf",
                "macro.docx",
                "zip.docx",
                "spreadsheet.docx",
                "html.pdf"
            })
    void refusesContentOfAnotherKind(String file) {
        upload(file, TestDocuments.bytes(file)).fails(Code.INVALID_ARGUMENT, "MEDIA_TYPE");
    }

    @Test
    void refusesOneByteAboveTheLimit() {
        upload("a.pdf", SmallPdf.of("large", LIMIT + 1))
                .fails(Code.RESOURCE_EXHAUSTED, "CONTENT_TOO_LARGE")
                .hasMetadata("bytes_max", Integer.toString(LIMIT));
    }

    @Test
    void refusesAWrongDigest() {
        header("sha-256=:" + "A".repeat(43) + "=:").fails(Code.INVALID_ARGUMENT, "DIGEST_MISMATCH");
    }

    @Test
    void refusesADigestThatIsNone() {
        header("sha-256=abc").fails(Code.INVALID_ARGUMENT, "DIGEST_MALFORMED");
        header("sha-256=:AAAA:").fails(Code.INVALID_ARGUMENT, "DIGEST_MALFORMED");
        header("md5=:AAAA:").fails(Code.INVALID_ARGUMENT, "DIGEST_UNSUPPORTED");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "../a.pdf", "C:\\a.pdf", "a\nb.pdf", ".."})
    void refusesNamesThatMislead(String name) {
        upload(name, SmallPdf.of("a")).fails(Code.INVALID_ARGUMENT, "FILE_NAME").hasFieldViolation("file_name");
    }

    @Test
    void refusesACategoryThatIsNotThere() {
        form(DocumentForm.newBuilder().setCategory("Рецепты"))
                .fails(Code.INVALID_ARGUMENT, "UNKNOWN_CATEGORY")
                .hasFieldViolation("category");
        form(DocumentForm.newBuilder().setCallcopyId(99))
                .fails(Code.INVALID_ARGUMENT, "UNKNOWN_CATEGORY")
                .hasFieldViolation("callcopy_id");
    }

    @Test
    void refusesFormsThatMakeNoSense() {
        form(DocumentForm.newBuilder().setCategory("other").setCallcopyId(5))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
        form(DocumentForm.newBuilder()
                        .setActualDate(
                                Date.newBuilder().setYear(2024).setMonth(2).setDay(2))
                        .setActualEndDate(
                                Date.newBuilder().setYear(2024).setMonth(2).setDay(1)))
                .hasFieldViolation("actual_end_date");
        form(DocumentForm.newBuilder()
                        .setActualDate(
                                Date.newBuilder().setYear(2023).setMonth(2).setDay(29)))
                .hasFieldViolation("actual_date");
        form(DocumentForm.newBuilder()
                        .setActualDate(Date.newBuilder().setMonth(2).setDay(1)))
                .hasFieldViolation("actual_date");
        form(DocumentForm.newBuilder().setDescription("a\u0001b")).hasFieldViolation("description");
        form(DocumentForm.newBuilder().setDescription("ж".repeat(1001))).fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
    }

    @Test
    void refusesTwoFilesAndAFieldGivenTwice() {
        var file = UploadDocumentRequest.newBuilder()
                .setFile(FileHeader.newBuilder().setFileName("a.pdf"))
                .build();
        assertThatCall(() -> Sent.upload(service.client(), List.of(file, file)))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("file");
        var form = UploadDocumentRequest.newBuilder()
                .setForm(DocumentForm.newBuilder().setDescription("a"))
                .build();
        assertThatCall(() -> Sent.upload(service.client(), List.of(form, form))).hasFieldViolation("description");
    }

    @Test
    void refusesAChunkAboveAMebibyte() {
        var file = UploadDocumentRequest.newBuilder()
                .setFile(FileHeader.newBuilder().setFileName("a.pdf"))
                .build();
        var chunk = UploadDocumentRequest.newBuilder()
                .setChunk(ByteString.copyFrom(new byte[1024 * 1024 + 1]))
                .build();
        assertThatCall(() -> Sent.upload(service.client(), List.of(file, chunk)))
                .hasFieldViolation("chunk");
    }

    @Test
    void refusesThoseWhoMayNotUpload() {
        assertThatCall(() -> Sent.upload(service.nobody(), "a.pdf", SmallPdf.of("a")))
                .fails(Code.UNAUTHENTICATED, "TOKEN_MISSING");
        assertThatCall(() -> Sent.upload(service.employee(), "a.pdf", SmallPdf.of("a")))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
        assertThatCall(() -> Sent.upload(service.machine("documents:upload"), "a.pdf", SmallPdf.of("a")))
                .fails(Code.PERMISSION_DENIED, "USER_MISSING");
    }

    @Test
    void changesNothingInADryRun() {
        var dry = service.client().with("validate-only", "true");
        var answer = Sent.upload(dry, "a.pdf", SmallPdf.of("dry"));
        assertThat(answer.getMediaType()).isEqualTo("application/pdf");
        assertThatCall(() -> Sent.upload(dry, "a.pdf", TestDocuments.bytes("zip.docx")))
                .fails(Code.INVALID_ARGUMENT, "MEDIA_TYPE");
        assertThatCall(() -> Sent.upload(
                        dry, DocumentForm.newBuilder().setCategory("x").build(), "a.pdf", SmallPdf.of("dry")))
                .fails(Code.INVALID_ARGUMENT, "UNKNOWN_CATEGORY");
    }

    private static StatusAssert upload(String name, byte[] content) {
        return assertThatCall(() -> Sent.upload(service.client(), name, content));
    }

    private static StatusAssert header(String digest) {
        var header = FileHeader.newBuilder()
                .setFileName("a.pdf")
                .setContentDigest(digest)
                .build();
        return assertThatCall(
                () -> Sent.upload(service.client(), DocumentForm.getDefaultInstance(), header, SmallPdf.of("digest")));
    }

    private static StatusAssert form(DocumentForm.Builder form) {
        return assertThatCall(() -> Sent.upload(service.client(), form.build(), "a.pdf", SmallPdf.of("form")));
    }
}
