package bank.edge.transcode;

import bank.edge.json.JsonPosition;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The elements of a streamed JSON body, one after the other, in memory for one of them.
interface JsonElements {
    /// The next element, to be read as JSON of its own; null at the end.
    ///
    /// @throws bank.platform.failure.FailureException when the body is no such stream, or an element is longer than
    ///     one may be
    /// @throws IOException when the client goes away
    byte @Nullable [] next() throws IOException;

    /// Which one the last element was, for people, e.g. `line 12`.
    String place();

    /// Where in the body the last element began.
    JsonPosition start();
}
