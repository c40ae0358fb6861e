package bank.document.rpc;

import bank.document.domain.Categories;
import bank.document.domain.DocumentLists;
import bank.document.domain.Documents;
import bank.document.domain.Downloads;
import bank.document.model.DocumentChange;
import bank.document.model.DocumentSummary;
import bank.document.model.ListPosition;
import bank.platform.auth.Principal;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.idempotency.Repeat;
import bank.platform.page.PageTokens;
import bank.v1.BatchGetDocumentsRequest;
import bank.v1.BatchGetDocumentsResponse;
import bank.v1.CreateDocumentCategoryRequest;
import bank.v1.CreateUploadRequest;
import bank.v1.CreateUploadResponse;
import bank.v1.DeleteDocumentRequest;
import bank.v1.DeleteDocumentResponse;
import bank.v1.Dictionary;
import bank.v1.DictionaryEntry;
import bank.v1.DocumentServiceGrpc.DocumentServiceImplBase;
import bank.v1.DownloadDocumentRequest;
import bank.v1.FinishUploadRequest;
import bank.v1.LinkedDocument;
import bank.v1.ListDocumentCategoriesRequest;
import bank.v1.ListOperationStatusesRequest;
import bank.v1.ListUserDocumentsRequest;
import bank.v1.ListUserDocumentsResponse;
import bank.v1.ReplaceContentRequest;
import bank.v1.ReplaceContentResponse;
import bank.v1.UpdateDocumentRequest;
import bank.v1.UpdateDocumentResponse;
import bank.v1.UpdatedField;
import bank.v1.UploadDocumentRequest;
import bank.v1.UploadDocumentResponse;
import com.google.api.HttpBody;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Documents as their owners see them.
public final class DocumentGrpcService extends DocumentServiceImplBase {
    private final Documents documents;
    private final DocumentLists lists;
    private final Categories categories;
    private final Intake intake;
    private final PresignedCalls presigned;
    private final Downloads downloads;
    private final PageTokens pageTokens;
    private final long uploadBytesMax;

    /// @param uploadBytesMax most bytes of an uploaded file
    public DocumentGrpcService(
            Documents documents,
            DocumentLists lists,
            Categories categories,
            Intake intake,
            PresignedCalls presigned,
            Downloads downloads,
            PageTokens pageTokens,
            long uploadBytesMax) {
        this.documents = documents;
        this.lists = lists;
        this.categories = categories;
        this.intake = intake;
        this.presigned = presigned;
        this.downloads = downloads;
        this.pageTokens = pageTokens;
        this.uploadBytesMax = uploadBytesMax;
    }

    @Override
    public StreamObserver<UploadDocumentRequest> uploadDocument(StreamObserver<UploadDocumentResponse> observer) {
        return new UploadStream(
                intake, documents, categories, new IncomingFile(intake.uploads(), uploadBytesMax), observer);
    }

    @Override
    public StreamObserver<ReplaceContentRequest> replaceContent(StreamObserver<ReplaceContentResponse> observer) {
        return new ReplacementStream(intake, documents, new IncomingFile(intake.uploads(), uploadBytesMax), observer);
    }

    @Override
    public void createUpload(CreateUploadRequest request, StreamObserver<CreateUploadResponse> observer) {
        Answer.one(observer, presigned.create(request));
    }

    @Override
    public void finishUpload(FinishUploadRequest request, StreamObserver<UploadDocumentResponse> observer) {
        Answer.one(observer, presigned.finish(request));
    }

    @Override
    public void listUserDocuments(
            ListUserDocumentsRequest request, StreamObserver<ListUserDocumentsResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var after = pageTokens.position(request);
        var rows =
                lists.ofUser(caller(), request.getUserId(), after == null ? null : ListPosition.parse(after), size + 1);
        var page = pageTokens.cut(
                request, rows, size, (DocumentSummary row) -> row.position().toString());
        Answer.one(
                observer,
                ListUserDocumentsResponse.newBuilder()
                        .addAllDocuments(page.rows().stream()
                                .map(DocumentProtos::toUserDocument)
                                .toList())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    @Override
    public void updateDocument(UpdateDocumentRequest request, StreamObserver<UpdateDocumentResponse> observer) {
        var change = DocumentForms.change(request);
        var repeat = Repeat.of(DocumentForms.canonical(request, change));
        Answer.one(observer, intake.mutations().run(repeat, UpdateDocumentResponse.getDefaultInstance(), tx -> {
            var changed = documents.update(tx, caller(), request.getId(), change);
            List<UpdatedField> fields = Arrays.stream(DocumentChange.Field.values())
                    .filter(change.fields()::contains)
                    .map(field -> UpdatedField.newBuilder()
                            .setField(field.path())
                            .setNewValue(field.valueIn(changed))
                            .build())
                    .toList();
            var answer = UpdateDocumentResponse.newBuilder()
                    .setDocumentId(changed.id())
                    .addAllUpdatedFields(fields)
                    .setEtag(changed.etag());
            if (fields.size() == 1) {
                answer.setUpdatedField(fields.getFirst().getField())
                        .setNewValue(fields.getFirst().getNewValue());
            }
            return answer.build();
        }));
    }

    @Override
    public void deleteDocument(DeleteDocumentRequest request, StreamObserver<DeleteDocumentResponse> observer) {
        var doomed = new ArrayList<String>();
        var answer = intake.mutations().run(request, DeleteDocumentResponse.getDefaultInstance(), tx -> {
            doomed.addAll(documents.delete(tx, caller(), request.getId()));
            return DeleteDocumentResponse.newBuilder()
                    .setMessage("Document " + request.getId() + " deleted successfully")
                    .build();
        });
        intake.objects().deleteDoomed(doomed);
        Answer.one(observer, answer);
    }

    @Override
    public void downloadDocument(DownloadDocumentRequest request, StreamObserver<HttpBody> observer) {
        var content = downloads.content(caller(), request.getId(), request.hasVersion() ? request.getVersion() : null);
        DownloadStream.start(downloads, request.getId(), content, (ServerCallStreamObserver<HttpBody>) observer);
    }

    @Override
    public void batchGetDocuments(
            BatchGetDocumentsRequest request, StreamObserver<BatchGetDocumentsResponse> observer) {
        var found = documents.find(caller(), request.getIdsList());
        Answer.one(
                observer,
                BatchGetDocumentsResponse.newBuilder()
                        .addAllDocuments(found.stream()
                                .map(document -> LinkedDocument.newBuilder()
                                        .setDocument(DocumentProtos.toProto(document))
                                        .setLink(downloads.link(document).toString())
                                        .build())
                                .toList())
                        .build());
    }

    @Override
    public void listDocumentCategories(ListDocumentCategoriesRequest request, StreamObserver<Dictionary> observer) {
        Answer.one(observer, DocumentProtos.categories(categories.all()));
    }

    @Override
    public void createDocumentCategory(
            CreateDocumentCategoryRequest request, StreamObserver<DictionaryEntry> observer) {
        Answer.one(
                observer,
                intake.mutations()
                        .run(
                                request,
                                DictionaryEntry.getDefaultInstance(),
                                tx -> DocumentProtos.toProto(categories.create(
                                        tx, request.getCode(), request.getNameRu(), request.getNameEn()))));
    }

    @Override
    public void listOperationStatuses(ListOperationStatusesRequest request, StreamObserver<Dictionary> observer) {
        Answer.one(observer, DocumentProtos.operationStatuses());
    }

    private static Principal caller() {
        return Call.current().principal();
    }
}
