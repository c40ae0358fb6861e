package bank.document.rpc;

import bank.platform.failure.FailureTranslator;
import bank.platform.grpc.FailureInterceptor;
import bank.v1.BatchFailure;
import bank.v1.BatchUploadDocumentsResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What became of the files of a batch.
final class BatchResult {
    private final FailureTranslator translator;
    private final List<Long> ids = new ArrayList<>();
    private final List<BatchFailure> failures = new ArrayList<>();
    private boolean passing;

    BatchResult(FailureTranslator translator) {
        this.translator = translator;
    }

    /// A file has become a document.
    void stored(long id) {
        ids.add(id);
    }

    /// A file cannot be stored.
    ///
    /// @param index its place in the list
    void failed(int index, RuntimeException cause) {
        var failure = FailureInterceptor.failure(cause, translator);
        passing |= failure.passing();
        failures.add(BatchFailure.newBuilder()
                .setIndex(index)
                .setCode(failure.code().name())
                .setReason(failure.reason())
                .setDescription(failure.message())
                .build());
    }

    /// Something was stored.
    boolean anyStored() {
        return !ids.isEmpty();
    }

    /// Something was stored, and no failure may pass: there is nothing more to be had from this batch.
    boolean isFinal() {
        return anyStored() && !passing;
    }

    /// The answer.
    BatchUploadDocumentsResponse answer() {
        failures.sort(Comparator.comparingInt(BatchFailure::getIndex));
        return BatchUploadDocumentsResponse.newBuilder()
                .addAllDocumentIds(ids)
                .addAllFailures(failures)
                .setProcessedCount(ids.size())
                .setFailedCount(failures.size())
                .build();
    }
}
