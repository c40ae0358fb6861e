package bank.edge.transcode;

import bank.edge.EdgeConfig;
import bank.edge.json.MessageInput;
import bank.edge.json.MessageInput.Origin;
import bank.edge.problem.EdgeFailures;
import bank.edge.route.Rpc;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import bank.v1.Upload;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Empty;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Files in, as `multipart/form-data` or as the body itself, streamed at the service's pace. The stream to the
/// service ends well only when the body did: a body that breaks off, or is not what it promises, cancels the call.
final class UploadTranscoder implements Transcoder {
    private static final String EXPECTED = "multipart/form-data, or the file itself";
    static final String FILE_NAME = "file_name";
    static final int FORM_BYTES_MAX = 1024 * 1024;

    private final EdgeConfig config;

    UploadTranscoder(EdgeConfig config) {
        this.config = config;
    }

    @Override
    public void answer(Exchange exchange, Exchange.Target target) throws IOException {
        RequestHeaders headers = exchange.headers();
        Upload upload = Objects.requireNonNull(target.rpc().upload());
        String boundary = boundary(headers, upload);
        byte[] first = pathFields(target);
        var form = new UploadForm(target.rpc().codec(), formType(target.rpc(), upload));
        var query = new LinkedHashMap<>(target.query());
        String fileName = boundary == null ? rawFileName(headers, query, form.has(FILE_NAME)) : "";
        byte[] queryForm = form.query(query);
        String promised = ContentDigest.header(headers);
        var digest = new ContentDigest(boundary == null ? "" : promised);
        long bytesMax = upload.getMany() ? config.batchUploadBytesMax() : config.uploadBytesMax();
        var body = new RequestBody(exchange.request(), bytesMax);
        try (var call = exchange.open(target)) {
            var messages = new UploadMessages(call, target.rpc(), upload, first);
            boolean taken = queryForm.length == 0 || messages.form(queryForm);
            if (taken) {
                taken = boundary == null
                        ? messages.file(fileName, promised, body)
                        : multipart(new MultipartReader(digest.watch(body), boundary), upload, form, messages);
            }
            if (taken) {
                digest.require();
                messages.end();
            }
            byte[] message = call.receive();
            if (message == null || call.receive() != null) {
                throw EdgeFailures.internal().exception();
            }
            exchange.respond(HttpAnswers.json(exchange, target, call.headers(), message));
        } catch (FailureException e) {
            throw asSent(e.failure(), upload.getForm()).exception();
        }
    }

    /// The failure with its fields named as the client sent them: `category`, where the rpc says `form.category`.
    static Failure asSent(Failure failure, String form) {
        String prefix = form + ".";
        boolean nested = !form.isEmpty()
                && failure.violations().stream()
                        .anyMatch(violation -> violation.field().startsWith(prefix));
        if (!nested) {
            return failure;
        }
        return new Failure(
                failure.code(),
                failure.reason(),
                cut(failure.message(), prefix),
                failure.metadata(),
                failure.violations().stream()
                        .map(violation ->
                                new Failure.Violation(cut(violation.field(), prefix), violation.description()))
                        .toList(),
                failure.precondition(),
                failure.retryAfter());
    }

    private static String cut(String text, String prefix) {
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }

    /// Boundary of a multipart body; null when the body is the file itself.
    static @Nullable String boundary(RequestHeaders headers, Upload upload) {
        MediaType type = MediaTypes.of(headers, EXPECTED);
        if (type != null && type.is(MediaType.MULTIPART_FORM_DATA)) {
            List<String> boundaries = type.parameters().getOrDefault("boundary", List.of());
            if (boundaries.size() != 1
                    || boundaries.getFirst().isEmpty()
                    || boundaries.getFirst().length() > 70) {
                throw EdgeFailures.malformed("MALFORMED_MULTIPART", "the Content-Type names no boundary")
                        .exception();
            }
            return boundaries.getFirst();
        }
        if (upload.getMany()) {
            throw EdgeFailures.mediaType("multipart/form-data").exception();
        }
        if (type != null && (type.type().equals("multipart") || MediaTypes.isJson(type))) {
            throw EdgeFailures.mediaType(EXPECTED).exception();
        }
        return null;
    }

    /// Type of the form; an empty one when the upload has none.
    static Descriptor formType(Rpc rpc, Upload upload) {
        return upload.getForm().isEmpty()
                ? Empty.getDescriptor()
                : rpc.input().findFieldByName(upload.getForm()).getMessageType();
    }

    private static byte[] pathFields(Exchange.Target target) {
        MessageInput input = target.rpc().codec().input(target.rpc().input());
        target.route().variables().forEach((name, value) -> input.text(name, List.of(value), Origin.PATH));
        return input.wire();
    }

    /// File name of a raw body: parameter `file_name`, which is left to the form if that has such a field, else
    /// `Content-Disposition`.
    static String rawFileName(RequestHeaders headers, Map<String, List<String>> query, boolean inForm) {
        if (query.containsKey(FILE_NAME) && !inForm) {
            return String.join(",", query.remove(FILE_NAME));
        }
        String disposition = headers.get(HttpHeaderNames.CONTENT_DISPOSITION);
        String name = ContentDisposition.parse(disposition == null ? null : HeaderText.redecode(disposition))
                .fileName();
        return name == null ? "" : name;
    }

    /// False when the service takes no more.
    private static boolean multipart(MultipartReader parts, Upload upload, UploadForm form, UploadMessages messages)
            throws IOException {
        boolean taken = true;
        int files = 0;
        int formBytesLeft = FORM_BYTES_MAX;
        for (var part = parts.next(); part != null && taken; part = taken ? parts.next() : null) {
            PartHeader header = part.header();
            if (header.name().equals(upload.getPart())) {
                if (++files > 1 && !upload.getMany()) {
                    throw Failure.invalid("INVALID_FIELD", header.name(), "given twice")
                            .exception();
                }
                taken = messages.file(header.fileName(), header.contentDigest(), part.content());
            } else {
                byte[] content = part.content().readNBytes(formBytesLeft + 1);
                formBytesLeft -= content.length;
                if (formBytesLeft < 0) {
                    throw EdgeFailures.contentTooLarge(FORM_BYTES_MAX).exception();
                }
                ContentDigest.require(header.contentDigest(), content);
                taken = messages.form(form.part(header.name(), content));
            }
        }
        if (taken) {
            parts.end();
        }
        return taken;
    }
}
