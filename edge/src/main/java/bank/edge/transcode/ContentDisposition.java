package bank.edge.transcode;

import bank.edge.route.PercentDecoder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A `Content-Disposition` header (RFC 6266, RFC 7578), e.g. `form-data; name="file"; filename="a.pdf"`.
///
/// @param name name of the form field; null when there is none
/// @param fileName name of the file, from `filename*` (RFC 8187) if given; null when there is none
record ContentDisposition(@Nullable String name, @Nullable String fileName) {

    static ContentDisposition parse(@Nullable String header) {
        Map<String, String> parameters = header == null ? Map.of() : parameters(header);
        String extended = extended(parameters.get("filename*"));
        return new ContentDisposition(parameters.get("name"), extended != null ? extended : parameters.get("filename"));
    }

    private static Map<String, String> parameters(String header) {
        var parameters = new HashMap<String, String>();
        int at = header.indexOf(';');
        while (at >= 0 && at < header.length()) {
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                break;
            }
            String name = header.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            var value = new StringBuilder();
            at = value(header, equals + 1, value);
            parameters.putIfAbsent(name, value.toString());
        }
        return parameters;
    }

    /// Reads the value that begins at a position; answers the position of the semicolon behind it.
    private static int value(String header, int from, StringBuilder value) {
        int at = from;
        while (at < header.length() && header.charAt(at) == ' ') {
            at++;
        }
        if (at == header.length() || header.charAt(at) != '"') {
            int end = header.indexOf(';', at);
            value.append(header.substring(at, end < 0 ? header.length() : end).strip());
            return end < 0 ? header.length() : end;
        }
        for (at++; at < header.length() && header.charAt(at) != '"'; at++) {
            boolean escape = header.charAt(at) == '\\'
                    && at + 1 < header.length()
                    && (header.charAt(at + 1) == '"' || header.charAt(at + 1) == '\\');
            // Any other backslash is the client's own: old ones send whole Windows paths.
            value.append(header.charAt(escape ? ++at : at));
        }
        int end = header.indexOf(';', at);
        return end < 0 ? header.length() : end;
    }

    /// `UTF-8''%D0%94.pdf` decoded; null for another charset or broken encoding.
    private static @Nullable String extended(@Nullable String value) {
        if (value == null) {
            return null;
        }
        int quote = value.indexOf('\'');
        int second = quote < 0 ? -1 : value.indexOf('\'', quote + 1);
        if (second < 0 || !value.substring(0, quote).equalsIgnoreCase("utf-8")) {
            return null;
        }
        try {
            return PercentDecoder.decode(value.substring(second + 1));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
