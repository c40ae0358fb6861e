package bank.document;

import static bank.testing.StatusAssert.assertThatCall;

import bank.platform.events.Event;
import bank.testing.Eventually;
import bank.testing.KafkaExtension;
import bank.testing.StatusAssert;
import bank.v1.DeleteDocumentRequest;
import bank.v1.DeleteDocumentResponse;
import bank.v1.UserStatus;
import bank.v1.UserStatusChanged;
import io.grpc.Status.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Documents of users who have died.
class DeceasedOwnerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension(kafka);

    private static final Documents documents = new Documents(service);

    @Test
    void areHeldUntilTheirOwnerTurnsOutToLive() {
        var before = documents.pending();
        tell(UserStatus.USER_STATUS_DECEASED, 3);
        awaitHeld(before);

        var after = documents.pending();
        assertHeld(after);
        assertThatCall(() -> delete(service.admin(), before)).fails(Code.FAILED_PRECONDITION, "DOCUMENT_HELD");
        // Those of others go.
        var others = Sent.upload(service.otherClient(), "a.pdf", SmallPdf.of("of another"))
                .getDocumentId();
        delete(service.otherClient(), others);

        // An older word, come late, counts for nothing.
        tell(UserStatus.USER_STATUS_ACTIVE, 2);
        tell(UserStatus.USER_STATUS_BLOCKED, 4);
        Eventually.holds("they are let go", PATIENCE, () -> versionOf() == 4);
        delete(service.client(), before);
        delete(service.client(), after);
    }

    private static void tell(UserStatus status, long version) {
        service.publish(Event.of(
                UserStatusChanged.newBuilder()
                        .setUserId(TestIdentity.CLIENT)
                        .setStatus(status)
                        .build(),
                version));
    }

    private static long versionOf() {
        return service.database.read(session -> session.sql()
                .createQuery("SELECT version FROM deceased_user WHERE user_id = :user")
                .bind("user", TestIdentity.CLIENT)
                .mapTo(Long.class)
                .one());
    }

    private static void awaitHeld(long id) {
        Eventually.holds(
                "the death is known",
                PATIENCE,
                () -> service.database.read(session -> session.sql()
                        .createQuery("SELECT EXISTS (SELECT FROM deceased_user WHERE user_id = :user AND deceased)")
                        .bind("user", TestIdentity.CLIENT)
                        .mapTo(Boolean.class)
                        .one()));
        assertHeld(id);
    }

    private static StatusAssert assertHeld(long id) {
        return assertThatCall(() -> delete(service.client(), id))
                .fails(Code.FAILED_PRECONDITION, "DOCUMENT_HELD")
                .hasMetadata("holder", "death:" + TestIdentity.CLIENT);
    }

    private static DeleteDocumentResponse delete(DocumentServiceExtension.Caller caller, long id) {
        return caller.documents()
                .deleteDocument(DeleteDocumentRequest.newBuilder().setId(id).build());
    }
}
