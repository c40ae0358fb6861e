package bank.document.rpc;

import bank.document.domain.Categories;
import bank.document.domain.DocumentLists;
import bank.document.domain.DocumentReviews;
import bank.document.domain.Documents;
import bank.document.model.ContentVersion;
import bank.document.model.DocumentEvent;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.DocumentSummary;
import bank.document.model.ListPosition;
import bank.document.model.Text;
import bank.document.store.DocumentSearch;
import bank.platform.auth.Principal;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.idempotency.Mutations;
import bank.platform.idempotency.Repeat;
import bank.platform.page.PageTokens;
import bank.v1.BatchUploadDocumentsRequest;
import bank.v1.BatchUploadDocumentsResponse;
import bank.v1.Document;
import bank.v1.DocumentReviewServiceGrpc.DocumentReviewServiceImplBase;
import bank.v1.GetDocumentHistoryRequest;
import bank.v1.GetDocumentHistoryResponse;
import bank.v1.GetDocumentRequest;
import bank.v1.ListVersionsRequest;
import bank.v1.ListVersionsResponse;
import bank.v1.SearchDocumentsRequest;
import bank.v1.SearchDocumentsResponse;
import bank.v1.SetDocumentStatusRequest;
import bank.v1.SetDocumentStatusResponse;
import bank.v1.WatchDocumentsRequest;
import bank.v1.WatchDocumentsResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// Documents as core banking processes them.
public final class DocumentReviewGrpcService extends DocumentReviewServiceImplBase {
    private static final int TEXT_LENGTH_MAX = 200;

    private final Documents documents;
    private final DocumentLists lists;
    private final DocumentReviews reviews;
    private final Categories categories;
    private final WatchStream.Parts watch;
    private final BatchStream.Parts batch;
    private final Mutations mutations;
    private final PageTokens pageTokens;

    /// @param watch what watching works with
    /// @param batch what a batch upload works with
    public DocumentReviewGrpcService(
            Documents documents,
            DocumentLists lists,
            DocumentReviews reviews,
            Categories categories,
            WatchStream.Parts watch,
            BatchStream.Parts batch,
            Mutations mutations,
            PageTokens pageTokens) {
        this.documents = documents;
        this.lists = lists;
        this.reviews = reviews;
        this.categories = categories;
        this.watch = watch;
        this.batch = batch;
        this.mutations = mutations;
        this.pageTokens = pageTokens;
    }

    @Override
    public void getDocument(GetDocumentRequest request, StreamObserver<Document> observer) {
        Answer.one(observer, DocumentProtos.toProto(documents.get(caller(), request.getId())));
    }

    @Override
    public void searchDocuments(SearchDocumentsRequest request, StreamObserver<SearchDocumentsResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var after = pageTokens.position(request);
        var rows = lists.search(filter(request), after == null ? null : ListPosition.parse(after), size + 1);
        var page = pageTokens.cut(
                request, rows, size, (DocumentSummary row) -> row.position().toString());
        Answer.one(
                observer,
                SearchDocumentsResponse.newBuilder()
                        .addAllResults(page.rows().stream()
                                .map(DocumentProtos::toSearchResult)
                                .toList())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    @Override
    public void setDocumentStatus(
            SetDocumentStatusRequest request, StreamObserver<SetDocumentStatusResponse> observer) {
        var status = DocumentProtos.fromProto(request.getStatus());
        if (status == null) {
            throw new DocumentException(new DocumentFailure.InvalidField("status", "no status of documents"));
        }
        var step = new DocumentReviews.Step(
                status,
                DocumentProtos.fromProto(
                        "plan_maturity_date", request.hasPlanMaturityDate(), request.getPlanMaturityDate()),
                request.getComment());
        var repeat = Repeat.of(request);
        var prototype = SetDocumentStatusResponse.getDefaultInstance();
        Answer.one(observer, mutations.replay(repeat, prototype).orElseGet(() -> {
            var worker = reviews.worker(caller(), request.hasWorkerId() ? request.getWorkerId() : null);
            return mutations.run(repeat, prototype, tx -> {
                var changed = reviews.setStatus(tx, caller(), request.getId(), worker, step);
                return SetDocumentStatusResponse.newBuilder()
                        .setDocumentId(changed.id())
                        .setNewStatus(DocumentProtos.toProto(changed.status()))
                        .setUpdatedBy(worker)
                        .setEtag(changed.etag())
                        .build();
            });
        }));
    }

    @Override
    public StreamObserver<BatchUploadDocumentsRequest> batchUploadDocuments(
            StreamObserver<BatchUploadDocumentsResponse> observer) {
        return new BatchStream(batch, observer);
    }

    @Override
    public void watchDocuments(WatchDocumentsRequest request, StreamObserver<WatchDocumentsResponse> observer) {
        var watching = watch.watches()
                .open(
                        caller(),
                        request.hasUserId() ? request.getUserId() : null,
                        request.getAfter().isEmpty() ? null : Long.parseLong(request.getAfter()));
        WatchStream.start(watching, watch, (ServerCallStreamObserver<WatchDocumentsResponse>) observer);
    }

    @Override
    public void listVersions(ListVersionsRequest request, StreamObserver<ListVersionsResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var after = pageTokens.position(request);
        var rows = lists.versions(
                caller(), request.getId(), after == null ? Integer.MAX_VALUE : Integer.parseInt(after), size + 1);
        var page = pageTokens.cut(request, rows, size, (ContentVersion row) -> Integer.toString(row.version()));
        Answer.one(
                observer,
                ListVersionsResponse.newBuilder()
                        .addAllVersions(page.rows().stream()
                                .map(DocumentProtos::toProto)
                                .toList())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    @Override
    public void getDocumentHistory(
            GetDocumentHistoryRequest request, StreamObserver<GetDocumentHistoryResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var after = pageTokens.position(request);
        var rows = lists.events(
                caller(), request.getId(), after == null ? Long.MAX_VALUE : Long.parseLong(after), size + 1);
        var page = pageTokens.cut(request, rows, size, (DocumentEvent row) -> Long.toString(row.id()));
        Answer.one(
                observer,
                GetDocumentHistoryResponse.newBuilder()
                        .addAllEvents(page.rows().stream()
                                .map(DocumentProtos::toProto)
                                .toList())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    private DocumentSearch.Filter filter(SearchDocumentsRequest request) {
        var from = DocumentProtos.fromProto("uploaded_from", request.hasUploadedFrom(), request.getUploadedFrom());
        var to = DocumentProtos.fromProto("uploaded_to", request.hasUploadedTo(), request.getUploadedTo());
        return new DocumentSearch.Filter(
                DocumentProtos.fromProto(request.getStatus()),
                request.getCategory().isBlank()
                        ? null
                        : categories.sought(request.getCategory()).id(),
                request.hasUserId() ? request.getUserId() : null,
                request.hasWorkerId() ? request.getWorkerId() : null,
                from == null ? null : start(from),
                to == null ? null : start(to.plusDays(1)),
                Text.of("text", request.getText(), TEXT_LENGTH_MAX));
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static Principal caller() {
        return Call.current().principal();
    }
}
