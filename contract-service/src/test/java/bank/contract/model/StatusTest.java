package bank.contract.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusTest {
    @ParameterizedTest
    @EnumSource
    void contractMovesForwardOnly(ContractStatus from) {
        var allowed = switch (from) {
            case DRAFT -> Set.of(ContractStatus.ACTIVE, ContractStatus.ARCHIVED);
            case ACTIVE -> Set.of(ContractStatus.ARCHIVED);
            case ARCHIVED -> Set.of();
        };
        for (var to : ContractStatus.values()) {
            assertThat(from.mayBecome(to)).as("%s to %s", from, to).isEqualTo(allowed.contains(to));
        }
    }

    @ParameterizedTest
    @EnumSource
    void revokedLinkStaysRevoked(LinkStatus from) {
        for (var to : LinkStatus.values()) {
            assertThat(from.mayBecome(to))
                    .as("%s to %s", from, to)
                    .isEqualTo(from != LinkStatus.REVOKED || to == LinkStatus.REVOKED);
        }
        assertThat(HoldState.of(from)).isEqualTo(from == LinkStatus.REVOKED ? HoldState.RELEASED : HoldState.HELD);
    }
}
