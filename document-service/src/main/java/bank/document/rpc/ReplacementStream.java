package bank.document.rpc;

import bank.document.domain.Documents;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.FileName;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.idempotency.Repeat;
import bank.v1.FileHeader;
import bank.v1.ReplaceContentRequest;
import bank.v1.ReplaceContentResponse;
import io.grpc.stub.StreamObserver;

/// One running ReplaceContent.
final class ReplacementStream implements StreamObserver<ReplaceContentRequest> {
    private final Intake intake;
    private final Documents documents;
    private final IncomingFile file;
    private final StreamObserver<ReplaceContentResponse> answer;
    private long id;

    ReplacementStream(
            Intake intake, Documents documents, IncomingFile file, StreamObserver<ReplaceContentResponse> answer) {
        this.intake = intake;
        this.documents = documents;
        this.file = file;
        this.answer = answer;
    }

    @Override
    public void onNext(ReplaceContentRequest message) {
        if (id == 0) {
            id = message.getId();
        }
        if (id == 0 || (message.getId() != 0 && message.getId() != id)) {
            throw new DocumentException(
                    new DocumentFailure.InvalidField("id", "name one document, in the first message"));
        }
        switch (message.getPartCase()) {
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

    private ReplaceContentResponse store() {
        try (file) {
            var content = file.finish();
            var name = FileName.ofNullable(file.name());
            var caller = Call.current().principal();
            var request = ReplaceContentRequest.newBuilder()
                    .setId(id)
                    .setFile(FileHeader.newBuilder().setFileName(name == null ? "" : name.value()))
                    .build();
            return intake.take(
                    Repeat.of(request, content.digest()),
                    ReplaceContentResponse.getDefaultInstance(),
                    name,
                    content,
                    () -> documents.requireReplaceable(caller, id),
                    (tx, checked, object) ->
                            DocumentProtos.replaced(documents.replaceContent(tx, caller, id, checked, object)));
        }
    }
}
