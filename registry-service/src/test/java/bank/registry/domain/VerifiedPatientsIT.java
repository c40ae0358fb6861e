package bank.registry.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.registry.TestDatabase;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.Person;
import bank.registry.model.RegistryUnavailableException;
import bank.registry.store.VerifiedPersonStore;
import bank.testing.PostgresExtension;
import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class VerifiedPatientsIT {
    private static final Identifier PATIENT = new Identifier(IdentifierType.NHS, "9991000011");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final CountDownLatch toldToStop = new CountDownLatch(1);

    @Test
    void asksNoLongerThanTheCallLasts() throws Exception {
        var store = new VerifiedPersonStore();
        try (var database = TestDatabase.open(postgres);
                var timer = Executors.newSingleThreadScheduledExecutor()) {
            database.inTransaction(tx -> store.enter(tx, 1, PATIENT, Instant.EPOCH));
            var patients = new VerifiedPatients(database, store, this::silent);
            var deadline = Deadline.after(2, TimeUnit.SECONDS);

            try (var call = Context.current().withDeadline(deadline, timer)) {
                assertThatExceptionOfType(RegistryUnavailableException.class)
                        .isThrownBy(() -> call.call(() -> patients.page("", 10)));
            }
            assertThat(toldToStop.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /// Says nothing for a minute, unless it is told to stop.
    private Optional<Person> silent(Identifier asked) {
        try {
            assertThat(new CountDownLatch(1).await(1, TimeUnit.MINUTES)).isFalse();
            return Optional.empty();
        } catch (InterruptedException e) {
            toldToStop.countDown();
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException("interrupted", false, e);
        }
    }
}
