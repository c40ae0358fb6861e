package bank.edge.transcode;

import bank.edge.route.HttpRule;
import com.linecorp.armeria.common.MediaType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How the messages of a streamed answer stand in its body, and how the failure it may end with. Members of messages
/// are named by proto fields, whose names have no `@`: a failure is the element `{"@error": …}`, or the event `error`.
enum StreamForm {
    /// One JSON array.
    ARRAY {
        @Override
        void open(ByteArrayOutputStream out, Duration retry) {
            out.write('[');
        }

        @Override
        void element(ByteArrayOutputStream out, byte[] json, boolean first) {
            if (!first) {
                out.write(',');
            }
            out.writeBytes(json);
        }

        @Override
        void failure(ByteArrayOutputStream out, byte[] problem, boolean first) {
            element(out, marked(problem), first);
            end(out);
        }

        @Override
        void end(ByteArrayOutputStream out) {
            out.write(']');
        }
    },
    /// A line for each message.
    LINES {
        @Override
        void element(ByteArrayOutputStream out, byte[] json, boolean first) {
            out.writeBytes(json);
            out.write('\n');
        }

        @Override
        void failure(ByteArrayOutputStream out, byte[] problem, boolean first) {
            element(out, marked(problem), first);
        }
    },
    /// Server-sent events, as the HTML standard has them: an event for each message.
    EVENTS {
        @Override
        void open(ByteArrayOutputStream out, Duration retry) {
            out.writeBytes(("retry: " + retry.toMillis() + "\n\n").getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        void name(ByteArrayOutputStream out, String id) {
            out.writeBytes(("id: " + id + "\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        void element(ByteArrayOutputStream out, byte[] json, boolean first) {
            out.writeBytes(DATA);
            out.writeBytes(json);
            out.writeBytes(EVENT_END);
        }

        @Override
        void failure(ByteArrayOutputStream out, byte[] problem, boolean first) {
            out.writeBytes(ERROR);
            element(out, problem, first);
        }

        @Override
        boolean beats() {
            return true;
        }
    };

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT_END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERROR = "event: error\n".getBytes(StandardCharsets.US_ASCII);

    /// A comment, which clients pass over.
    static final byte[] BEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private static final Map<MediaType, StreamForm> BY_TYPE = byType();

    /// Media types a stream is offered as, the usual one first.
    static final List<MediaType> OFFERED = List.copyOf(BY_TYPE.keySet());

    private static Map<MediaType, StreamForm> byType() {
        var forms = new LinkedHashMap<MediaType, StreamForm>();
        forms.put(MediaType.JSON, ARRAY);
        RequestForms.LINE_SUBTYPES.forEach(subtype -> forms.put(MediaType.create("application", subtype), LINES));
        forms.put(MediaType.create("text", "event-stream"), EVENTS);
        return forms;
    }

    /// The form of one of the offered media types.
    static StreamForm of(MediaType type) {
        return Objects.requireNonNull(BY_TYPE.get(type));
    }

    /// Writes what stands before the first message.
    ///
    /// @param retry pause before a client asks again
    void open(ByteArrayOutputStream out, Duration retry) {}

    /// Writes the id of the message that follows, where the form has a place for it.
    ///
    /// @param id on one line
    void name(ByteArrayOutputStream out, String id) {}

    /// Writes a message.
    ///
    /// @param first no message was written before
    abstract void element(ByteArrayOutputStream out, byte[] json, boolean first);

    /// Writes a failure, and the end.
    abstract void failure(ByteArrayOutputStream out, byte[] problem, boolean first);

    /// Writes what stands after the last message.
    void end(ByteArrayOutputStream out) {}

    /// Silence is broken by [#BEAT].
    boolean beats() {
        return false;
    }

    private static byte[] marked(byte[] problem) {
        var marked = new ByteArrayOutputStream(problem.length + 16);
        marked.writeBytes("{\"@error\":".getBytes(StandardCharsets.US_ASCII));
        marked.writeBytes(problem);
        marked.write('}');
        return marked.toByteArray();
    }

    /// Answers of the rule are streams of JSON, whose form `Accept` chooses.
    static boolean isChosen(HttpRule rule) {
        return rule.rpc().method().isServerStreaming() && !rule.rpc().raw() && !HttpBodies.isAnswer(rule);
    }
}
