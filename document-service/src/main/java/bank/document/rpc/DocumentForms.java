package bank.document.rpc;

import bank.document.model.DocumentChange;
import bank.document.model.DocumentChange.Field;
import bank.document.model.DocumentDetails;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.v1.BatchDocument;
import bank.v1.DocumentForm;
import bank.v1.UpdateDocumentRequest;
import com.google.protobuf.FieldMask;
import java.util.EnumSet;
import java.util.Set;

/// What requests say of documents.
final class DocumentForms {
    private DocumentForms() {}

    /// Joins the next fields of a form to those that came before; each may come once.
    static void merge(DocumentForm.Builder form, DocumentForm next) {
        for (var field : next.getAllFields().keySet()) {
            if (form.getAllFields().containsKey(field)) {
                throw invalid(field.getName(), "given twice");
            }
        }
        form.mergeFrom(next);
    }

    static DocumentDetails details(DocumentForm form) {
        return new DocumentDetails(
                form.getDescription(),
                form.getCategory(),
                form.hasCallcopyId() ? form.getCallcopyId() : null,
                DocumentProtos.fromProto("actual_date", form.hasActualDate(), form.getActualDate()),
                DocumentProtos.fromProto("actual_end_date", form.hasActualEndDate(), form.getActualEndDate()));
    }

    static DocumentDetails details(BatchDocument document) {
        return new DocumentDetails(
                document.getDescription(),
                document.getCategory(),
                document.hasCallcopyId() ? document.getCallcopyId() : null,
                DocumentProtos.fromProto("actual_date", document.hasActualDate(), document.getActualDate()),
                DocumentProtos.fromProto("actual_end_date", document.hasActualEndDate(), document.getActualEndDate()));
    }

    /// The change a request asks for: the fields of its mask, or those that are set.
    static DocumentChange change(UpdateDocumentRequest request) {
        var fields = request.hasUpdateMask() ? masked(request) : present(request);
        if (fields.isEmpty()) {
            throw invalid("update_mask", "names nothing to change");
        }
        var date = fields.contains(Field.ACTUAL_DATE) && request.hasActualDate();
        var endDate = fields.contains(Field.ACTUAL_END_DATE) && request.hasActualEndDate();
        return new DocumentChange(
                fields,
                new DocumentDetails(
                        fields.contains(Field.DESCRIPTION) ? request.getDescription() : "",
                        fields.contains(Field.CATEGORY) ? request.getCategory() : "",
                        fields.contains(Field.CALLCOPY_ID) ? request.getCallcopyId() : null,
                        DocumentProtos.fromProto(Field.ACTUAL_DATE.path(), date, request.getActualDate()),
                        DocumentProtos.fromProto(Field.ACTUAL_END_DATE.path(), endDate, request.getActualEndDate())));
    }

    /// The request with its mask told in one way, so that the same change is the same request however it was asked for.
    static UpdateDocumentRequest canonical(UpdateDocumentRequest request, DocumentChange change) {
        var mask = FieldMask.newBuilder();
        for (var field : Field.values()) {
            if (change.fields().contains(field)) {
                mask.addPaths(field.path());
            }
        }
        return request.toBuilder().setUpdateMask(mask).build();
    }

    private static Set<Field> present(UpdateDocumentRequest request) {
        var fields = EnumSet.noneOf(Field.class);
        for (var field : Field.values()) {
            if (given(request, field)) {
                fields.add(field);
            }
        }
        return fields;
    }

    private static Set<Field> masked(UpdateDocumentRequest request) {
        var fields = EnumSet.noneOf(Field.class);
        for (var path : request.getUpdateMask().getPathsList()) {
            var field = field(path);
            if ((field == Field.CATEGORY || field == Field.CALLCOPY_ID) && !given(request, field)) {
                throw invalid(path, "a document is always in a category: name one");
            }
            fields.add(field);
        }
        return fields;
    }

    private static Field field(String path) {
        for (var field : Field.values()) {
            if (field.path().equals(path)) {
                return field;
            }
        }
        throw invalid("update_mask", "cannot change " + path);
    }

    private static boolean given(UpdateDocumentRequest request, Field field) {
        return switch (field) {
            case DESCRIPTION -> request.hasDescription();
            case CATEGORY -> request.hasCategory();
            case CALLCOPY_ID -> request.hasCallcopyId();
            case ACTUAL_DATE -> request.hasActualDate();
            case ACTUAL_END_DATE -> request.hasActualEndDate();
        };
    }

    private static DocumentException invalid(String field, String description) {
        return new DocumentException(new DocumentFailure.InvalidField(field, description));
    }
}
