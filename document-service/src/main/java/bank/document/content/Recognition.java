package bank.document.content;

import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MimeTypes;

/// Tells what a content is by the content itself: Apache Tika by its first bytes, then a check that the
/// whole of it is there.
public final class Recognition {
    // Enough to tell the kinds that are taken; Tika looks at far more to tell all the others.
    private static final int HEAD_BYTES = 1024;
    private static final Set<String> TAKEN = Set.of(
            "application/pdf", "image/png", "image/jpeg", "image/tiff", "application/zip", "application/x-tika-ooxml");

    private final MimeTypes types = MimeTypes.getDefaultMimeTypes();

    /// The kind of a content.
    ///
    /// @throws DocumentException INVALID_ARGUMENT, reason MEDIA_TYPE, for any other kind and for damaged
    ///     content
    public MediaType recognise(ReceivedContent content) {
        var detected = detect(content);
        return switch (detected) {
            case "application/pdf" -> whole(MediaType.PDF, PdfCheck.damage(content));
            case "image/png" -> whole(MediaType.PNG, PngCheck.damage(content));
            case "image/jpeg" -> whole(MediaType.JPEG, JpegCheck.damage(content));
            case "image/tiff" -> whole(MediaType.TIFF, TiffCheck.damage(content));
            case "application/zip", "application/x-tika-ooxml" -> {
                DocxCheck.require(content);
                yield MediaType.DOCX;
            }
            default ->
                throw new DocumentException(new DocumentFailure.UnsupportedContent(
                        detected, "only PDF, DOCX without macros, PNG, JPEG and TIFF are taken"));
        };
    }

    private String detect(ReceivedContent content) {
        var quick = detect(content, HEAD_BYTES);
        return TAKEN.contains(quick) ? quick : detect(content, types.getMinLength());
    }

    private String detect(ReceivedContent content, int bytes) {
        try {
            return types.detect(new ByteArrayInputStream(content.read(0, bytes)), new Metadata())
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read bytes in memory", e);
        }
    }

    private static MediaType whole(MediaType type, String damage) {
        if (!damage.isEmpty()) {
            throw new DocumentException(new DocumentFailure.UnsupportedContent(type.value(), damage));
        }
        return type;
    }
}
