package bank.contract.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import bank.contract.model.Contract;
import bank.contract.model.ContractLink;
import bank.contract.model.ContractStatus;
import bank.contract.model.LinkKey;
import bank.contract.model.LinkStatus;
import bank.contract.model.LinkedDocument;
import bank.v1.ListContractsRequest;
import bank.v1.SetLinkStatusRequest;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ContractProtosTest {
    private static final LinkKey KEY = new LinkKey(101, 789);

    @ParameterizedTest
    @EnumSource
    void contractStatusGoesThereAndBack(ContractStatus status) {
        var proto = ContractProtos.toProto(new Contract(1, 2, "текст", status, 3, Instant.ofEpochSecond(4, 5_000)));

        assertThat(proto.getStatus().name()).isEqualTo("CONTRACT_STATUS_" + status);
        assertThat(ContractProtos.status(proto.getStatus())).isEqualTo(status);
        assertThat(proto.getEtag()).isEqualTo("3");
        assertThat(proto.getCreatedAt().getSeconds()).isEqualTo(4);
        assertThat(proto.getCreatedAt().getNanos()).isEqualTo(5_000);
    }

    @ParameterizedTest
    @EnumSource
    void linkStatusGoesThereAndBackByNameAndNumber(LinkStatus status) {
        var proto = ContractProtos.toProto(new ContractLink(1, KEY, status)).getStatus();

        assertThat(proto.name()).isEqualTo("LINK_STATUS_" + status);
        assertThat(ContractProtos.status(
                        SetLinkStatusRequest.newBuilder().setStatus(proto).build()))
                .isEqualTo(status);
        assertThat(ContractProtos.status(SetLinkStatusRequest.newBuilder()
                        .setOperationStatusId(proto)
                        .build()))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"1, ACTIVE", "2, ARCHIVED", "4, REVOKED"})
    void operationStatusIdIsTheOriginalsNumber(int number, LinkStatus status) {
        assertThat(ContractProtos.status(SetLinkStatusRequest.newBuilder()
                        .setOperationStatusIdValue(number)
                        .build()))
                .isEqualTo(status);
    }

    @Test
    void deletedDocumentHasNeitherDescriptionNorLink() {
        var proto = ContractProtos.toProto(new LinkedDocument(new ContractLink(1, KEY, LinkStatus.REVOKED), null));

        assertThat(proto.getDocumentId()).isEqualTo(789);
        assertThat(proto.hasDescription()).isFalse();
        assertThat(proto.hasLink()).isFalse();
    }

    @Test
    void filterLeftOutNarrowsNothing() {
        var filter = ContractProtos.filter(ListContractsRequest.getDefaultInstance());

        assertThat(filter.userId()).isNull();
        assertThat(filter.status()).isNull();
    }
}
