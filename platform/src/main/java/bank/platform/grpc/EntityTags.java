package bank.platform.grpc;

import bank.platform.failure.Failure;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Conditions of RFC 9110, section 13.
public final class EntityTags {
    private EntityTags() {}

    /// Entity tags of a header, without quotes. Weak tags stay as they are written, and so match nothing
    /// here. Tags without quotes are taken too, for gRPC callers.
    static List<String> parse(@Nullable String header) {
        var tags = new ArrayList<String>();
        if (header != null) {
            for (var part : header.split(",", -1)) {
                var tag = part.strip();
                if (tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"")) {
                    tags.add(tag.substring(1, tag.length() - 1));
                } else if (!tag.isEmpty()) {
                    tags.add(tag);
                }
            }
        }
        return List.copyOf(tags);
    }

    /// Refuses the running call when its `if-match` does not hold.
    ///
    /// @param current entity tag of the resource now
    /// @param others further tags by which callers know it, such as that of its content
    public static void require(String current, String... others) {
        var wanted = Call.current().ifMatch();
        if (!wanted.isEmpty()
                && !wanted.contains("*")
                && !wanted.contains(current)
                && Stream.of(others).noneMatch(wanted::contains)) {
            throw Failure.of(
                            Status.Code.ABORTED,
                            "ETAG_MISMATCH",
                            "the resource has changed since: read it again and repeat with its new etag")
                    .with("etag", current)
                    .exception();
        }
    }
}
