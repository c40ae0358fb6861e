package bank.platform.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import bank.v1.CreateContractRequest;
import bank.v1.LinkDocumentRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RepeatTest {
    private static final CreateContractRequest REQUEST =
            CreateContractRequest.newBuilder().setDescription("Договор").build();

    @Test
    void sameFieldsAreTheSame() {
        assertThat(Repeat.of(REQUEST)).isEqualTo(Repeat.of(REQUEST.toBuilder().build()));
        assertThat(Repeat.of(REQUEST))
                .isNotEqualTo(Repeat.of(REQUEST.toBuilder().setUserId(1).build()));
    }

    @Test
    void contentCountsByItsDigest() {
        assertThat(Repeat.of(REQUEST, "sha-256:aa")).isEqualTo(Repeat.of(REQUEST, "sha-256:aa"));
        assertThat(Repeat.of(REQUEST, "sha-256:aa")).isNotEqualTo(Repeat.of(REQUEST, "sha-256:ab"));
        assertThat(Repeat.of(REQUEST, "")).isEqualTo(Repeat.of(REQUEST));
    }

    @Test
    void fieldsAndDigestDoNotRunTogether() {
        var one = LinkDocumentRequest.newBuilder().setId(1).build();
        var digest = new String(new byte[] {16, 2}, StandardCharsets.US_ASCII);

        assertThat(Repeat.of(one, digest))
                .isNotEqualTo(Repeat.of(one.toBuilder().setDocumentId(2).build(), ""));
    }

    @Test
    void partsAreTheirOwn() {
        assertThat(Repeat.of(REQUEST).part("1")).isNotEqualTo(Repeat.of(REQUEST).part("2"));
        assertThat(Repeat.of(REQUEST).part("1").hash())
                .isEqualTo(Repeat.of(REQUEST).hash());
    }
}
