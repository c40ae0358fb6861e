package bank.edge.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// JSON that is none, or is too much, ends with where that is, and at a cost that is bounded by its size.
class MalformedJsonTest {
    private static final int HUGE = 100 * 1024 * 1024;
    private static final int SLACK = 64 * 1024;

    private static MalformedJsonException malformed(String type, byte[] json) {
        return catchThrowableOfType(
                MalformedJsonException.class, () -> CodecTypes.STANDARD.toWire(CodecTypes.type(type), json));
    }

    private static Failure failure(String type, byte[] json) {
        return catchThrowableOfType(
                        FailureException.class, () -> CodecTypes.STANDARD.toWire(CodecTypes.type(type), json))
                .failure();
    }

    /// `before`, many times the piece, `after`.
    private static byte[] json(String before, char piece, int times, String after) {
        var json = new byte[before.length() + times + after.length()];
        Arrays.fill(json, (byte) piece);
        System.arraycopy(CodecTypes.utf8(before), 0, json, 0, before.length());
        System.arraycopy(CodecTypes.utf8(after), 0, json, json.length - after.length(), after.length());
        return json;
    }

    /// Bytes that this thread allocates meanwhile.
    private static long allocated(Runnable work) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name":"a"                          | 1 | 12
            {"name":"a"}}                        | 1 | 13
            {"name":"a"} {"name":"b"}            | 1 | 14
            {"name":"a"}\\u0000                  | 1 | 13
            \\uFEFF{"name":"a"}                  | 1 | 1
            {"name":"a\\u0000"}                  | 1 | 11
            {"name\\u0000":"a"}                  | 1 | 7
            \\u0000                              | 1 | 1
            {"name":\\u0000}                     | 1 | 9
            {"name":"Договор\\u0001"}            | 1 | 17
            {\\n "name" : \\n  tru }             | 3 | 3
            {"left":{"name":"a","name" "b"}}     | 1 | 28
            {"name":"\\\\ud8"}                   | 1 | 12
            {"name":"\\\\x41"}                   | 1 | 10
            {"name":'a'}                         | 1 | 9
            {"name":"a",}                        | 1 | 13
            {,"name":"a"}                        | 1 | 2
            {"children":[{},]}                   | 1 | 17
            {"name":+1}                          | 1 | 9
            {"name":1.}                          | 1 | 11
            {"name":.1}                          | 1 | 9
            {"name":1e}                          | 1 | 11
            {"name":01}                          | 1 | 9
            {"name":-}                           | 1 | 9
            {"name":Infinity}                    | 1 | 9
            /* */{"name":"a"}                    | 1 | 1
            """)
    void tellsWhereItIsBroken(String json, int line, int column) {
        String text = json.replace("\\n", "\n")
                .replace("\\u0000", "\0")
                .replace("\\u0001", "\1")
                .replace("\\uFEFF", "\uFEFF")
                .replace("\\\\", "\\");
        MalformedJsonException broken = malformed("Tree", CodecTypes.utf8(text));
        assertThat(broken.position()).as(broken.problem()).isEqualTo(new JsonPosition(line, column));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C3", "D0", "E282", "F09F98", "80", "FF", "C0AF", "E08080", "EDA080", "F4908080", "D094D0"})
    void refusesBrokenUtf8AnywhereInAString(String hex) throws Exception {
        byte[] broken = HexFormat.of().parseHex(hex);
        for (String before : new String[] {"", "a", "Договоры", "Договоры аренды", "aaaaaaaaaaaaaaaa", "\\n"}) {
            for (String after : new String[] {"", "a", "aaaaaaaaaaaaaaaa", "\\n"}) {
                for (String member : new String[] {"{\"name\":\"%\"}", "{\"%\":1}", "{\"nothing\":[\"%\"]}"}) {
                    String[] around = member.split("%");
                    var json = new ByteArrayOutputStream();
                    json.write(CodecTypes.utf8(around[0] + before));
                    json.write(broken);
                    json.write(CodecTypes.utf8(after + around[1]));
                    assertThat(malformed("Tree", json.toByteArray()).problem()).isEqualTo("is not UTF-8");
                }
            }
        }
    }

    @Test
    void refusesADocumentCutOffAtAnyByte() throws Exception {
        var messages = new RandomMessages(17);
        for (String type : new String[] {"Scalars", "Lists", "Maps", "WellKnown", "Tree", "Choice"}) {
            byte[] wire = messages.next(CodecTypes.type(type)).toByteArray();
            byte[] json = CodecTypes.STANDARD.toJson(CodecTypes.type(type), wire);
            for (int length = 0; length < json.length; length++) {
                assertThat(malformed(type, Arrays.copyOf(json, length))
                                .position()
                                .line())
                        .isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"'[',Tree", "'{\"a\":',Tree", "'{\"left\":',Tree", "'{\"value\":[',WellKnown", "'{\"any\":',Tree"})
    void refusesNestingTenThousandDeep(String piece, String type) {
        byte[] deep = CodecTypes.utf8("{\"nothing\":" + piece.repeat(10_000));
        assertThat(malformed(type, deep).problem()).isEqualTo("nested deeper than 100");
    }

    @Test
    void namesTheFieldOfALoneSurrogate() {
        for (String text : new String[] {"\\ud800", "\\udc00", "a\\ud800b", "\\ud800\\ud800", "\\udc00\\ud800"}) {
            Failure failure = failure("Tree", CodecTypes.utf8("{\"left\":{\"name\":\"" + text + "\"}}"));
            assertThat(failure.reason()).isEqualTo("INVALID_FIELD");
            assertThat(failure.violations())
                    .extracting(Failure.Violation::field)
                    .containsExactly("left.name");
        }
    }

    @Test
    void namesAFieldGivenTwiceHoweverItIsSpelt() {
        for (String second : new String[] {"int32Value", "int32_value", "int32\\u0056alue"}) {
            Failure failure =
                    failure("Choice", CodecTypes.utf8("{\"message\":{\"int32Value\":1,\"" + second + "\":2}}"));
            assertThat(failure.violations())
                    .extracting(Failure.Violation::field)
                    .containsExactly("message.int32_value");
        }
    }

    @Test
    void passesOverAHugeNumberWithoutCopyingIt() {
        byte[] known = json("{\"left\":{\"any\":null},\"name\":", '9', HUGE, "}");
        byte[] number = json("{\"int32Value\":", '9', HUGE, "}");
        byte[] fraction = json("{\"doubleValue\":0.", '1', HUGE, "}");
        long allocated = allocated(() -> {
            assertThat(failure("Tree", known).violations()).hasSize(1);
            assertThat(failure("Scalars", number).violations())
                    .extracting(Failure.Violation::field)
                    .containsExactly("int32_value");
            assertThat(failure("Scalars", fraction).violations())
                    .extracting(Failure.Violation::field)
                    .containsExactly("double_value");
        });
        // The room for the wire bytes, half of each body.
        assertThat(allocated).isLessThan(3L * HUGE / 2 + 100 * SLACK);
    }

    @Test
    void keepsTheMemoryForAHugeStringInProportion() throws Exception {
        byte[] endless = json("{\"name\":\"", 'a', HUGE, "");
        assertThat(allocated(
                        () -> assertThat(malformed("Tree", endless).problem()).isEqualTo("the string has no end")))
                .isLessThan(HUGE / 2 + 100 * SLACK);
    }

    @Test
    void boundsWhatItTellsOfManyFaults() {
        byte[] faults = CodecTypes.utf8("{\"children\":[" + "7,".repeat(1_000_000) + "7]}");
        assertThat(failure("Tree", faults).violations()).hasSizeLessThanOrEqualTo(50);
    }
}
