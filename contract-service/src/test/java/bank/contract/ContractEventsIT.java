package bank.contract;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.events.CloudEventJson;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.testing.TopicReader;
import bank.v1.ActivityLogged;
import bank.v1.ContractLinkChanged;
import bank.v1.ContractStatus;
import bank.v1.LinkStatus;
import bank.v1.SetContractStatusRequest;
import bank.v1.UpdateContractRequest;
import com.google.protobuf.Message;
import io.cloudevents.CloudEvent;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Changes of links, as other systems are told of them.
class ContractEventsIT {
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
        scene.client()
                .updateContract(UpdateContractRequest.newBuilder()
                        .setId(contract)
                        .setDescription("Аренда сейфа")
                        .build());
        scene.employee().setContractStatus(status(contract, ContractStatus.CONTRACT_STATUS_ACTIVE));
        Scene.with(scene.employee(), "validate-only", "true")
                .setContractStatus(status(contract, ContractStatus.CONTRACT_STATUS_ARCHIVED));
        scene.employee().setContractStatus(status(contract, ContractStatus.CONTRACT_STATUS_ARCHIVED));

        var told = told("system.logs.activity", "contract:" + contract, ActivityLogged.getDefaultInstance(), 6);

        assertThat(told)
                .extracting(each -> each.payload().getActor() + " "
                        + each.payload().getAction() + " " + each.payload().getDetail())
                .containsExactlyInAnyOrder(
                        "user:123 contract.created ",
                        "user:123 contract.document_linked document:" + document,
                        "user:123 contract.described ",
                        "user:456 contract.status_changed draft to active",
                        "user:456 contract.status_changed active to archived",
                        "user:456 contract.link_revoked document:" + document);
    }

    private static SetContractStatusRequest status(long contract, ContractStatus status) {
        return SetContractStatusRequest.newBuilder()
                .setId(contract)
                .setStatus(status)
                .build();
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
