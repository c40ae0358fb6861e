package bank.edge.transcode;

import bank.edge.json.MessageInput;
import bank.edge.json.MessageInput.Origin;
import bank.edge.problem.EdgeFailures;
import bank.edge.route.Rpc;
import bank.platform.failure.Failure;
import bank.v1.FileHeader;
import bank.v1.Upload;
import com.linecorp.armeria.common.RequestHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/// A file for a single message, as `multipart/form-data` or as the body itself: form fields and parameters to fields,
/// the file to a field of bytes. The file is in memory whole.
final class UnaryFiles {
    private final long bytesMax;

    /// @param bytesMax longest body
    UnaryFiles(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    Requests read(Exchange exchange, Exchange.Target target) throws IOException {
        Rpc rpc = target.rpc();
        Upload upload = Objects.requireNonNull(rpc.upload());
        RequestHeaders headers = exchange.headers();
        String boundary = UploadTranscoder.boundary(headers, upload);
        var form = new Form(rpc, upload);
        target.route().variables().forEach((name, value) -> form.own.text(name, List.of(value), Origin.PATH));
        var query = new LinkedHashMap<>(target.query());
        String fileName = boundary == null
                ? UploadTranscoder.rawFileName(headers, query, form.fields.has(UploadTranscoder.FILE_NAME))
                : "";
        query.forEach((name, values) -> form.fields.text(name, values, Origin.QUERY));
        long limit = Math.min(bytesMax, target.call().upstreams().bytesMax(rpc));
        String promised = ContentDigest.header(headers);
        var digest = new ContentDigest(promised);
        var body = digest.watch(new RequestBody(exchange.wholeRequest(), limit));
        if (boundary == null) {
            form.file(fileName, promised, body.readAllBytes());
        } else {
            form.parts(new MultipartReader(body, boundary));
        }
        digest.require();
        return Requests.one(form.message());
    }

    /// The message under construction.
    private static final class Form {
        private final Rpc rpc;
        private final Upload upload;
        private final MessageInput own;
        private final MessageInput fields;
        private final ByteArrayOutputStream file = new ByteArrayOutputStream();
        private int formBytesLeft = UploadTranscoder.FORM_BYTES_MAX;
        private boolean given;

        Form(Rpc rpc, Upload upload) {
            this.rpc = rpc;
            this.upload = upload;
            own = rpc.codec().input(rpc.input());
            own.claim(upload.getChunk());
            if (!upload.getFile().isEmpty()) {
                own.claim(upload.getFile());
            }
            fields = upload.getForm().isEmpty() ? own : rpc.codec().input(UploadTranscoder.formType(rpc, upload));
            if (fields != own) {
                own.claim(upload.getForm());
            }
        }

        void file(String name, String contentDigest, byte[] content) {
            if (!upload.getFile().isEmpty()) {
                byte[] header = FileHeader.newBuilder()
                        .setFileName(name)
                        .setContentDigest(contentDigest)
                        .build()
                        .toByteArray();
                field(file, upload.getFile(), header);
            }
            field(file, upload.getChunk(), content);
        }

        void parts(MultipartReader parts) throws IOException {
            for (var part = parts.next(); part != null; part = parts.next()) {
                PartHeader header = part.header();
                if (header.name().equals(upload.getPart())) {
                    if (given) {
                        throw Failure.invalid("INVALID_FIELD", header.name(), "given twice")
                                .exception();
                    }
                    given = true;
                    byte[] content = part.content().readAllBytes();
                    ContentDigest.require(header.contentDigest(), content);
                    file(header.fileName(), header.contentDigest(), content);
                } else {
                    byte[] content = part.content().readNBytes(formBytesLeft + 1);
                    formBytesLeft -= content.length;
                    if (formBytesLeft < 0) {
                        throw EdgeFailures.contentTooLarge(UploadTranscoder.FORM_BYTES_MAX)
                                .exception();
                    }
                    ContentDigest.require(header.contentDigest(), content);
                    UploadForm.set(fields, header.name(), content);
                }
            }
            parts.end();
        }

        /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT with every violation
        byte[] message() {
            var message = new ByteArrayOutputStream();
            message.writeBytes(own.wire());
            if (fields != own) {
                field(message, upload.getForm(), fields.wire());
            }
            message.writeBytes(file.toByteArray());
            return message.toByteArray();
        }

        private void field(ByteArrayOutputStream out, String name, byte[] content) {
            out.writeBytes(HttpBodies.prefix(rpc.input().findFieldByName(name).getNumber(), content.length));
            out.writeBytes(content);
        }
    }
}
