package bank.platform.page;

import static bank.platform.FailureAssert.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.auth.Principal;
import bank.platform.grpc.TestCalls;
import bank.v1.ListContractDocumentsRequest;
import bank.v1.ListContractsRequest;
import bank.v1.Role;
import com.google.protobuf.Message;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PageTokensTest {
    private static final Principal CALLER = new Principal.User(17, Role.ROLE_CLIENT, "s-1");
    private static final ListContractsRequest REQUEST =
            ListContractsRequest.newBuilder().setUserId(17).setPageSize(2).build();

    private final PageTokens tokens = new PageTokens(new byte[32]);

    @Test
    void lastPageHasNoToken() {
        assertThat(cut(List.of()).nextToken()).isEmpty();
        assertThat(cut(List.of("a", "b"))).isEqualTo(new PageTokens.Page<>(List.of("a", "b"), ""));
    }

    @Test
    void fullPageEndsAtItsSizeAndTellsItsPlace() {
        var page = cut(List.of("a", "б", "c"));

        assertThat(page.rows()).containsExactly("a", "б");
        assertThat(position(CALLER, tokens, with(page.nextToken()))).isEqualTo("б");
        assertThat(position(CALLER, tokens, REQUEST)).isNull();
        assertThat(page.map(String::length).rows()).containsExactly(1, 1);
    }

    @Test
    void pageSizeMayChangeOnTheWay() {
        var token = cut(List.of("a", "b", "c")).nextToken();

        assertThat(position(
                        CALLER, tokens, with(token).toBuilder().setPageSize(50).build()))
                .isEqualTo("b");
    }

    @Test
    void tokenDoesNotShowItsPlaceAndIsTheSameForTheSamePage() {
        var place = "9434765919";
        var token = cut(List.of("a", place, "c")).nextToken();

        var bytes = Base64.getUrlDecoder().decode(token);
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain(place);
        assertThat(cut(List.of("b", place, "d")).nextToken()).isEqualTo(token);
    }

    @Test
    void tokenIsRefusedElsewhere() {
        var token = cut(List.of("a", "b", "c")).nextToken();
        var another = new Principal.User(18, Role.ROLE_CLIENT, "s-1");
        var machine = new Principal.Machine("17", Set.of());

        assertRefused(another, tokens, with(token));
        assertRefused(machine, tokens, with(token));
        assertRefused(CALLER, tokens, with(token).toBuilder().setUserId(18).build());
        assertRefused(
                CALLER,
                tokens,
                ListContractDocumentsRequest.newBuilder()
                        .setId(17)
                        .setPageToken(token)
                        .build());
        assertRefused(CALLER, new PageTokens(new byte[] {1}), with(token));
    }

    static Stream<String> tampered() {
        return Stream.of("x", "!!", "MTc", "A".repeat(30), "=".repeat(8));
    }

    @ParameterizedTest
    @MethodSource("tampered")
    void tamperedTokenIsRefused(String token) {
        assertRefused(CALLER, tokens, with(token));
        var good = cut(List.of("a", "b", "c")).nextToken();
        assertRefused(CALLER, tokens, with(good + "A"));
        assertRefused(CALLER, tokens, with((good.startsWith("B") ? "C" : "B") + good.substring(1)));
    }

    private PageTokens.Page<String> cut(List<String> rows) {
        return TestCalls.call(CALLER, Map.of(), () -> tokens.cut(REQUEST, rows, 2, row -> row));
    }

    private static ListContractsRequest with(String token) {
        return REQUEST.toBuilder().setPageToken(token).build();
    }

    private static String position(Principal caller, PageTokens tokens, Message request) {
        return TestCalls.call(caller, Map.of(), () -> tokens.position(request));
    }

    private static void assertRefused(Principal caller, PageTokens tokens, Message request) {
        var failure = assertFails(Code.INVALID_ARGUMENT, "PAGE_TOKEN", () -> position(caller, tokens, request));
        assertThat(failure.violations()).extracting(v -> v.field()).containsExactly("page_token");
    }
}
