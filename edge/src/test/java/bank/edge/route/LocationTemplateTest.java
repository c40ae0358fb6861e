package bank.edge.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.v1.Contract;
import com.google.protobuf.InvalidProtocolBufferException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationTemplateTest {
    private static LocationTemplate template(String text) {
        return LocationTemplate.parse(text, Contract.getDescriptor());
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/contracts/{contract_id}, /v1/contracts/102",
        "/v1/{etag}/of/{contract_id}:x, /v1/a%20b%2F%D1%8F/of/102:x",
        "/v1/{user_id}/{description}/, /v1/0//",
        "/v1/contracts, /v1/contracts",
    })
    void namesWhatTheResponseTellsOf(String text, String location) throws InvalidProtocolBufferException {
        var contract = Contract.newBuilder().setContractId(102).setEtag("a b/я").build();

        assertThat(template(text).of(contract.toByteArray())).isEqualTo(location);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/{id}", "/v1/{created_at}", "/v1/{status}", "/v1/{}"})
    void refusesFieldsThatAreNotThere(String text) {
        assertThatThrownBy(() -> template(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bank.v1.Contract");
    }

    @Test
    void refusesBytesThatAreNoMessage() {
        assertThatThrownBy(() -> template("/v1/{contract_id}").of(new byte[] {8}))
                .isInstanceOf(InvalidProtocolBufferException.class);
    }
}
