package bank.document;

import bank.v1.Document;
import bank.v1.DocumentEvent;
import bank.v1.DocumentStatus;
import bank.v1.GetDocumentHistoryRequest;
import bank.v1.GetDocumentRequest;
import bank.v1.SetDocumentStatusRequest;
import bank.v1.SetDocumentStatusResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Everyday calls about documents.
record Documents(DocumentServiceExtension service) {
    private static final AtomicInteger NEXT = new AtomicInteger();

    /// A new document of the test's client, pending.
    long pending() {
        return Sent.upload(service.client(), "a.pdf", SmallPdf.of("document " + NEXT.incrementAndGet()))
                .getDocumentId();
    }

    /// A new document of the test's client, moved along by the test's employee.
    long in(DocumentStatus... way) {
        var id = pending();
        for (var status : way) {
            set(service.employee(), id, status);
        }
        return id;
    }

    Document get(long id) {
        return service.employee()
                .reviews()
                .getDocument(GetDocumentRequest.newBuilder().setId(id).build());
    }

    SetDocumentStatusResponse set(DocumentServiceExtension.Caller caller, long id, DocumentStatus status) {
        return caller.reviews()
                .setDocumentStatus(SetDocumentStatusRequest.newBuilder()
                        .setId(id)
                        .setStatus(status)
                        .build());
    }

    List<DocumentEvent> history(long id) {
        return service.client()
                .reviews()
                .getDocumentHistory(
                        GetDocumentHistoryRequest.newBuilder().setId(id).build())
                .getEventsList();
    }
}
