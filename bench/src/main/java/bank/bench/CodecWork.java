package bank.bench;

import bank.edge.json.JsonCodec;
import bank.edge.json.JsonMode;
import bank.edge.json.MalformedJsonException;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.curioswitch.common.protobuf.json.MessageMarshaller;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The same work by three codecs: JSON in UTF-8 to wire bytes (`parse`), and wire bytes to JSON in UTF-8 (`print`).
/// All of them in the ProtoJSON mapping, without white space, with generated messages where they need messages.
@State(Scope.Benchmark)
public class CodecWork {
    /// Name of the message, by [CodecMessages].
    @Param({"document", "page", "portfolio"})
    public String message = "document";

    private final JsonCodec codec = new JsonCodec(JsonMode.STANDARD, _ -> Optional.empty());
    private final JsonFormat.Parser parser = JsonFormat.parser();
    private final JsonFormat.Printer printer = JsonFormat.printer().omittingInsignificantWhitespace();
    private Message prototype = CodecMessages.of("document");
    private MessageMarshaller marshaller = MessageMarshaller.builder().build();
    private byte[] wire = {};
    private byte[] json = {};

    /// Makes the message, and sure that all three take and give the same.
    @Setup
    public void prepare() throws Exception {
        Message original = CodecMessages.of(message);
        prototype = original.getDefaultInstanceForType();
        marshaller = MessageMarshaller.builder()
                .register(prototype)
                .omittingInsignificantWhitespace(true)
                .build();
        wire = original.toByteArray();
        json = printWithCodec();
        for (byte[] parsed : new byte[][] {parseWithCodec(), parseWithJackson(), parseWithJsonFormat()}) {
            require(original, parsed);
        }
        for (byte[] printed : new byte[][] {printWithJackson(), printWithJsonFormat()}) {
            require(original, codec.toWire(prototype.getDescriptorForType(), printed));
        }
    }

    private void require(Message original, byte[] parsed) throws InvalidProtocolBufferException {
        if (!prototype.getParserForType().parseFrom(parsed).equals(original)) {
            throw new IllegalStateException("the codecs do not agree on " + message);
        }
    }

    @Benchmark
    public byte[] parseWithCodec() throws MalformedJsonException {
        return codec.toWire(prototype.getDescriptorForType(), json);
    }

    @Benchmark
    public byte[] parseWithJackson() throws IOException {
        Message.Builder builder = prototype.newBuilderForType();
        marshaller.mergeValue(json, builder);
        return builder.build().toByteArray();
    }

    @Benchmark
    public byte[] parseWithJsonFormat() throws InvalidProtocolBufferException {
        Message.Builder builder = prototype.newBuilderForType();
        parser.merge(new String(json, StandardCharsets.UTF_8), builder);
        return builder.build().toByteArray();
    }

    @Benchmark
    public byte[] printWithCodec() throws InvalidProtocolBufferException {
        return codec.toJson(prototype.getDescriptorForType(), wire);
    }

    @Benchmark
    public byte[] printWithJackson() throws IOException {
        return marshaller.writeValueAsBytes(prototype.getParserForType().parseFrom(wire));
    }

    @Benchmark
    public byte[] printWithJsonFormat() throws InvalidProtocolBufferException {
        return printer.print(prototype.getParserForType().parseFrom(wire)).getBytes(StandardCharsets.UTF_8);
    }
}
