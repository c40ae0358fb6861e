package bank.platform.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.failure.Failure.Violation;
import bank.v1.BatchDocument;
import bank.v1.BatchForm;
import bank.v1.CreateContractRequest;
import bank.v1.HttpHeader;
import bank.v1.RawHttpRequest;
import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

class NulCharactersTest {
    @Test
    void findsThemAtAnyDepth() {
        var form = BatchForm.newBuilder()
                .addDocuments(BatchDocument.newBuilder().setDescription("good"))
                .addDocuments(BatchDocument.newBuilder().setUserId(1).setDescription("b\0d"))
                .build();

        assertThat(NulCharacters.in(form)).extracting(Violation::field).containsExactly("documents[1].description");
        assertThat(NulCharacters.in(
                        CreateContractRequest.newBuilder().setDescription("\0").build()))
                .extracting(Violation::field)
                .containsExactly("description");
    }

    @Test
    void bytesMayHoldThem() {
        var request = RawHttpRequest.newBuilder()
                .setBody(ByteString.copyFrom(new byte[10]))
                .addHeaders(HttpHeader.newBuilder().setName("accept").setValue("*/*"))
                .build();

        assertThat(NulCharacters.in(request)).isEmpty();
    }
}
