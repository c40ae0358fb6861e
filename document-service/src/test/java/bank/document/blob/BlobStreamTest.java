package bank.document.blob;

import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.InputStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

class BlobStreamTest {
    @Test
    void tellsWhatTheSdkThrowsWhileReadingAsAnErrorOfReading() {
        var broken = new InputStream() {
            @Override
            public int read() {
                throw SdkClientException.create("the checksum does not match");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                return read();
            }
        };
        var object =
                new ResponseInputStream<>(GetObjectResponse.builder().build(), AbortableInputStream.create(broken));
        var stream = new BlobStream(object, 10);
        assertThatIOException()
                .isThrownBy(() -> stream.read(new byte[10]))
                .withMessageContaining("10 bytes too early")
                .withRootCauseInstanceOf(SdkClientException.class);
    }
}
