package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;

class AnswerHeadersTest {
    private static final AsciiString LIMIT = AsciiString.cached("ratelimit");

    private final ServiceRequestContext ctx = ServiceRequestContext.of(HttpRequest.of(HttpMethod.GET, "/"));

    @Test
    void takeThePlaceOfWhatTheAnswerSaysByItself() {
        AnswerHeaders.add(ctx, LIMIT, "ours");
        AnswerHeaders.add(ctx, LIMIT, "ours too");

        var headers = AnswerHeaders.in(
                ctx, ResponseHeaders.builder(200).add(LIMIT, "theirs").build());

        assertThat(headers.getAll(LIMIT)).containsExactly("ours, ours too");
    }

    @Test
    void areAddedOnce() {
        AnswerHeaders.add(ctx, LIMIT, "ours");
        var made = ResponseHeaders.builder(200);
        AnswerHeaders.addTo(ctx, made);

        assertThat(AnswerHeaders.in(ctx, made.build()).getAll(LIMIT)).containsExactly("ours");
    }

    @Test
    void areInTheAnswerThatTakesThePlaceOfAnother() {
        AnswerHeaders.add(ctx, LIMIT, "ours");
        AnswerHeaders.addTo(ctx, ResponseHeaders.builder(200));

        assertThat(AnswerHeaders.in(ctx, ResponseHeaders.of(504)).getAll(LIMIT)).containsExactly("ours");
    }

    @Test
    void leaveAnAnswerAloneWhenThereAreNone() {
        var headers = ResponseHeaders.of(204);

        assertThat(AnswerHeaders.in(ctx, headers)).isSameAs(headers);
    }
}
