package bank.document.rpc;

import bank.document.domain.Categories;
import bank.document.domain.Documents;
import bank.document.model.FileName;
import bank.platform.auth.Principal;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.idempotency.Repeat;
import bank.v1.DocumentForm;
import bank.v1.UploadDocumentRequest;
import bank.v1.UploadDocumentResponse;
import io.grpc.stub.StreamObserver;

/// One running UploadDocument.
final class UploadStream implements StreamObserver<UploadDocumentRequest> {
    private final Intake intake;
    private final Documents documents;
    private final Categories categories;
    private final IncomingFile file;
    private final StreamObserver<UploadDocumentResponse> answer;
    private final DocumentForm.Builder form = DocumentForm.newBuilder();

    UploadStream(
            Intake intake,
            Documents documents,
            Categories categories,
            IncomingFile file,
            StreamObserver<UploadDocumentResponse> answer) {
        this.intake = intake;
        this.documents = documents;
        this.categories = categories;
        this.file = file;
        this.answer = answer;
    }

    @Override
    public void onNext(UploadDocumentRequest message) {
        switch (message.getPartCase()) {
            case FORM -> DocumentForms.merge(form, message.getForm());
            case FILE -> file.open(message.getFile());
            case CHUNK -> file.write(message.getChunk());
            case PART_NOT_SET -> {}
        }
    }

    @Override
    public void onError(Throwable t) {
        file.close();
    }

    @Override
    public void onCompleted() {
        Answer.one(answer, store());
    }

    private UploadDocumentResponse store() {
        try (file) {
            var content = file.finish();
            var name = FileName.ofNullable(form.getFileName().isEmpty() ? file.name() : form.getFileName());
            var details = DocumentForms.details(form.build());
            var caller = (Principal.User) Call.current().principal();
            return intake.take(
                    Repeat.of(form.setFileName(name == null ? "" : name.value()).build(), content.digest()),
                    UploadDocumentResponse.getDefaultInstance(),
                    name,
                    content,
                    () -> categories.require(details),
                    (tx, checked, object) -> DocumentProtos.uploaded(
                            documents.create(tx, caller.id(), caller, details, checked, object)));
        }
    }
}
