package bank.registry.domain;

import bank.platform.db.Database;
import bank.platform.grpc.Call;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.PatientRoll;
import bank.registry.model.Person;
import bank.registry.model.Registry;
import bank.registry.model.RegistryUnavailableException;
import bank.registry.store.VerifiedPersonStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Patients that were verified here, as the NHS knows them now: a registry of others is not there to be listed.
public final class VerifiedPatients implements PatientRoll {
    private static final int ASKED_AT_ONCE_MAX = 8;
    private static final Duration TIME_MAX = Duration.ofMinutes(2);

    private final Database database;
    private final VerifiedPersonStore store;
    private final Registry nhs;

    public VerifiedPatients(Database database, VerifiedPersonStore store, Registry nhs) {
        this.database = database;
        this.store = store;
        this.nhs = nhs;
    }

    @Override
    public List<Person> page(String after, int rowsMax) {
        var persons = new ArrayList<Person>();
        var position = after;
        // Whom the registry knows no more is left out, and others take his place.
        while (persons.size() < rowsMax) {
            var from = position;
            var missing = rowsMax - persons.size();
            var numbers = database.read(session -> store.list(session, IdentifierType.NHS, from, missing));
            persons.addAll(found(numbers));
            if (numbers.size() < missing) {
                break;
            }
            position = numbers.getLast().value();
        }
        return persons;
    }

    private List<Person> found(List<Identifier> numbers) {
        try (var threads = Executors.newFixedThreadPool(
                ASKED_AT_ONCE_MAX, Thread.ofVirtual().factory())) {
            var questions = numbers.stream()
                    .map(number -> (Callable<Optional<Person>>) () -> nhs.find(number))
                    .toList();
            // No later than the running call, of which these threads know nothing.
            var answers = threads.invokeAll(questions, Call.timeLeft(TIME_MAX).toNanos(), TimeUnit.NANOSECONDS);
            return answers.stream()
                    .map(VerifiedPatients::answer)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException("interrupted", false, e);
        }
    }

    private static Optional<Person> answer(Future<Optional<Person>> asked) {
        try {
            return asked.get();
        } catch (CancellationException e) {
            throw new RegistryUnavailableException("not all answers came in time", true, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException("interrupted", false, e);
        }
    }
}
