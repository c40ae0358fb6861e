package bank.edge.transcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartReaderTest {
    private static final String BODY = "preamble\r\n--b \r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
            + "one\r\n--bogus? \r\n-\r\n--\r\n--b\r\ncontent-disposition:form-data;name=f;filename=\"Д.pdf\"\r\n"
            + "Content-Digest: sha-256=:AA==:\r\n\r\n\r\n--b--\r\nepilogue";

    /// Hands bytes out in pieces of one size, as a network may.
    private static InputStream pieces(byte[] bytes, int size) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, size));
            }
        };
    }

    private static List<String> read(String body, int pieceSize) throws IOException {
        var reader = new MultipartReader(pieces(body.getBytes(StandardCharsets.UTF_8), pieceSize), "b");
        var parts = new ArrayList<String>();
        for (var part = reader.next(); part != null; part = reader.next()) {
            parts.add(part.header().name() + "|" + part.header().fileName() + "|"
                    + part.header().contentDigest() + "|"
                    + new String(part.content().readAllBytes(), StandardCharsets.UTF_8));
        }
        reader.end();
        return parts;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 11, 64, 1000})
    void findsPartsHoweverTheBytesArrive(int pieceSize) throws IOException {
        assertThat(read(BODY.replace("--bogus", "--c"), pieceSize))
                .containsExactly("a|||one\r\n--c? \r\n-\r\n--", "f|Д.pdf|sha-256=:AA==:|");
    }

    @Test
    void passesOverWhatIsNotRead() throws IOException {
        var body = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n" + "x".repeat(200_000)
                + "\r\n--b\r\nContent-Disposition: form-data; name=c\r\n\r\ny\r\n--b--";
        var reader = new MultipartReader(pieces(body.getBytes(StandardCharsets.US_ASCII), 8192), "b");
        assertThat(reader.next()).isNotNull();
        var second = reader.next();
        assertThat(second).isNotNull();
        assertThat(second.header().name()).isEqualTo("c");
        assertThat(reader.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--b",
                "--b\r\n",
                "--b\r\nContent-Disposition: form-data; name=a\r\n",
                "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx",
                "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b",
                "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b-",
                "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
                "--b\r\nX: y\r\n\r\nx\r\n--b--",
                "--bx\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--"
            })
    void refusesBodiesThatAreBrokenOrBreakOff(String body) {
        assertThatThrownBy(() -> read(body, 1000)).isInstanceOf(MultipartException.class);
    }

    @Test
    void refusesHeadersWithoutEnd() {
        var body = "--b\r\nContent-Disposition: form-data; name=\"" + "x".repeat(20_000);
        assertThatThrownBy(() -> read(body, 1000)).hasMessageContaining("longer than");
    }
}
