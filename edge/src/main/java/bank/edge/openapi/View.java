package bank.edge.openapi;

import bank.edge.json.JsonMode;

/// How a message is looked at: in which mapping to JSON, whether as what comes in or as what goes out, and how long a
/// text can get there.
///
/// @param mode the mapping
/// @param input it comes from the client
/// @param textMax longest text in characters, most elements of a list
record View(JsonMode mode, boolean input, long textMax) {
    /// A message over gRPC has 4 MiB at most.
    private static final long MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

    /// A request line has 16 KiB at most.
    private static final long LINE_BYTES_MAX = 16 * 1024;

    static View answer(JsonMode mode) {
        return new View(mode, false, MESSAGE_BYTES_MAX);
    }

    static View body(JsonMode mode, long bytesMax) {
        return new View(mode, true, bytesMax);
    }

    static View address(JsonMode mode) {
        return new View(mode, true, LINE_BYTES_MAX);
    }

    boolean house() {
        return mode == JsonMode.HOUSE;
    }
}
