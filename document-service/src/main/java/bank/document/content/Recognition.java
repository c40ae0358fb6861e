package bank.document.content;

import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MimeTypeException;
import org.apache.tika.mime.MimeTypes;
import org.apache.tika.mime.MimeTypesFactory;

/// Tells what a content is by the content itself: Apache Tika by its first bytes, then a check that the
/// whole of it is there.
public final class Recognition {
    private static final int HEAD_BYTES = 64;
    private static final Set<String> COMMON = Set.of("application/pdf", "image/png", "image/jpeg");

    // Tika knows so many kinds that going through all of them takes longer than storing a small file.
    private final MimeTypes common = common();
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

    private static MimeTypes common() {
        try (var in = Recognition.class.getResourceAsStream("common-types.xml")) {
            return MimeTypesFactory.create(in);
        } catch (IOException | MimeTypeException e) {
            throw new IllegalStateException("common-types.xml is broken", e);
        }
    }

    private String detect(ReceivedContent content) {
        var quick = detect(common, content, HEAD_BYTES);
        return COMMON.contains(quick) ? quick : detect(types, content, types.getMinLength());
    }

    private static String detect(MimeTypes among, ReceivedContent content, int bytes) {
        try {
            return among.detect(new ByteArrayInputStream(content.read(0, bytes)), new Metadata())
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
