package bank.document.rpc;

import bank.document.domain.Documents;
import bank.document.domain.PresignedUploads;
import bank.document.model.DocumentDetails;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.FileName;
import bank.document.model.PresignedUpload;
import bank.platform.auth.Principal;
import bank.platform.grpc.Call;
import bank.platform.idempotency.Repeat;
import bank.v1.CreateUploadRequest;
import bank.v1.CreateUploadResponse;
import bank.v1.FinishUploadRequest;
import bank.v1.HttpHeader;
import bank.v1.UploadDocumentResponse;

/// CreateUpload and FinishUpload.
public final class PresignedCalls {
    private static final String METHOD = "PUT";

    private final PresignedUploads uploads;
    private final Documents documents;
    private final Intake intake;

    public PresignedCalls(PresignedUploads uploads, Documents documents, Intake intake) {
        this.uploads = uploads;
        this.documents = documents;
        this.intake = intake;
    }

    CreateUploadResponse create(CreateUploadRequest request) {
        var form = request.getForm();
        if (!form.getFileName().isEmpty()) {
            throw new DocumentException(
                    new DocumentFailure.InvalidField("form.file_name", "the name belongs into file_name"));
        }
        var name = FileName.of(request.getFileName());
        var details = DocumentForms.details(form);
        var kept = intake.mutations().run(request, CreateUploadResponse.getDefaultInstance(), tx -> {
            var upload =
                    uploads.open(tx, caller().id(), details, name, request.getSizeBytes(), request.getContentDigest());
            return CreateUploadResponse.newBuilder()
                    .setUploadId(upload.id())
                    .setMethod(METHOD)
                    .addHeaders(HttpHeader.newBuilder()
                            .setName("content-length")
                            .setValue(Long.toString(upload.sizeBytes())))
                    .setExpiresAt(DocumentProtos.toProto(upload.expiresAt()))
                    .build();
        });
        if (Call.current().validateOnly()) {
            // Nothing was opened, so what were put to the URL would be cleared away by nobody.
            return kept;
        }
        var link =
                uploads.link(kept.getUploadId(), DocumentProtos.fromProto(kept.getExpiresAt()), request.getSizeBytes());
        return kept.toBuilder().setUrl(link.toString()).build();
    }

    UploadDocumentResponse finish(FinishUploadRequest request) {
        var repeat = Repeat.of(request);
        return intake.mutations()
                .replay(repeat, UploadDocumentResponse.getDefaultInstance())
                .orElseGet(() -> finish(repeat, uploads.get(caller().id(), request.getUploadId())));
    }

    private UploadDocumentResponse finish(Repeat repeat, PresignedUpload upload) {
        var caller = caller();
        var details = new DocumentDetails(
                upload.description(), "", upload.categoryId(), upload.actualDate(), upload.actualEndDate());
        UploadDocumentResponse answer;
        try (var incoming = uploads.fetch(caller.name(), upload)) {
            answer = intake.take(
                    repeat,
                    UploadDocumentResponse.getDefaultInstance(),
                    FileName.of(upload.fileName()),
                    incoming.finish(),
                    () -> {},
                    (tx, checked, object) -> {
                        uploads.finish(tx, upload);
                        return DocumentProtos.uploaded(
                                documents.create(tx, caller.id(), caller, details, checked, object));
                    });
        }
        if (!Call.current().validateOnly()) {
            uploads.clear(upload);
        }
        return answer;
    }

    private static Principal.User caller() {
        return (Principal.User) Call.current().principal();
    }
}
