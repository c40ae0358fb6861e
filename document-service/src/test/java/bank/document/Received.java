package bank.document;

import bank.v1.DownloadDocumentRequest;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicReference;

/// A download, received whole.
///
/// @param headers metadata of the answer
record Received(byte[] bytes, Metadata headers) {
    /// Downloads the newest content of a document.
    static byte[] content(DocumentServiceExtension.Caller caller, long id) {
        return of(caller, DownloadDocumentRequest.newBuilder().setId(id).build())
                .bytes();
    }

    static Received of(DocumentServiceExtension.Caller caller, DownloadDocumentRequest request) {
        var headers = new AtomicReference<Metadata>();
        var trailers = new AtomicReference<Metadata>();
        var capturing = new DocumentServiceExtension.Caller(ClientInterceptors.intercept(
                caller.channel(), MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)));
        var bytes = new ByteArrayOutputStream();
        capturing
                .documents()
                .downloadDocument(request)
                .forEachRemaining(part -> bytes.writeBytes(part.getData().toByteArray()));
        return new Received(bytes.toByteArray(), headers.get());
    }

    /// A header the edge would answer with, or null.
    String http(String name) {
        return headers.get(Metadata.Key.of("http-" + name, Metadata.ASCII_STRING_MARSHALLER));
    }
}
