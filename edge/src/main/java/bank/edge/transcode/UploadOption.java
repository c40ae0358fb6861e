package bank.edge.transcode;

import bank.edge.route.HttpRule;
import bank.edge.route.PathTemplate;
import bank.v1.FileHeader;
import bank.v1.Upload;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether the option `(bank.v1.upload)` fits the rpc it stands on.
final class UploadOption {
    private static final String HEADER = FileHeader.getDescriptor().getFullName();

    private final MethodDescriptor method;
    private final Upload upload;

    private UploadOption(MethodDescriptor method, Upload upload) {
        this.method = method;
        this.upload = upload;
    }

    /// What does not fit, e.g. `file: no field heading in acme.Piece`; null when everything does.
    static @Nullable String fault(MethodDescriptor method, Upload upload) {
        return new UploadOption(method, upload).fault();
    }

    /// The same for one way the rpc is reached. What the upload sets no path may set: it would be set twice.
    static @Nullable String fault(HttpRule rule, Upload upload) {
        String fault = fault(rule.rpc().method(), upload);
        if (fault != null) {
            return fault;
        }
        String form = upload.getForm();
        Descriptor type =
                form.isEmpty() ? null : rule.rpc().input().findFieldByName(form).getMessageType();
        if (type != null && !rule.rpc().codec().hasMembers(type)) {
            return "form: " + form + " is a " + type.getFullName() + ", whose fields no part can name";
        }
        var uploaded = List.of(upload.getForm(), upload.getFile(), upload.getChunk());
        return rule.template().variables().stream()
                .map(PathTemplate.Variable::field)
                .filter(field -> uploaded.contains(field.split("\\.", 2)[0]))
                .findFirst()
                .map(field -> "the path sets " + field + ", which is the upload's to set")
                .orElse(null);
    }

    private @Nullable String fault() {
        if (method.isClientStreaming() && method.isServerStreaming()) {
            return "its answer is a stream";
        }
        if (upload.getMany() && !method.isClientStreaming()) {
            return "many: a single message has one file";
        }
        if (upload.getPart().isEmpty()) {
            return "part: not named";
        }
        String chunk = field("chunk", upload.getChunk(), true, FieldDescriptor.Type.BYTES, "");
        if (chunk != null) {
            return chunk;
        }
        String file = field("file", upload.getFile(), method.isClientStreaming(), FieldDescriptor.Type.MESSAGE, HEADER);
        if (file != null) {
            return file;
        }
        if (!upload.getForm().isEmpty() && upload.getForm().equals(upload.getFile())) {
            return "form: " + upload.getForm() + " is that of the file";
        }
        return field("form", upload.getForm(), false, FieldDescriptor.Type.MESSAGE, "");
    }

    /// @param type full name of the message type; empty for any
    private @Nullable String field(String what, String name, boolean required, FieldDescriptor.Type kind, String type) {
        if (name.isEmpty()) {
            return required ? what + ": not named" : null;
        }
        FieldDescriptor field = method.getInputType().findFieldByName(name);
        if (field == null) {
            return what + ": no field " + name + " in " + method.getInputType().getFullName();
        }
        boolean fits = !field.isRepeated()
                && field.getType() == kind
                && (type.isEmpty() || field.getMessageType().getFullName().equals(type));
        String wanted = !type.isEmpty() ? type : kind == FieldDescriptor.Type.BYTES ? "field of bytes" : "message";
        return fits ? null : what + ": " + name + " is not a single " + wanted;
    }
}
