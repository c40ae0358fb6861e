package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Original 002 over HTTP: whoever registers with an identifier is verified by its registry, and reaches his record
/// there.
class RegistryIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    private static final Duration VERIFIED_WITHIN = Duration.ofSeconds(60);

    private static Http http;

    @BeforeAll
    static void connect() {
        http = new Http(bank.uri());
    }

    @Test
    void aPatientIsVerifiedByTheNhsAndBooksAnAppointment() {
        var stranger = registered("");
        var patient =
                registered(",\"identifierType\":\"NHS\",\"identifierValue\":\"999 100 0011\",\"first_name\":\"Amelia\","
                        + "\"last_name\":\"Shah\",\"birthday\":\"1987-03-14\"");
        awaitVerified(patient);

        var own = http.get("/api/nhs/patients", patient).expect(200).json().path("patients");
        assertThat(own).hasSize(1);
        assertThat(own.path(0).path("nhs_number").asText()).isEqualTo("9991000011");
        assertThat(http.get("/api/nhs/patients", stranger).expect(200).json().path("patients"))
                .isEmpty();
        http.get("/api/nhs/patients/9991000011", stranger).expect(404);

        var slot = http.get("/v1/nhs/slots?page_size=1", patient)
                .expect(200)
                .json()
                .at("/slots/0/id")
                .asLong();
        assertThat(http.get("/v1/nhs/slots", stranger)
                        .expect(403)
                        .json()
                        .path("reason")
                        .asText())
                .isEqualTo("NOT_VERIFIED");
        var booked = http.json("POST", "/v1/nhs/appointments", patient, "{\"slot_id\":%d}".formatted(slot))
                .expect(201);
        var id = booked.json().path("id").asLong();
        http.get("/v1/nhs/appointments/" + id, patient).expect(200);
        http.get("/v1/nhs/appointments/" + id, stranger).expect(404);
        assertThat(http.json("POST", "/v1/nhs/appointments/" + id + ":cancel", patient, "{}")
                        .expect(200)
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("cancelled");
    }

    @Test
    void aTaxpayerIsVerifiedByHmrcAndSeesHimself() {
        var stranger = registered("");
        var taxpayer =
                registered(",\"identifierType\":\"NIN\",\"identifierValue\":\"GH246168B\",\"first_name\":\"Oliver\","
                        + "\"last_name\":\"Bennett\",\"birthday\":\"1979-11-02\"");
        awaitVerified(taxpayer);

        assertThat(http.get("/api/hmrc/taxpayers/GH246168B", taxpayer)
                        .expect(200)
                        .json()
                        .path("last_name")
                        .asText())
                .isEqualTo("Bennett");
        assertThat(http.get("/api/hmrc/taxpayers/GH246168B", stranger)
                        .expect(404)
                        .json()
                        .path("reason")
                        .asText())
                .isEqualTo("TAXPAYER_NOT_FOUND");
    }

    private static String registered(String more) {
        var email = "registry-" + UUID.randomUUID() + "@example.com";
        http.json(
                        "POST",
                        "/api/auth/register",
                        "",
                        "{\"email\":\"%s\",\"password\":\"%s\"%s}".formatted(email, RunningBank.PASSWORD, more))
                .expect(201);
        return http.token(email, RunningBank.PASSWORD);
    }

    private static void awaitVerified(String token) {
        Eventually.holds(
                "the registry verifies him",
                VERIFIED_WITHIN,
                () -> http.get("/v1/users/me/verification", token)
                        .expect(200)
                        .json()
                        .path("status")
                        .asText()
                        .equals("verified"));
    }
}
