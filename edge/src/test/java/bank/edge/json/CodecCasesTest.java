package bank.edge.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The cases of `codec/cases.tsv`: what JSON each message reads from and is printed as, and what is refused.
class CodecCasesTest {
    private record Case(int line, JsonMode mode, String type, String json, String direction, String message) {
        String title() {
            return line + ": " + mode + " " + type + " " + json + " " + direction + " " + message;
        }
    }

    private static List<Case> cases() throws IOException {
        var cases = new ArrayList<Case>();
        try (var in = CodecCasesTest.class.getResourceAsStream("/codec/cases.tsv")) {
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                if (!lines[i].isEmpty() && !lines[i].startsWith("#")) {
                    String[] parts = lines[i].split("\t", -1);
                    assertThat(parts).as("line " + (i + 1)).hasSize(5);
                    for (JsonMode mode : JsonMode.values()) {
                        if (parts[0].equals("B") || mode.name().startsWith(parts[0])) {
                            cases.add(new Case(i + 1, mode, parts[1], parts[2], parts[3], parts[4]));
                        }
                    }
                }
            }
        }
        return cases;
    }

    @Test
    void areMany() throws IOException {
        assertThat(cases()).hasSizeGreaterThan(1500);
    }

    @TestFactory
    Stream<DynamicTest> hold() throws IOException {
        return cases().stream().map(each -> DynamicTest.dynamicTest(each.title(), () -> check(each)));
    }

    private static void check(Case each) throws Exception {
        JsonCodec codec = each.mode() == JsonMode.HOUSE ? CodecTypes.HOUSE : CodecTypes.STANDARD;
        byte[] json = CodecTypes.utf8(each.json());
        switch (each.direction()) {
            case "!!" -> {
                Failure failure = catchThrowableOfType(
                                FailureException.class, () -> codec.toWire(CodecTypes.type(each.type()), json))
                        .failure();
                assertThat(failure.reason()).isEqualTo("INVALID_FIELD");
                assertThat(failure.violations().stream().map(Failure.Violation::field))
                        .containsExactly(each.message().split(" (?![^\\[]*\\])", -1));
            }
            case "=>" -> reads(codec, each, json);
            case "<=" -> prints(codec, each);
            case "<=>" -> {
                reads(codec, each, json);
                prints(codec, each);
            }
            default -> throw new IllegalArgumentException(each.direction());
        }
    }

    private static void reads(JsonCodec codec, Case each, byte[] json) throws Exception {
        byte[] wire = codec.toWire(CodecTypes.type(each.type()), json);
        assertThat(CodecTypes.parse(each.type(), wire)).isEqualTo(CodecTypes.message(each.type(), each.message()));
    }

    private static void prints(JsonCodec codec, Case each) throws Exception {
        String[] type = each.type().split("#", 2);
        byte[] wire = CodecTypes.message(type[0], each.message()).toByteArray();
        byte[] json = codec.toJson(CodecTypes.type(type[0]), wire, type.length == 1 ? "" : type[1]);
        assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo(each.json());
    }
}
