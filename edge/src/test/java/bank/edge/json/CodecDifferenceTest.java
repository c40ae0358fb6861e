package bank.edge.json;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.failure.FailureException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The codec in standard mode against `JsonFormat` of protobuf-java-util: made-up messages are printed alike and read
/// back as they were; mutilated JSON that both take means the same to both; and no JSON and no wire bytes, however
/// mutilated, make the codec fail in a way it does not document.
///
/// `-Dcodec.cases=N` runs N cases of each kind in place of the bounded number, `-Dcodec.seed=S` others.
///
/// Known differences:
///
/// - They print a `json_name` with quotes in it unescaped, which is why the type that has one is left out.
/// - They read -0.0 as 0.0, which is why messages are compared with what was printed and not with what they read, and
///   negative zeros are left out of what is mutilated.
/// - One NaN is as good as another, but in the bytes of an Any they are told apart, which is why messages with one are
///   compared as printed again.
/// - They write the fields of an Any by number, the codec in the order JSON has them: the same message in other bytes,
///   which is why messages read from mutilated JSON are compared as printed again.
/// - They take JSON that is none by RFC 8259 (single quotes, comments, `NaN` bare), and unlike the codec they pass over
///   some values that do not fit, which is why what only they take is not compared.
/// - In wire bytes they take a proto2 string that is not UTF-8 and a Value without a kind, which the codec refuses;
///   only what both take is compared.
/// - A map entry with an unknown number of a closed enum is dropped by the codec, as generated classes do, where a
///   `DynamicMessage` has the first value for it, which is why mutated bytes are compared without such a map.
class CodecDifferenceTest {
    private static final List<String> TYPES = List.of(
            "Scalars",
            "Optionals",
            "Lists",
            "Maps",
            "Choice",
            "WellKnown",
            "Tree",
            "Wide",
            "two.Proto2",
            "edition.Edition");
    private static final long CASES = Long.getLong("codec.cases", 20_000);
    private static final long SEED = Long.getLong("codec.seed", 20_231_025);
    private static final String PIECES = "{}[]\",:0123456789.eE+-tfnul\\ \u0000\uFFFFaA_@";

    private static final Pattern NEGATIVE_ZERO = Pattern.compile("-0(\\.0*)?(?![.0-9])");

    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().usingTypeRegistry(CodecTypes.REGISTRY).omittingInsignificantWhitespace();
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().usingTypeRegistry(CodecTypes.REGISTRY);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void printsAndReadsMadeUpMessagesAlike() throws Exception {
        var messages = new RandomMessages(SEED);
        for (long i = 0; i < CASES; i++) {
            String type = TYPES.get((int) (i % TYPES.size()));
            Message message = messages.next(CodecTypes.type(type));
            @Nullable String theirs = print(message);
            if (theirs == null) {
                continue;
            }
            byte[] wire = message.toByteArray();
            byte[] ours = CodecTypes.STANDARD.toJson(CodecTypes.type(type), wire);
            assertThat(JSON.readTree(ours)).as(theirs).isEqualTo(JSON.readTree(theirs));
            byte[] back = CodecTypes.STANDARD.toWire(CodecTypes.type(type), ours);
            assertThat(print(type, back)).as(theirs).isEqualTo(JSON.readTree(theirs));
            if (!theirs.contains("NaN")) {
                assertThat(CodecTypes.parse(type, back)).as(theirs).isEqualTo(message);
            }
            try {
                assertThat(JSON.readTree(CodecTypes.HOUSE.toJson(CodecTypes.type(type), wire))
                                .isObject())
                        .isTrue();
            } catch (InvalidProtocolBufferException e) {
                // The made-up dates, which house mode writes as days of the calendar.
                assertThat(e).hasMessageContaining("a date is out of its range");
            }
        }
    }

    /// The message as they print it; null for one they do not print.
    private static @Nullable String print(Message message) {
        try {
            return PRINTER.print(message);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            return null;
        }
    }

    @Test
    void failsOnMutilatedJsonOnlyAsDocumented() throws Exception {
        var messages = new RandomMessages(SEED + 1);
        var random = new SplittableRandom(SEED + 2);
        for (long i = 0; i < CASES; i++) {
            String type = TYPES.get((int) (i % TYPES.size()));
            String whole = print(messages.next(CodecTypes.type(type)));
            if (whole == null) {
                continue;
            }
            String text = mutilate(NEGATIVE_ZERO.matcher(whole).replaceAll("0"), random);
            byte[] mutilated = text.getBytes(StandardCharsets.UTF_8);
            try {
                byte[] wire = CodecTypes.STANDARD.toWire(CodecTypes.type(type), mutilated);
                // What it takes is a message that can be printed and read again.
                CodecTypes.parse(type, wire);
                byte[] json = CodecTypes.STANDARD.toJson(CodecTypes.type(type), wire);
                assertThat(print(type, CodecTypes.STANDARD.toWire(CodecTypes.type(type), json)))
                        .isEqualTo(JSON.readTree(json));
                Message theirs = read(type, mutilated);
                if (theirs != null
                        && !NEGATIVE_ZERO.matcher(CodecTypes.text(json)).find()) {
                    assertThat(JSON.readTree(json)).as(text).isEqualTo(print(type, theirs.toByteArray()));
                }
            } catch (FailureException e) {
                assertThat(e.failure().reason()).isEqualTo("INVALID_FIELD");
            } catch (MalformedJsonException e) {
                assertThat(e.position().line()).isPositive();
                assertThat(e.position().column()).isPositive();
            }
        }
    }

    /// Wire bytes as they print them; null for what they refuse.
    private static @Nullable String printWire(String type, byte[] wire) {
        try {
            return print(CodecTypes.parse(type, wire));
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    private static void removeMaps(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.remove("named");
        }
        json.forEach(CodecDifferenceTest::removeMaps);
    }

    private static JsonNode print(String type, byte[] wire) throws IOException {
        return JSON.readTree(CodecTypes.STANDARD.toJson(CodecTypes.type(type), wire));
    }

    /// What they read; null for what they refuse.
    private static @Nullable Message read(String type, byte[] json) {
        var message = DynamicMessage.newBuilder(CodecTypes.type(type));
        try {
            PARSER.merge(new String(json, StandardCharsets.UTF_8), message);
            return message.build();
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            return null;
        }
    }

    private static String mutilate(String json, SplittableRandom random) {
        var text = new StringBuilder(json);
        for (int i = random.nextInt(1, 4); i > 0 && !text.isEmpty(); i--) {
            int at = random.nextInt(text.length());
            char piece = PIECES.charAt(random.nextInt(PIECES.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, piece);
                case 2 -> text.setCharAt(at, piece);
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(20))));
            }
        }
        return text.toString();
    }

    @Test
    void failsOnMutilatedWireBytesOnlyAsDocumented() throws Exception {
        var messages = new RandomMessages(SEED + 3);
        var random = new SplittableRandom(SEED + 4);
        for (long i = 0; i < CASES; i++) {
            String type = TYPES.get((int) (i % TYPES.size()));
            byte[] wire = messages.next(CodecTypes.type(type)).toByteArray();
            if (wire.length == 0) {
                continue;
            }
            wire[random.nextInt(wire.length)] = (byte) random.nextInt();
            try {
                JsonNode ours = JSON.readTree(CodecTypes.STANDARD.toJson(CodecTypes.type(type), wire));
                assertThat(ours).isNotNull();
                String theirs = printWire(type, wire);
                if (theirs != null) {
                    JsonNode expected = JSON.readTree(theirs);
                    if (type.equals("two.Proto2")) {
                        removeMaps(ours);
                        removeMaps(expected);
                    }
                    assertThat(ours)
                            .as(type + " " + HexFormat.of().formatHex(wire))
                            .isEqualTo(expected);
                }
            } catch (InvalidProtocolBufferException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}
