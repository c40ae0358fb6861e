package bank.document.rpc;

import bank.document.content.ReceivedContent;
import bank.document.domain.CheckedFile;
import bank.document.domain.StoredObject;
import bank.document.domain.StoredObjects;
import bank.document.domain.Uploads;
import bank.document.model.FileName;
import bank.platform.db.Tx;
import bank.platform.grpc.Call;
import bank.platform.idempotency.Mutations;
import bank.platform.idempotency.Repeat;
import com.google.protobuf.Message;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Turns a received file into content of a document: once for each idempotency key, stored only after every
/// check, and not at all in a dry run.
///
/// @param mutations repeats and dry runs
/// @param uploads checks of files
/// @param objects where content is stored
public record Intake(Mutations mutations, Uploads uploads, StoredObjects objects) {
    /// What makes the stored object part of a document.
    @FunctionalInterface
    interface Work<A extends Message> {
        A run(Tx tx, CheckedFile file, StoredObject object);
    }

    /// A file that was checked and stored, and is no document yet.
    interface Pending<A extends Message> {
        /// The answer is that of an earlier call with the same key.
        boolean replayed();

        /// Makes it part of a document.
        A commit();

        /// Gives it up.
        void abandon();
    }

    /// Checks a file and makes it part of a document.
    ///
    /// @param repeat what makes two uploads the same
    /// @param name the name its sender gave; null when he gave none
    /// @param check refuses before anything is stored
    /// @param work its answer is kept for repeats
    <A extends Message> A take(
            Repeat repeat,
            A prototype,
            @Nullable FileName name,
            ReceivedContent content,
            Runnable check,
            Work<A> work) {
        return prepare(repeat, prototype, name, content, check, work).commit();
    }

    /// Checks and stores a file; `Pending.commit` does the rest of `take`. The content may be closed before.
    <A extends Message> Pending<A> prepare(
            Repeat repeat,
            A prototype,
            @Nullable FileName name,
            ReceivedContent content,
            Runnable check,
            Work<A> work) {
        var known = mutations.replay(repeat, prototype);
        if (known.isPresent()) {
            return new Prepared<>(true, known::get, () -> {});
        }
        check.run();
        var file = uploads.check(name, content);
        Function<StoredObject, A> transaction =
                object -> mutations.run(repeat, prototype, tx -> work.run(tx, file, object));
        if (Call.current().validateOnly()) {
            return new Prepared<>(false, () -> objects.imagine(transaction), () -> {});
        }
        var object = objects.keep(content);
        return new Prepared<>(false, () -> objects.settle(object, transaction), () -> objects.abandon(object));
    }

    private record Prepared<A extends Message>(boolean replayed, Supplier<A> work, Runnable end) implements Pending<A> {
        @Override
        public A commit() {
            return work.get();
        }

        @Override
        public void abandon() {
            end.run();
        }
    }
}
