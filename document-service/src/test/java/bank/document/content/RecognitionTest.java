package bank.document.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.MediaType;
import bank.document.model.PromisedDigests;
import bank.testing.TestDocuments;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecognitionTest {
    @TempDir
    Path directory;

    private Spool spool;

    @BeforeEach
    void open() {
        spool = Spool.open(directory);
    }

    @AfterEach
    void close() {
        spool.close();
    }

    @ParameterizedTest
    @CsvSource({
        "rent-contract.pdf, PDF",
        "bank-statement.pdf, PDF",
        "statement-gs.pdf, PDF",
        "scan-img2pdf.pdf, PDF",
        "rent-contract.docx, DOCX",
        "scan.png, PNG",
        "scan.jpg, JPEG",
        "passport-scan.tiff, TIFF",
        "scan-lzw.tiff, TIFF"
    })
    void recognisesWhatOtherProgramsWrote(String file, MediaType type) {
        assertThat(recognise(TestDocuments.bytes(file))).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
        "truncated.docx, application/zip",
        "truncated.pdf, application/pdf",
        "renamed-exe.pdf, application/x-msdownload",
        "macro.docx, application/vnd.ms-word.document.macroEnabled.12",
        "zip.docx, application/zip",
        "spreadsheet.docx, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "html.pdf, text/html"
    })
    void refusesWhatIsSomethingElseOrDamaged(String file, String detected) {
        assertThat(refusal(TestDocuments.bytes(file)).detected()).startsWith(detected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rent-contract.pdf",
                "bank-statement.pdf",
                "statement-gs.pdf",
                "scan-img2pdf.pdf",
                "rent-contract.docx",
                "scan.png",
                "scan.jpg",
                "passport-scan.tiff",
                "scan-lzw.tiff"
            })
    void refusesEveryFileThatIsCutOff(String file) {
        var whole = TestDocuments.bytes(file);
        for (var part : new int[] {10, 50, 90, 98}) {
            refusal(Arrays.copyOf(whole, whole.length * part / 100));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain text", "%PD", "PK", "II*\0", "MM\0*\0\0\0\b", "\u0089PNG\r\n\u001a\n"})
    void refusesTextAndBareBeginnings(String content) {
        refusal(content.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void refusesADocxWithAFlippedBit() {
        var bytes = TestDocuments.bytes("rent-contract.docx");
        bytes[bytes.length / 3] ^= 0x10;
        refusal(bytes);
    }

    @Test
    void refusesADocxWithoutItsMainPart() throws IOException {
        assertThat(refusal(rezipped("word/document.xml", null)).problem()).contains("main part");
    }

    @Test
    void refusesADocxWhoseMainPartIsNoDocument() throws IOException {
        assertThat(refusal(rezipped("word/document.xml", "<html/>")).problem()).contains("no document");
    }

    @Test
    void refusesADocxWithADoctypeInItsContentTypes() throws IOException {
        refusal(rezipped("[Content_Types].xml", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"));
    }

    @Test
    void takesADocxBelowTheMemoryLimitAndOneAboveIt() throws IOException {
        assertThat(recognise(rezipped("docProps/app.xml", "<a/>"))).isEqualTo(MediaType.DOCX);
        var incompressible = new StringBuilder();
        new Random(1).ints(Reception.MEMORY_BYTES_MAX * 2L, 'a', 'z').forEach(incompressible::appendCodePoint);
        assertThat(recognise(rezipped("docProps/app.xml", incompressible.toString())))
                .isEqualTo(MediaType.DOCX);
    }

    @Test
    void takesATiffWhoseDirectoryComesFirst() {
        var tiff = ByteBuffer.allocate(60);
        tiff.put("MM\0*".getBytes(StandardCharsets.ISO_8859_1)).putInt(8);
        tiff.putShort((short) 3);
        tiff.putShort((short) 256)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) 8)
                .putShort((short) 0);
        tiff.putShort((short) 273).putShort((short) 4).putInt(1).putInt(52);
        tiff.putShort((short) 279).putShort((short) 4).putInt(1).putInt(8);
        tiff.putInt(0);
        assertThat(recognise(tiff.array())).isEqualTo(MediaType.TIFF);
        assertThat(refusal(Arrays.copyOf(tiff.array(), 59)).problem()).contains("cut off");
    }

    @Test
    void refusesATiffWhosePagesGoRound() {
        var tiff = ByteBuffer.allocate(60);
        tiff.put("MM\0*".getBytes(StandardCharsets.ISO_8859_1)).putInt(8);
        tiff.putShort((short) 2);
        tiff.putShort((short) 273).putShort((short) 4).putInt(1).putInt(52);
        tiff.putShort((short) 279).putShort((short) 4).putInt(1).putInt(8);
        tiff.putInt(8);
        assertThat(refusal(tiff.array()).problem()).contains("pages");
    }

    private byte[] rezipped(String entry, String content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var in = new ZipInputStream(new ByteArrayInputStream(TestDocuments.bytes("rent-contract.docx")));
                var out = new ZipOutputStream(bytes)) {
            for (var next = in.getNextEntry(); next != null; next = in.getNextEntry()) {
                if (!next.getName().equals(entry)) {
                    out.putNextEntry(new ZipEntry(next.getName()));
                    in.transferTo(out);
                } else if (content != null) {
                    out.putNextEntry(new ZipEntry(entry));
                    out.write(content.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return bytes.toByteArray();
    }

    private DocumentFailure.UnsupportedContent refusal(byte[] bytes) {
        var refused = new DocumentFailure.UnsupportedContent[1];
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> recognise(bytes))
                .satisfies(e -> refused[0] = (DocumentFailure.UnsupportedContent) e.failure());
        return refused[0];
    }

    private MediaType recognise(byte[] bytes) {
        try (var reception = spool.receive(Long.MAX_VALUE, PromisedDigests.none())) {
            reception.write(ByteBuffer.wrap(bytes));
            try (var content = reception.finish()) {
                return new Recognition().recognise(content);
            }
        }
    }
}
