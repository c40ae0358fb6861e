package bank.document.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromisedDigestsTest {
    // Of RFC 9530, appendix D: {"hello": "world"} and a line feed.
    private static final String SHA_256 = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
    private static final String SHA_512 =
            "sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCs" + "yRZOtw8MjkM7iw7yZ/WkppmM44T3qg==:";

    @Test
    void readsTheExampleOfTheRfc() {
        var digests = PromisedDigests.parse(SHA_256);
        assertThat(digests.by("sha-256").map(HexFormat.of()::formatHex))
                .contains("44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38");
        assertThat(digests.by("sha-512")).isEmpty();
    }

    @Test
    void readsSeveralAndPassesOverUnknownOnes() {
        var digests = PromisedDigests.parse("md5=:AAAA:, " + SHA_512 + "," + SHA_256 + ";q=1");
        assertThat(digests.by("sha-256")).isPresent();
        assertThat(digests.by("sha-512"))
                .hasValueSatisfying(digest -> assertThat(digest).hasSize(64));
        assertThat(digests.by("md5")).isEmpty();
    }

    @Test
    void promisesNothingWhenEmpty() {
        assertThat(PromisedDigests.parse("").by("sha-256")).isEmpty();
        assertThat(PromisedDigests.parse(" ").by("sha-256")).isEmpty();
    }

    @Test
    void refusesUnknownOnesAlone() {
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> PromisedDigests.parse("md5=:AAAA:"))
                .satisfies(e -> assertThat(e.failure()).isInstanceOf(DocumentFailure.DigestUnsupported.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha-256",
                "sha-256=abc",
                "sha-256=:abc",
                "sha-256=:a:",
                "sha-256=:AAAA:",
                ",",
                "sha-256=::",
                "SHA-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
                "sha-256=:RK-0qy18MlBSVnWgjwz6lZEWjP_lF5HF9bvEF8FabDg=:",
                "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:,"
            })
    void refusesWhatIsNoDigest(String header) {
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> PromisedDigests.parse(header))
                .satisfies(e -> assertThat(e.failure()).isInstanceOf(DocumentFailure.DigestMalformed.class));
    }
}
