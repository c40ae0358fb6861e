package bank.contract;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.events.CloudEventJson;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.testing.TopicReader;
import bank.v1.ActivityLogged;
import bank.v1.ContractLinkChanged;
import bank.v1.LinkStatus;
import com.google.protobuf.Message;
import io.cloudevents.CloudEvent;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Changes of links, as other systems are told of them.
class LinkEventsIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    private static Scene scene;

    private record Told<M>(CloudEvent event, M payload) {}

    @BeforeAll
    static void start() {
        scene = new Scene(postgres, kafka);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void tellOfEveryChangeOfALinkAndOfNothingElse() {
        var contract = scene.contract().getContractId();
        var first = scene.documents.add(Scene.CLIENT, "Договор аренды");
        var second = scene.documents.add(Scene.CLIENT, "Справка");
        scene.client().linkDocument(Scene.link(contract, first));
        // The same link again, the same status again, and a dry run change nothing.
        scene.client().linkDocument(Scene.link(contract, first));
        scene.client().setLinkStatus(Scene.status(contract, first, LinkStatus.LINK_STATUS_ACTIVE));
        Scene.with(scene.client(), "validate-only", "true").linkDocument(Scene.link(contract, second));
        scene.employee().linkDocument(Scene.link(contract, second));
        scene.client().setLinkStatus(Scene.status(contract, first, LinkStatus.LINK_STATUS_REVOKED));
        scene.client().linkDocument(Scene.link(contract, first));

        var told = told("contract.link", contract, ContractLinkChanged.getDefaultInstance(), 4);

        assertThat(told)
                .extracting(each -> String.valueOf(each.event().getExtension("aggregateversion")))
                .containsExactly("1", "2", "3", "4");
        assertThat(told)
                .extracting(Told::payload)
                .containsExactly(
                        change(contract, first, LinkStatus.LINK_STATUS_ACTIVE).build(),
                        change(contract, second, LinkStatus.LINK_STATUS_ACTIVE)
                                .setActor("user:" + Scene.EMPLOYEE)
                                .build(),
                        change(contract, first, LinkStatus.LINK_STATUS_REVOKED)
                                .setFromStatus(LinkStatus.LINK_STATUS_ACTIVE)
                                .build(),
                        change(contract, first, LinkStatus.LINK_STATUS_ACTIVE)
                                .setFromStatus(LinkStatus.LINK_STATUS_REVOKED)
                                .build());
    }

    @Test
    void tellWhoDidWhat() {
        var contract = scene.contract().getContractId();
        var document = scene.documents.add(Scene.CLIENT, "Договор аренды");
        scene.client().linkDocument(Scene.link(contract, document));
        scene.employee().setLinkStatus(Scene.status(contract, document, LinkStatus.LINK_STATUS_REVOKED));

        var told = told("system.logs.activity", "contract:" + contract, ActivityLogged.getDefaultInstance(), 2);

        assertThat(told)
                .extracting(each -> each.payload().getActor() + " "
                        + each.payload().getAction() + " " + each.payload().getDetail())
                .containsExactlyInAnyOrder(
                        "user:123 contract.document_linked document:" + document,
                        "user:456 contract.link_revoked document:" + document);
    }

    private static ContractLinkChanged.Builder change(long contract, long document, LinkStatus status) {
        return ContractLinkChanged.newBuilder()
                .setContractId(contract)
                .setDocumentId(document)
                .setUserId(Scene.CLIENT)
                .setStatus(status)
                .setActor("user:" + Scene.CLIENT);
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
