package bank.edge.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import bank.edge.json.MessageInput.Origin;
import bank.edge.route.ProtoFiles;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import bank.v1.BatchForm;
import bank.v1.BatchUploadDocumentsResponse;
import bank.v1.Document;
import bank.v1.DocumentSearchResult;
import bank.v1.DocumentStatus;
import bank.v1.SearchDocumentsRequest;
import bank.v1.SearchDocumentsResponse;
import bank.v1.UpdateDocumentRequest;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import com.google.type.Date;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCodecTest {
    private final ProtoFiles files = ProtoFiles.bankV1();
    private final JsonCodec codec = new JsonCodec(JsonMode.HOUSE, files::message);

    private MessageInput input(Message prototype) {
        return codec.input(
                files.message(prototype.getDescriptorForType().getFullName()).orElseThrow());
    }

    private byte[] read(Message prototype, String json) {
        MessageInput input = input(prototype);
        input.json(json.getBytes(StandardCharsets.UTF_8), "");
        return input.wire();
    }

    private String print(Message message) throws Exception {
        var type = files.message(message.getDescriptorForType().getFullName()).orElseThrow();
        return new String(codec.toJson(type, message.toByteArray()), StandardCharsets.UTF_8);
    }

    private Failure failure(Message prototype, String json) {
        return catchThrowableOfType(FailureException.class, () -> read(prototype, json))
                .failure();
    }

    @Test
    void printsByTheHouseRules() throws Exception {
        var document = Document.newBuilder()
                .setId(9_007_199_254_740_993L)
                .setDescription("Договор \"А\"")
                .setStatus(DocumentStatus.DOCUMENT_STATUS_REQUIRES_REVIEW)
                .setWorkerId(0)
                .setActualDate(Date.newBuilder().setYear(2023).setMonth(10).setDay(5))
                .setCreatedAt(Timestamp.newBuilder().setSeconds(1_700_000_000).setNanos(120_000_000))
                .build();

        assertThat(print(document))
                .isEqualTo("{\"id\":9007199254740993,\"user_id\":0,\"description\":\"Договор \\\"А\\\"\","
                        + "\"category\":\"\",\"callcopy_id\":0,\"status\":\"requires_review\",\"worker_id\":0,"
                        + "\"actual_date\":\"2023-10-05\",\"file_name\":\"\",\"media_type\":\"\",\"size_bytes\":0,"
                        + "\"digest\":\"\",\"version\":0,\"created_at\":\"2023-11-14T22:13:20.120Z\",\"etag\":\"\"}");
    }

    @Test
    void printsNoMoreThanItsMaximum() {
        var found = SearchDocumentsResponse.newBuilder();
        for (var n = 0; n < JsonBuffer.BYTES_MAX / 50; n++) {
            found.addResults(DocumentSearchResult.getDefaultInstance());
        }
        assertThat(found.build().getSerializedSize()).isLessThan(8 * 1024 * 1024);
        assertThatThrownBy(() -> print(found.build()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("bytes of JSON");
    }

    @Test
    void printsEmptyListsAndLeavesOutWhatIsUnset() throws Exception {
        assertThat(print(BatchUploadDocumentsResponse.getDefaultInstance()))
                .isEqualTo("{\"processed_count\":0,\"failed_count\":0,\"document_ids\":[],\"failures\":[]}");
        assertThat(print(Document.getDefaultInstance())).doesNotContain("status", "worker_id", "actual_date");
    }

    @Test
    void printsAnEnumNumberItDoesNotKnow() throws Exception {
        assertThat(print(Document.newBuilder().setStatusValue(77).build())).contains("\"status\":77");
    }

    @Test
    void packsAndUnpacksAny() throws Exception {
        var any = Any.pack(Date.newBuilder().setYear(2023).setMonth(1).setDay(2).build());
        assertThat(print(Any.pack(Document.newBuilder().setId(5).build())))
                .startsWith("{\"@type\":\"type.googleapis.com/bank.v1.Document\",\"id\":5,");
        assertThat(any.getTypeUrl()).endsWith("google.type.Date");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"page_size\":7}",
                "{\"pageSize\":7}",
                "{\"page_size\":\"7\"}",
                "{\"page_size\":7.0}",
                "{\"page_size\":0.7e1}",
                " {\"page_size\" : 7 , \"user_id\" : null}\n"
            })
    void readsIntegersInEveryForm(String json) throws Exception {
        assertThat(SearchDocumentsRequest.parseFrom(read(SearchDocumentsRequest.getDefaultInstance(), json)))
                .isEqualTo(SearchDocumentsRequest.newBuilder().setPageSize(7).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"processed\"", "\"Processed\"", "\"PROCESSED\"", "\"DOCUMENT_STATUS_PROCESSED\"", "7"})
    void readsEnumsInEveryForm(String value) throws Exception {
        var read = SearchDocumentsRequest.parseFrom(
                read(SearchDocumentsRequest.getDefaultInstance(), "{\"status\":" + value + "}"));
        assertThat(read.getStatus()).isEqualTo(DocumentStatus.DOCUMENT_STATUS_PROCESSED);
    }

    @Test
    void readsLongsExactly() throws Exception {
        var read = SearchDocumentsRequest.parseFrom(read(
                SearchDocumentsRequest.getDefaultInstance(),
                "{\"user_id\":9223372036854775807,\"worker_id\":\"-9223372036854775808\"}"));
        assertThat(read.getUserId()).isEqualTo(Long.MAX_VALUE);
        assertThat(read.getWorkerId()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void readsMasksInBothSpellings() throws Exception {
        var read = UpdateDocumentRequest.parseFrom(read(
                UpdateDocumentRequest.getDefaultInstance(),
                "{\"update_mask\":\"description,actualDate,callcopy_id\"}"));
        assertThat(read.getUpdateMask().getPathsList()).containsExactly("description", "actual_date", "callcopy_id");
    }

    @Test
    void readsFreeFormValues() throws Exception {
        MessageInput input = codec.input(com.google.protobuf.ListValue.getDescriptor());
        input.json("[1,\"a\",null,{\"x\":[true]}]".getBytes(StandardCharsets.UTF_8), "values");
        assertThat(com.google.protobuf.ListValue.parseFrom(input.wire()).getValuesList())
                .hasSize(4)
                .contains(Value.newBuilder().setNumberValue(1).build());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"nothing":1}                           | nothing
            {"status":{"nothing":1}}                | status
            {"status":"lost"}                       | status
            {"status":99}                           | status
            {"status":"7"}                          | status
            {"status":1.5}                          | status
            {"status":true}                         | status
            {"user_id":1.5}                         | user_id
            {"user_id":9223372036854775808}         | user_id
            {"user_id":1e999}                       | user_id
            {"user_id":"1 "}                        | user_id
            {"user_id":"0x1"}                       | user_id
            {"user_id":""}                          | user_id
            {"user_id":true}                        | user_id
            {"user_id":[1]}                         | user_id
            {"page_size":2147483648}                | page_size
            {"text":5}                              | text
            {"text":{"a":{"b":[1]}}}                | text
            {"text":"\\ud800"}                      | text
            {"text":"a","text":"b"}                 | text
            {"user_id":1,"userId":1}                | user_id
            {"uploaded_from":"2023-02-30"}          | uploaded_from
            {"uploaded_from":"2023-2-3"}            | uploaded_from
            {"uploaded_from":20230203}              | uploaded_from
            {"uploaded_from":{"year":2023}}         | uploaded_from
            {"uploaded_from":"0000-01-01"}          | uploaded_from
            """)
    void namesTheFieldAtFault(String json, String field) {
        Failure failure = failure(SearchDocumentsRequest.getDefaultInstance(), json);
        assertThat(failure.reason()).isEqualTo("INVALID_FIELD");
        assertThat(failure.violations())
                .singleElement()
                .satisfies(v -> assertThat(v.field()).isEqualTo(field));
    }

    @Test
    void namesEveryFaultByItsFullPath() {
        Failure failure = failure(
                BatchForm.getDefaultInstance(),
                "{\"documents\":[{\"user_id\":1},{\"callcopy_id\":\"x\",\"colour\":{\"a\":[1]},\"actual_date\":null},7]}");
        assertThat(failure.violations())
                .extracting(Failure.Violation::field)
                .containsExactly("documents[1].callcopy_id", "documents[1].colour", "documents[2]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}}",
                "{} 1",
                "{\"text\":}",
                "{'text':1}",
                "{\"text\":NaN}",
                "{\"user_id\":01}",
                "{\"text\":\"a\nb\"}",
                "{} // comment"
            })
    void refusesWhatIsNoJson(String json) {
        assertThat(failure(SearchDocumentsRequest.getDefaultInstance(), json).reason())
                .isEqualTo("MALFORMED_JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "1", "\"text\""})
    void refusesWhatIsNoObject(String json) {
        assertThat(failure(SearchDocumentsRequest.getDefaultInstance(), json).reason())
                .isEqualTo("INVALID_FIELD");
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        MessageInput input = input(SearchDocumentsRequest.getDefaultInstance());
        var bytes = new byte[] {'{', '"', 't', 'e', 'x', 't', '"', ':', '"', (byte) 0xFF, '"', '}'};
        assertThat(catchThrowableOfType(FailureException.class, () -> input.json(bytes, ""))
                        .failure()
                        .reason())
                .isEqualTo("MALFORMED_JSON");
    }

    @Test
    void refusesNestingDeeperThanAHundred() {
        String deep = "{\"nothing\":" + "[".repeat(100) + "]".repeat(100) + "}";
        assertThat(failure(SearchDocumentsRequest.getDefaultInstance(), deep).reason())
                .isEqualTo("MALFORMED_JSON");
        String least = "{\"nothing\":" + "[".repeat(99) + "]".repeat(99) + "}";
        assertThat(failure(SearchDocumentsRequest.getDefaultInstance(), least).reason())
                .isEqualTo("INVALID_FIELD");
    }

    @Test
    void refusesTwoMembersOfAOneof() {
        assertThat(failure(
                                bank.v1.UploadDocumentRequest.getDefaultInstance(),
                                "{\"form\":{},\"chunk\":\"" + "AA==" + "\"}")
                        .violations())
                .singleElement()
                .satisfies(v -> assertThat(v.field()).isEqualTo("chunk"));
    }

    @Test
    void readsBytesInEitherAlphabet() throws Exception {
        var read = bank.v1.UploadDocumentRequest.parseFrom(
                read(bank.v1.UploadDocumentRequest.getDefaultInstance(), "{\"chunk\":\"-_8\"}"));
        assertThat(read.getChunk()).isEqualTo(ByteString.copyFrom(new byte[] {(byte) 0xFB, (byte) 0xFF}));
    }

    @Test
    void setsFieldsFromText() throws Exception {
        MessageInput input = input(SearchDocumentsRequest.getDefaultInstance());
        input.text("status", List.of("7"), Origin.QUERY);
        input.text("uploadedFrom", List.of("2023-10-25"), Origin.QUERY);
        input.text("text", List.of("true"), Origin.QUERY);
        var read = SearchDocumentsRequest.parseFrom(input.wire());

        assertThat(read.getStatus()).isEqualTo(DocumentStatus.DOCUMENT_STATUS_PROCESSED);
        assertThat(read.getUploadedFrom().getDay()).isEqualTo(25);
        assertThat(read.getText()).isEqualTo("true");
    }

    @Test
    void refusesSeveralValuesOfOneField() {
        MessageInput input = input(SearchDocumentsRequest.getDefaultInstance());
        input.text("text", List.of("a", "b"), Origin.QUERY);
        input.text("uploaded_from.year", List.of("2023"), Origin.QUERY);
        assertThat(catchThrowableOfType(FailureException.class, input::wire)
                        .failure()
                        .violations())
                .extracting(Failure.Violation::field)
                .containsExactly("text", "uploaded_from.year");
    }

    @Test
    void derivesTheMaskOnlyWhenNoneIsGiven() throws Exception {
        MessageInput input = input(UpdateDocumentRequest.getDefaultInstance());
        input.json("{\"description\":\"a\",\"update_mask\":\"category\"}".getBytes(StandardCharsets.UTF_8), "");
        input.deriveUpdateMask("");
        assertThat(UpdateDocumentRequest.parseFrom(input.wire()).getUpdateMask().getPathsList())
                .containsExactly("category");
    }

    @Test
    void setsFieldsOfGroupsByText() throws Exception {
        MessageInput two = CodecTypes.STANDARD.input(CodecTypes.type("two.Proto2"));
        two.text("nested.inner.b", List.of("b"), Origin.QUERY);
        two.text("number", List.of("9"), Origin.PATH);
        assertThat(CodecTypes.parse("two.Proto2", two.wire()))
                .isEqualTo(CodecTypes.message("two.Proto2", "number: 9 nested { Inner { b: \"b\" } }"));

        MessageInput edition = CodecTypes.HOUSE.input(CodecTypes.type("edition.Edition"));
        edition.text("delimited.delimited.explicit", List.of("7"), Origin.PATH);
        assertThat(CodecTypes.parse("edition.Edition", edition.wire()))
                .isEqualTo(CodecTypes.message("edition.Edition", "delimited { delimited { explicit: 7 } }"));
    }

    @Test
    void knowsWhatTakesText() {
        var two = CodecTypes.type("two.Proto2");
        assertThat(CodecTypes.STANDARD.takesText(two, "nested.inner.b")).isTrue();
        assertThat(CodecTypes.STANDARD.takesText(two, "size")).isTrue();
        for (String path : List.of("inner", "many", "many.a", "named", "unpacked", "nothing", "", "number.a")) {
            assertThat(CodecTypes.STANDARD.takesText(two, path)).as(path).isFalse();
        }
        assertThat(CodecTypes.STANDARD.takesText(two, "nested.".repeat(31) + "text"))
                .isTrue();
        assertThat(CodecTypes.STANDARD.takesText(two, "nested.".repeat(32) + "text"))
                .isFalse();
    }

    @Test
    void mergesAPathVariableIntoAFieldOfTheBody() throws Exception {
        MessageInput input = CodecTypes.HOUSE.input(CodecTypes.type("Tree"));
        input.json(CodecTypes.utf8("{\"name\":\"b\"}"), "left");
        input.text("left.right.name", List.of("c"), Origin.PATH);
        assertThat(CodecTypes.parse("Tree", input.wire()))
                .isEqualTo(CodecTypes.message("Tree", "left { name: \"b\" right { name: \"c\" } }"));

        MessageInput empty = CodecTypes.HOUSE.input(CodecTypes.type("Tree"));
        empty.json(CodecTypes.utf8("{\"left\":{},\"right\":null}"), "");
        empty.text("left.name", List.of("a"), Origin.PATH);
        empty.text("right.name", List.of("b"), Origin.QUERY);
        assertThat(CodecTypes.parse("Tree", empty.wire()))
                .isEqualTo(CodecTypes.message("Tree", "left { name: \"a\" } right { name: \"b\" }"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"left":{"name":"b"}}             | left.name  | a | left.name
            {"left":{"right":{"name":"b"}}}   | left.right.name | a | left.right.name
            {"name":"b"}                      | name       | a | name
            {"name":""}                       | name       | a | name
            {"children":[]}                   | children.name | a | children.name
            """)
    void refusesWhatBodyAndPathBothSet(String json, String path, String value, String fault) {
        MessageInput input = CodecTypes.HOUSE.input(CodecTypes.type("Tree"));
        input.json(CodecTypes.utf8(json), "");
        input.text(path, List.of(value), Origin.PATH);
        assertThat(catchThrowableOfType(FailureException.class, input::wire)
                        .failure()
                        .violations())
                .extracting(Failure.Violation::field)
                .containsExactly(fault);
    }

    /// A tree whose leaves, that many steps down, are objects with these members.
    private static String tree(int depth, String members) {
        String below = depth == 0 ? members : tree(depth - 1, members);
        return depth == 0 ? "{" + members + "}" : "{\"left\":" + below + ",\"right\":" + below + "}";
    }

    private static MessageInput treeInput(String json) {
        MessageInput input = CodecTypes.HOUSE.input(CodecTypes.type("Tree"));
        input.json(CodecTypes.utf8(json), "");
        return input;
    }

    /// The path of one of the leaves of a tree nine steps deep.
    private static String leaf(int number) {
        return IntStream.range(0, 9)
                .mapToObj(i -> (number >> i & 1) == 0 ? "left." : "right.")
                .collect(Collectors.joining());
    }

    @Test
    void setsAThousandParametersBesideALargeBody() throws Exception {
        String name = "\"name\":\"" + "n".repeat(100) + "\"";
        MessageInput input = treeInput(tree(9, name));
        for (int i = 0; i < 512; i++) {
            input.text(leaf(i) + "left.name", List.of("a"), Origin.QUERY);
            input.text(leaf(i) + "right.name", List.of("b"), Origin.QUERY);
        }
        byte[] expected = treeInput(tree(9, name + ",\"left\":{\"name\":\"a\"},\"right\":{\"name\":\"b\"}"))
                .wire();
        assertThat(CodecTypes.parse("Tree", input.wire())).isEqualTo(CodecTypes.parse("Tree", expected));

        input.text(leaf(77) + "name", List.of("c"), Origin.PATH);
        input.text(leaf(77) + "left.name", List.of("c"), Origin.PATH);
        input.text("right", List.of("c"), Origin.PATH);
        assertThat(catchThrowableOfType(FailureException.class, input::wire)
                        .failure()
                        .violations())
                .extracting(Failure.Violation::field, Failure.Violation::description)
                .containsExactly(
                        tuple(leaf(77) + "name", "set by both the body and the path"),
                        tuple(leaf(77) + "left.name", "set by both the query and the path"),
                        tuple("right", "set by both the body and the path"));
    }

    @Test
    void tellsHowLongANumberMayBe() throws Exception {
        String zeros = "0".repeat(398);
        byte[] wire = CodecTypes.HOUSE.toWire(
                CodecTypes.type("Scalars"), CodecTypes.utf8("{\"double_value\":1." + zeros + "}"));
        assertThat(CodecTypes.parse("Scalars", wire)).isEqualTo(CodecTypes.message("Scalars", "double_value: 1"));
        String longer = "1." + zeros + "0";
        assertThat(catchThrowableOfType(
                                FailureException.class,
                                () -> CodecTypes.HOUSE.toWire(
                                        CodecTypes.type("Scalars"),
                                        CodecTypes.utf8("{\"double_value\":" + longer + ",\"int32_value\":\"" + longer
                                                + "\"}")))
                        .failure()
                        .violations())
                .extracting(Failure.Violation::description)
                .containsExactly(
                        "expected a number of at most 400 characters",
                        "expected a whole number of at most 400 characters");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"message":{"int32_value":1}} | text
            {"message":{}}                | text
            {"number":0}                  | text
            {"text":"a"}                  | message.int32_value
            """)
    void refusesTwoMembersOfAOneofFromTwoPlaces(String json, String path) {
        MessageInput input = CodecTypes.HOUSE.input(CodecTypes.type("Choice"));
        input.json(CodecTypes.utf8(json), "");
        input.text(path, List.of("1"), Origin.QUERY);
        assertThat(catchThrowableOfType(FailureException.class, input::wire)
                        .failure()
                        .violations())
                .hasSize(1);
    }

    @Test
    void takesAMemberOfAOneofBesideANull() throws Exception {
        MessageInput input = CodecTypes.HOUSE.input(CodecTypes.type("Choice"));
        input.json(CodecTypes.utf8("{\"message\":null,\"text\":null}"), "");
        input.text("text", List.of("a"), Origin.QUERY);
        assertThat(CodecTypes.parse("Choice", input.wire())).isEqualTo(CodecTypes.message("Choice", "text: \"a\""));
    }

    @Test
    void derivesMasksFromLeavesEmptyObjectsAndNulls() throws Exception {
        MessageInput input = input(UpdateDocumentRequest.getDefaultInstance());
        input.json(CodecTypes.utf8("{\"description\":\"a\",\"actual_date\":null,\"category\":\"\"}"), "");
        input.deriveUpdateMask("");
        assertThat(UpdateDocumentRequest.parseFrom(input.wire()).getUpdateMask().getPathsList())
                .containsExactly("description", "actual_date", "category");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"update_mask\":null}"})
    void refusesToDeriveAMaskFromNothing(String json) {
        MessageInput input = input(UpdateDocumentRequest.getDefaultInstance());
        input.json(CodecTypes.utf8(json), "");
        input.text("id", List.of("5"), Origin.PATH);
        input.deriveUpdateMask("");
        assertThat(catchThrowableOfType(FailureException.class, input::wire)
                        .failure()
                        .violations())
                .extracting(Failure.Violation::field)
                .containsExactly("update_mask");
    }

    @Test
    void derivesMasksFromTheQueryToo() throws Exception {
        MessageInput input = input(UpdateDocumentRequest.getDefaultInstance());
        input.json(CodecTypes.utf8("{\"category\":\"a\"}"), "");
        input.text("description", List.of("b"), Origin.QUERY);
        input.text("id", List.of("5"), Origin.PATH);
        input.deriveUpdateMask("");
        assertThat(UpdateDocumentRequest.parseFrom(input.wire()).getUpdateMask().getPathsList())
                .containsExactly("category", "description");
    }

    @Test
    void masksSpeakOfTheFieldsOfTheBodyAlone() {
        MessageInput input = input(UpdateDocumentRequest.getDefaultInstance());
        input.text("description", List.of("b"), Origin.QUERY);
        input.deriveUpdateMask("form");
        assertThat(catchThrowableOfType(FailureException.class, input::wire)
                        .failure()
                        .violations())
                .extracting(Failure.Violation::field)
                .containsExactly("update_mask");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Tree   | left.name | left    | {"name":"b"}           | left.name
            Tree   | left.name | left    | {"right":{"name":"b"}} |
            Choice | text      | message | {}                     | message
            """)
    void jsonThatComesAfterTextSetsNothingAnew(String type, String path, String field, String json, String refused) {
        MessageInput input = CodecTypes.HOUSE.input(CodecTypes.type(type));
        input.text(path, List.of("a"), Origin.PATH);
        input.json(CodecTypes.utf8(json), field);
        if (refused == null) {
            assertThat(input.wire()).isNotEmpty();
        } else {
            assertThat(catchThrowableOfType(FailureException.class, input::wire)
                            .failure()
                            .violations())
                    .extracting(Failure.Violation::field)
                    .containsExactly(refused);
        }
    }

    @Test
    void jsonSetsNothingThatIsClaimed() {
        MessageInput input = CodecTypes.HOUSE.input(CodecTypes.type("Tree"));
        input.claim("left");
        input.json(CodecTypes.utf8("{\"name\":\"b\"}"), "left");
        assertThat(catchThrowableOfType(FailureException.class, input::wire)
                        .failure()
                        .violations())
                .extracting(Failure.Violation::field)
                .containsExactly("left.name");
    }

    @Test
    void derivesTheMaskWhereTheOneGivenIsNull() throws Exception {
        MessageInput input = input(UpdateDocumentRequest.getDefaultInstance());
        input.json(CodecTypes.utf8("{\"description\":\"a\",\"update_mask\":null}"), "");
        input.deriveUpdateMask("");
        assertThat(UpdateDocumentRequest.parseFrom(input.wire()).getUpdateMask().getPathsList())
                .containsExactly("description");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "description"})
    void leavesAMaskThatIsGivenAsItIs(String mask) throws Exception {
        MessageInput input = input(UpdateDocumentRequest.getDefaultInstance());
        input.json(CodecTypes.utf8("{\"update_mask\":\"" + mask + "\"}"), "");
        input.deriveUpdateMask("");
        var read = UpdateDocumentRequest.parseFrom(input.wire());
        assertThat(read.hasUpdateMask()).isTrue();
        assertThat(String.join(",", read.getUpdateMask().getPathsList())).isEqualTo(mask);
    }

    @Test
    void derivesNoMaskForAMessageWithoutOne() {
        MessageInput input = CodecTypes.HOUSE.input(CodecTypes.type("Tree"));
        input.json(CodecTypes.utf8("{}"), "");
        input.deriveUpdateMask("");
        assertThat(input.wire()).isEmpty();
    }

    @Test
    void boundsTheDepthOfWhatItReads() {
        String deep = "{\"left\":".repeat(99) + "{}" + "}".repeat(99);
        assertThat(catchThrowableOfType(
                                FailureException.class,
                                () -> CodecTypes.STANDARD.toWire(CodecTypes.type("Tree"), CodecTypes.utf8(deep)))
                        .failure()
                        .reason())
                .isEqualTo("INVALID_FIELD");
        String shapeless = "{\"value\":" + "[".repeat(60) + "]".repeat(60) + "}";
        assertThat(catchThrowableOfType(
                                FailureException.class,
                                () -> CodecTypes.STANDARD.toWire(
                                        CodecTypes.type("WellKnown"), CodecTypes.utf8(shapeless)))
                        .failure()
                        .reason())
                .isEqualTo("INVALID_FIELD");
        MessageInput input = CodecTypes.HOUSE.input(CodecTypes.type("Tree"));
        input.text("left.".repeat(8_000) + "name", List.of("a"), Origin.QUERY);
        assertThat(catchThrowableOfType(FailureException.class, input::wire)
                        .failure()
                        .violations())
                .hasSize(1);
    }

    @Test
    void readsAsManyEmptyAnysAsThereAre() throws Exception {
        String empty = "{\"@type\":\"type.googleapis.com/google.protobuf.Empty\"}";
        String json = "{\"anys\":[" + (empty + ",").repeat(199) + empty + "]}";
        byte[] wire = CodecTypes.STANDARD.toWire(CodecTypes.type("WellKnown"), CodecTypes.utf8(json));
        assertThat(CodecTypes.parse("WellKnown", wire))
                .isEqualTo(CodecTypes.message(
                        "WellKnown", "anys { [type.googleapis.com/google.protobuf.Empty] {} } ".repeat(200)));
    }

    @Test
    void printsFieldsInAnyOrderTheWireHasThem() throws Exception {
        byte[] first = CodecTypes.message("Tree", "name: \"a\" children { name: \"x\" } left { name: \"l\" }")
                .toByteArray();
        byte[] second = CodecTypes.message("Tree", "name: \"b\" children { name: \"y\" } left { right {} }")
                .toByteArray();
        var wire = new byte[first.length + second.length];
        System.arraycopy(first, 0, wire, 0, first.length);
        System.arraycopy(second, 0, wire, first.length, second.length);

        assertThat(new String(CodecTypes.STANDARD.toJson(CodecTypes.type("Tree"), wire), StandardCharsets.UTF_8))
                .isEqualTo("{\"name\":\"b\",\"left\":{\"name\":\"l\",\"right\":{}},"
                        + "\"children\":[{\"name\":\"x\"},{\"name\":\"y\"}]}");
    }

    @Test
    void printsNothingForAListOfUnknownClosedEnumsInStandardMode() throws Exception {
        // sizes = 8: tag 0x40; 99 is no Size.
        byte[] wire = {0x40, 99, 0x40, 99};
        assertThat(CodecTypes.text(CodecTypes.STANDARD.toJson(CodecTypes.type("two.Proto2"), wire)))
                .isEqualTo("{}");
    }

    @Test
    void printsListsWithUnknownFieldsBetweenTheirElements() throws Exception {
        // unpacked = 18: tag 0x90 0x01; an unknown field 100: tag 0xA0 0x06.
        byte[] wire = {(byte) 0x90, 1, 5, (byte) 0xA0, 6, 1, (byte) 0x90, 1, 6};
        assertThat(new String(CodecTypes.STANDARD.toJson(CodecTypes.type("Lists"), wire), StandardCharsets.UTF_8))
                .isEqualTo("{\"unpacked\":[5,6]}");
    }

    /// One field of a message whose wire is that of several after one another.
    private static String field(String type, String field, String... messages) throws Exception {
        var wire = new ByteArrayOutputStream();
        for (String message : messages) {
            wire.writeBytes(CodecTypes.message(type, message).toByteArray());
        }
        return CodecTypes.text(CodecTypes.STANDARD.toJson(CodecTypes.type(type), wire.toByteArray(), field));
    }

    @Test
    void printsOneFieldWhereverTheWireHasIt() throws Exception {
        assertThat(field("Scalars", "int32_value", "int32_value: 1", "string_value: \"a\"", "int32_value: 2"))
                .isEqualTo("2");
        assertThat(field("Tree", "left", "left { name: \"l\" }", "name: \"a\"", "left { right {} }"))
                .isEqualTo("{\"name\":\"l\",\"right\":{}}");
        assertThat(field("Lists", "unpacked", "unpacked: [1, 2]", "bool_value: true", "unpacked: 3"))
                .isEqualTo("[1,2,3]");
        assertThat(field("Lists", "string_value", "string_value: \"a\"", "string_value: \"b\""))
                .isEqualTo("[\"a\",\"b\"]");
        assertThat(field("Lists", "int32_value", "int32_value: [1, 2]", "int32_value: [3]"))
                .isEqualTo("[1,2,3]");
        assertThat(field(
                        "Maps",
                        "string_string",
                        "string_string { key: \"a\" value: \"b\" }",
                        "bool_bool { key: true value: true }",
                        "string_string { key: \"c\" value: \"d\" }"))
                .isEqualTo("{\"a\":\"b\",\"c\":\"d\"}");
    }

    @Test
    void printsOfAOneofTheMemberThatCameLast() throws Exception {
        assertThat(field("Choice", "number", "number: 7", "text: \"a\"")).isEqualTo("0");
        assertThat(field("Choice", "text", "number: 7", "text: \"a\"")).isEqualTo("\"a\"");
        assertThat(field("Choice", "number", "number: 7", "no: true")).isEqualTo("7");
    }

    @Test
    void printsAClosedEnumThatIsNoneAsOneThatIsNotSet() throws Exception {
        // sizes = 8: tag 0x40; 99 is no Size.
        byte[] wire = {0x40, 99};
        assertThat(CodecTypes.text(CodecTypes.STANDARD.toJson(CodecTypes.type("two.Proto2"), wire, "sizes")))
                .isEqualTo("[]");
    }

    @Test
    void refusesAFieldInABrokenMessage() {
        byte[] wire = {0x18, 7, 0x72, 9};
        assertThatThrownBy(() -> CodecTypes.HOUSE.toJson(CodecTypes.type("Scalars"), wire, "int32_value"))
                .isInstanceOf(InvalidProtocolBufferException.class);
    }
}
