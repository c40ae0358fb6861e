package bank.edge.transcode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the header of a multipart part says.
///
/// @param name name of the form field
/// @param fileName name of the file; empty when there is none
/// @param contentDigest header `Content-Digest` of the part; empty when there is none
record PartHeader(String name, String fileName, String contentDigest) {

    /// @throws MultipartException when the part has no name
    static PartHeader parse(List<String> lines) throws MultipartException {
        var disposition = ContentDisposition.parse(header(lines, "content-disposition"));
        if (disposition.name() == null) {
            throw new MultipartException("a part has no Content-Disposition with a name");
        }
        return new PartHeader(
                disposition.name(),
                disposition.fileName() == null ? "" : disposition.fileName(),
                String.join(", ", headers(lines, "content-digest")));
    }

    private static @Nullable String header(List<String> lines, String name) {
        var values = headers(lines, name);
        return values.isEmpty() ? null : values.getFirst();
    }

    private static List<String> headers(List<String> lines, String name) {
        var values = new ArrayList<String>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0
                    && line.substring(0, colon).strip().toLowerCase(Locale.ROOT).equals(name)) {
                values.add(line.substring(colon + 1).strip());
            }
        }
        return values;
    }
}
