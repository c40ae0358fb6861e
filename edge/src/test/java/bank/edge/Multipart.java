package bank.edge;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A `multipart/form-data` body as clients write it.
final class Multipart {
    static final String TYPE = "multipart/form-data; boundary=limit";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    Multipart field(String name, String value) {
        return part("Content-Disposition: form-data; name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
    }

    /// A file whose name is sent in raw UTF-8, as curl does.
    Multipart file(String name, String fileName, byte[] content) {
        return part(
                "Content-Disposition: form-data; name=\"" + name + "\"; filename=\"" + fileName
                        + "\"\r\nContent-Type: application/octet-stream",
                content);
    }

    Multipart part(String header, byte[] content) {
        body.writeBytes(("--limit\r\n" + header + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    byte[] unfinished() {
        return body.toByteArray();
    }

    /// As text, for contents that are.
    String finishedText() {
        return new String(finished(), StandardCharsets.UTF_8);
    }

    byte[] finished() {
        body.writeBytes("--limit--\r\n".getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }
}
