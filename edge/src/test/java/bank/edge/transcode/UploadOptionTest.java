package bank.edge.transcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.edge.TestDescriptors;
import bank.edge.json.JsonMode;
import bank.edge.route.HttpRule;
import bank.edge.route.ProtoFiles;
import bank.edge.route.ServiceSet;
import bank.v1.Upload;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploadOptionTest {
    private static final ProtoFiles FILES = load();

    private static ProtoFiles load() {
        try (var in = Files.newInputStream(TestDescriptors.file("route/uploads.proto"))) {
            return ProtoFiles.parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MethodDescriptor rpc(String name) {
        return FILES.services().stream()
                .map(service -> service.findMethodByName(name))
                .filter(Objects::nonNull)
                .findAny()
                .orElseThrow();
    }

    private static String fault(String rpc, String option) throws TextFormat.ParseException {
        return UploadOption.fault(rpc(rpc), TextFormat.parse(option, Upload.class));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Stream | file: 'header' chunk: 'bytes' part: 'file'
            Stream | form: 'form' file: 'header' chunk: 'bytes' part: 'file' many: true
            Single | chunk: 'bytes' part: 'file'
            Single | form: 'form' file: 'header' chunk: 'bytes' part: 'file'
            Told | chunk: 'bytes' part: 'file'
            """)
    void takesWhatFits(String rpc, String option) throws Exception {
        assertThat(fault(rpc, option)).isNull();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            file: 'header' part: 'file' | chunk: not named
            file: 'header' part: 'file' chunk: 'byte' | chunk: no field byte in uploads.Piece
            file: 'header' part: 'file' chunk: 'text' | chunk: text is not a single field of bytes
            file: 'header' part: 'file' chunk: 'chunks' | chunk: chunks is not a single field of bytes
            file: 'heading' part: 'file' chunk: 'bytes' | file: no field heading in uploads.Piece
            file: 'form' part: 'file' chunk: 'bytes' | file: form is not a single bank.v1.FileHeader
            file: 'headers' part: 'file' chunk: 'bytes' | file: headers is not a single bank.v1.FileHeader
            file: 'header' part: 'file' chunk: 'bytes' form: 'forms' | form: forms is not a single message
            file: 'header' part: 'file' chunk: 'bytes' form: 'named' | form: named is not a single message
            file: 'header' part: 'file' chunk: 'bytes' form: 'text' | form: text is not a single message
            file: 'header' part: 'file' chunk: 'bytes' form: 'fields' | form: no field fields in uploads.Piece
            file: 'header' part: 'file' chunk: 'bytes' form: 'header' | form: header is that of the file
            file: 'header' chunk: 'bytes' | part: not named
            """)
    void namesWhatDoesNotFit(String option, String fault) throws Exception {
        assertThat(fault("Stream", option)).isEqualTo(fault);
        assertThat(fault("Single", option)).isEqualTo(fault);
    }

    @Test
    void needsAHeaderForTheFilesOfAStreamAlone() throws Exception {
        assertThat(fault("Stream", "chunk: 'bytes' part: 'file'")).isEqualTo("file: not named");
        assertThat(fault("Single", "chunk: 'bytes' part: 'file'")).isNull();
    }

    @Test
    void takesSeveralFilesInAStreamAlone() throws Exception {
        String many = "file: 'header' chunk: 'bytes' part: 'file' many: true";
        assertThat(fault("Stream", many)).isNull();
        assertThat(fault("Single", many)).isEqualTo("many: a single message has one file");
    }

    @Test
    void hasOneAnswerToAStream() throws Exception {
        assertThat(fault("Both", "file: 'header' chunk: 'bytes' part: 'file'")).isEqualTo("its answer is a stream");
    }

    @Test
    void leavesToNoPathWhatItSets() {
        var rule = rule("/uploads.Twice/Put");

        assertThatThrownBy(() -> JsonGateway.requireSupported(rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/twice/{form.title} (/uploads.Twice/Put)")
                .hasMessageContaining("the path sets form.title, which is the upload's to set");
    }

    @ParameterizedTest
    @CsvSource({"Struct, struct, google.protobuf.Struct", "Time, time, google.protobuf.Timestamp"})
    void needsAFormWithFieldsThatPartsCanName(String rpc, String form, String type) {
        var rule = rule("/uploads.Free/" + rpc);

        assertThatThrownBy(() -> JsonGateway.requireSupported(rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("POST /free/" + form + " (/uploads.Free/" + rpc + "): (bank.v1.upload) does not fit: form: "
                        + form + " is a " + type + ", whose fields no part can name");
    }

    private static HttpRule rule(String path) {
        var rpc = ServiceSet.further(
                        TestDescriptors.file("route/uploads.proto"),
                        "localhost:1",
                        new ServiceSet.Treatment(JsonMode.STANDARD, Set.of(), Optional.empty(), false))
                .rpcs()
                .stream()
                .filter(each -> each.path().equals(path))
                .findAny()
                .orElseThrow();
        return HttpRule.of(rpc).getFirst();
    }
}
