package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PENDING;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PROCESSING;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.events.CloudEventJson;
import bank.testing.KafkaExtension;
import bank.testing.TopicReader;
import bank.v1.ActivityLogged;
import bank.v1.DeleteDocumentRequest;
import bank.v1.DocumentStatusChanged;
import com.google.protobuf.Message;
import io.cloudevents.CloudEvent;
import io.grpc.Status.Code;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Changes of documents, as other systems are told of them.
class DocumentEventsIT {
    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension(kafka);

    private static final Documents documents = new Documents(service);

    private record Told<M>(CloudEvent event, M payload) {}

    @Test
    void tellOfEveryChangeOfADocumentInItsOrder() {
        var id = documents.in(DOCUMENT_STATUS_PROCESSING, DOCUMENT_STATUS_REJECTED);
        Sent.replace(service.client(), id, "b.pdf", SmallPdf.of("second version"));
        // Neither what was only tried nor what failed is told.
        documents.set(service.employee().with("validate-only", "true"), id, DOCUMENT_STATUS_PROCESSING);
        assertThatCall(() -> documents.set(service.employee(), id, DOCUMENT_STATUS_REJECTED))
                .hasCode(Code.FAILED_PRECONDITION);
        service.client()
                .documents()
                .deleteDocument(DeleteDocumentRequest.newBuilder().setId(id).build());

        var told = told("document.status", id, DocumentStatusChanged.getDefaultInstance(), 5);

        assertThat(told).extracting(each -> each.event().getSubject()).containsOnly(Long.toString(id));
        assertThat(told)
                .extracting(each -> String.valueOf(each.event().getExtension("aggregateversion")))
                .containsExactly("1", "2", "3", "4", "5");
        assertThat(told)
                .extracting(Told::payload)
                .containsExactly(
                        change(id, TestIdentity.CLIENT)
                                .setStatus(DOCUMENT_STATUS_PENDING)
                                .build(),
                        change(id, TestIdentity.EMPLOYEE)
                                .setFromStatus(DOCUMENT_STATUS_PENDING)
                                .setStatus(DOCUMENT_STATUS_PROCESSING)
                                .build(),
                        change(id, TestIdentity.EMPLOYEE)
                                .setFromStatus(DOCUMENT_STATUS_PROCESSING)
                                .setStatus(DOCUMENT_STATUS_REJECTED)
                                .build(),
                        change(id, TestIdentity.CLIENT)
                                .setFromStatus(DOCUMENT_STATUS_REJECTED)
                                .setStatus(DOCUMENT_STATUS_PENDING)
                                .setContentVersion(2)
                                .build(),
                        change(id, TestIdentity.CLIENT)
                                .setFromStatus(DOCUMENT_STATUS_PENDING)
                                .setContentVersion(2)
                                .setDeleted(true)
                                .build());
    }

    private static DocumentStatusChanged.Builder change(long id, long actor) {
        return DocumentStatusChanged.newBuilder()
                .setDocumentId(id)
                .setUserId(TestIdentity.CLIENT)
                .setContentVersion(1)
                .setActor("user:" + actor);
    }

    @Test
    void tellWhoDidWhat() {
        var id = documents.in(DOCUMENT_STATUS_PROCESSING);
        var subject = "document:" + id;

        var told = told("system.logs.activity", subject, ActivityLogged.getDefaultInstance(), 2);

        assertThat(told)
                .extracting(Told::payload)
                .containsExactlyInAnyOrder(
                        ActivityLogged.newBuilder()
                                .setActor("user:" + TestIdentity.CLIENT)
                                .setAction("document.uploaded")
                                .setSubject(subject)
                                .build(),
                        ActivityLogged.newBuilder()
                                .setActor("user:" + TestIdentity.EMPLOYEE)
                                .setAction("document.status_changed")
                                .setSubject(subject)
                                .setDetail("pending to processing")
                                .build());
    }

    /// The events of a key, once there are so many.
    private static <M extends Message> List<Told<M>> told(String topic, Object key, M prototype, int count) {
        try (var reader = new TopicReader(kafka.bootstrapServers(), kafka.prefix() + topic)) {
            for (var wanted = count; ; wanted++) {
                var told = reader.first(wanted).stream()
                        .filter(message -> message.key().equals(key.toString()))
                        .map(message -> CloudEventJson.read(message.headers(), message.value()))
                        .map(event -> new Told<>(event, CloudEventJson.payload(event, prototype)))
                        .toList();
                if (told.size() >= count) {
                    return told;
                }
            }
        }
    }
}
