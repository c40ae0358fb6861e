package bank.edge.openapi;

import bank.edge.EdgeConfig;
import bank.edge.route.HttpRule;
import bank.v1.Upload;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Request bodies.
final class Bodies {
    private static final String HTTP_BODY = "google.api.HttpBody";

    private final Schemas schemas;
    private final EdgeConfig config;

    Bodies(Schemas schemas, EdgeConfig config) {
        this.schemas = schemas;
        this.config = config;
    }

    /// The JSON body of an operation, a stream's in its forms, or that of an `HttpBody`.
    ///
    /// @param bound paths of fields the path sets
    ObjectNode json(HttpRule rule, View view, Set<String> bound) {
        Descriptor input = rule.rpc().input();
        boolean streamed = rule.rpc().method().isClientStreaming();
        long bytesMax = streamed ? config.streamBytesMax() : config.uploadBytesMax();
        ObjectNode schema;
        if (rule.body().equals("*")) {
            if (isHttpBody(input)) {
                return any(bytesMax);
            }
            schema = schemas.message(input, view, bound);
        } else {
            FieldDescriptor field = Objects.requireNonNull(input.findFieldByName(rule.body()));
            if (!field.isRepeated() && isHttpBody(field)) {
                return any(bytesMax);
            }
            schema = schemas.fields().of(field, view, Schemas.below(bound, field));
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (streamed) {
            StreamForms.addRequest(schema, body.putObject("content"));
            return body;
        }
        if (!schemas.resolve(schema).path("required").isEmpty()) {
            body.put("required", true);
        }
        ObjectNode content = body.putObject("content").putObject("application/json");
        content.set("schema", schema);
        new Examples(schemas::resolve, true).of(schema).ifPresent(example -> content.set("example", example));
        return body;
    }

    static boolean isHttpBody(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && isHttpBody(field.getMessageType());
    }

    static boolean isHttpBody(Descriptor type) {
        return type.getFullName().equals(HTTP_BODY);
    }

    /// A body of any type.
    static ObjectNode any(long bytesMax) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("content").putObject("*/*").set("schema", file("Content of any type.", bytesMax));
        return body;
    }

    /// Bytes as they are.
    static ObjectNode file(String description, long bytesMax) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("description", description)
                .put("type", "string")
                .put("format", "binary")
                .put("contentMediaType", "application/octet-stream")
                .put("maxLength", bytesMax);
    }

    /// A form with a file, or with several; and, for one file, the file as the body itself.
    ObjectNode upload(HttpRule rule, View view) {
        Upload upload = Objects.requireNonNull(rule.rpc().upload());
        long bytesMax = upload.getMany() ? config.batchUploadBytesMax() : config.uploadBytesMax();
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("required", true);
        ObjectNode contents = body.putObject("content");
        ObjectNode form = contents.putObject("multipart/form-data").putObject("schema");
        Descriptor type = form(rule);
        if (type == null) {
            form.put("type", "object").put("additionalProperties", false).putObject("properties");
        } else {
            schemas.fields().object(type, view, Set.of(), form);
        }
        ObjectNode file = file("The file, with its name. `Content-Digest` on the part is checked.", bytesMax);
        if (upload.getMany()) {
            ObjectNode files = file.objectNode();
            files.put("description", "The files, as many parts of this name.");
            files.put("type", "array").put("maxItems", view.textMax()).put("minItems", 1);
            files.set("items", file);
            file = files;
        }
        form.withObject("/properties").set(upload.getPart(), file);
        form.withArray("required").add(upload.getPart());
        example(form, upload, contents);
        if (!upload.getMany()) {
            contents.putObject("application/octet-stream")
                    .set(
                            "schema",
                            file(
                                    "The file itself, under its own media type; the form's fields are in the query.",
                                    bytesMax));
        }
        return body;
    }

    /// What a form may look like, the file itself left empty. Docs pages fill the form in by it; without one they make
    /// up a value for every field, also for those that exclude each other.
    private void example(ObjectNode form, Upload upload, ObjectNode contents) {
        new Examples(schemas::resolve, true).of(form).ifPresent(given -> {
            ObjectNode example = (ObjectNode) given;
            if (upload.getMany()) {
                example.putArray(upload.getPart()).add("");
            } else {
                example.put(upload.getPart(), "");
            }
            contents.withObject("/multipart~1form-data")
                    .putObject("examples")
                    .putObject("upload")
                    .put("summary", "A form, still without its file.")
                    .set("value", example);
        });
    }

    /// Type of an upload's form; null when it has none.
    static @Nullable Descriptor form(HttpRule rule) {
        Upload upload = Objects.requireNonNull(rule.rpc().upload());
        return upload.getForm().isEmpty()
                ? null
                : rule.rpc().input().findFieldByName(upload.getForm()).getMessageType();
    }
}
