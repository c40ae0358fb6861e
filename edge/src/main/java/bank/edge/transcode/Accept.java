package bank.edge.transcode;

import bank.edge.problem.EdgeFailures;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a client takes for an answer, from its `Accept` headers (RFC 9110, section 12.5.1). Ranges that cannot be read
/// are passed over.
final class Accept {
    private static final String WEIGHT = "q";
    private static final List<MediaType> JSON = List.of(MediaType.JSON.withoutParameters());

    private final List<MediaType> ranges = new ArrayList<>();

    Accept(RequestHeaders headers) {
        for (String line : headers.getAll(HttpHeaderNames.ACCEPT)) {
            for (String range : line.split(",", -1)) {
                add(range.strip());
            }
        }
    }

    /// Refuses a client who takes no `application/json`. Failures are told as `application/problem+json` whatever he
    /// takes.
    ///
    /// @throws bank.platform.failure.FailureException reason NOT_ACCEPTABLE
    static void requireJson(RequestHeaders headers) {
        String usual = headers.get(HttpHeaderNames.ACCEPT);
        if (usual == null || usual.equals("*/*") || usual.equals("application/json")) {
            return;
        }
        if (new Accept(headers).best(JSON).isEmpty()) {
            throw EdgeFailures.notAcceptable("application/json").exception();
        }
    }

    private void add(String range) {
        try {
            if (!range.isEmpty()) {
                ranges.add(MediaType.parse(range));
            }
        } catch (IllegalArgumentException _) {
            // As if it had not been sent.
        }
    }

    /// The offer the client likes best: by weight, then by how exactly it is named, then by the order of the offers.
    /// Without ranges anything will do. Empty when it takes none.
    ///
    /// @param offers media types there are, the usual one first
    Optional<MediaType> best(List<MediaType> offers) {
        MediaType best = null;
        float weight = 0;
        int wildcards = Integer.MAX_VALUE;
        for (MediaType offer : offers) {
            MediaType range = closest(offer);
            float liking = ranges.isEmpty() ? 1 : range == null ? 0 : range.qualityFactor();
            int loose = range == null ? 0 : range.numWildcards();
            if (liking > weight || (liking > 0 && liking == weight && loose < wildcards)) {
                best = offer;
                weight = liking;
                wildcards = loose;
            }
        }
        return Optional.ofNullable(best);
    }

    /// The range that names an offer most exactly, whose weight counts; null when none covers it.
    private @Nullable MediaType closest(MediaType offer) {
        MediaType closest = null;
        for (MediaType range : ranges) {
            boolean covers = covers(range, offer);
            if (covers && (closest == null || range.numWildcards() < closest.numWildcards())) {
                closest = range;
            }
        }
        return closest;
    }

    /// Parameters other than a charset make a range too narrow for what is offered here.
    private static boolean covers(MediaType range, MediaType offer) {
        boolean plain = range.parameters().keySet().stream()
                .allMatch(name -> name.equalsIgnoreCase(WEIGHT) || name.equalsIgnoreCase("charset"));
        return plain
                && (range.type().equals("*") || range.type().equals(offer.type()))
                && (range.subtype().equals("*") || range.subtype().equals(offer.subtype()));
    }
}
