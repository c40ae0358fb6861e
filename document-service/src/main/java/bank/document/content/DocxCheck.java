package bank.document.content;

import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/// Checks that a ZIP is a whole word processing document without macros (ISO/IEC 29500-2): every entry
/// inflates to what its checksum says, and the content types name a main part that is there.
final class DocxCheck {
    private static final String ZIP = "application/zip";
    private static final String CONTENT_TYPES = "[Content_Types].xml";
    private static final String MAIN =
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    private static final int ENTRIES_MAX = 10_000;
    private static final int CONTENT_TYPES_BYTES_MAX = 1024 * 1024;
    private static final long INFLATED_BYTES_MAX = 512L * 1024 * 1024;
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final XMLInputFactory XML = xml();

    private DocxCheck() {}

    /// @throws DocumentException INVALID_ARGUMENT, reason MEDIA_TYPE
    static void require(ReceivedContent content) {
        try {
            content.asFile(file -> {
                requireDocx(file);
                return file;
            });
        } catch (IOException e) {
            // The directory or the data of the ZIP cannot be read as the format says.
            throw refused(ZIP, "the ZIP is damaged or cut off");
        }
    }

    private static void requireDocx(Path file) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            var contentTypes = zip.getEntry(CONTENT_TYPES);
            if (contentTypes == null) {
                throw refused(ZIP, "a ZIP, but no Office document: it has no " + CONTENT_TYPES);
            }
            var types = types(zip, contentTypes);
            requireNoMacros(zip, types);
            var main = types.entrySet().stream()
                    .filter(type -> type.getValue().equals(MAIN))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow(() -> refused(kind(types), "an Office document, but not a DOCX"));
            requireIntact(zip);
            requireRoot(zip, main);
        }
    }

    private static Map<String, String> types(ZipFile zip, ZipEntry entry) throws IOException {
        byte[] bytes;
        try (var in = zip.getInputStream(entry)) {
            bytes = in.readNBytes(CONTENT_TYPES_BYTES_MAX + 1);
        }
        if (bytes.length > CONTENT_TYPES_BYTES_MAX) {
            throw refused(ZIP, CONTENT_TYPES + " is too large");
        }
        var types = new HashMap<String, String>();
        try {
            var reader = XML.createXMLStreamReader(new ByteArrayInputStream(bytes));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT
                        && reader.getLocalName().equals("Override")) {
                    types.put(
                            String.valueOf(reader.getAttributeValue(null, "PartName")),
                            String.valueOf(reader.getAttributeValue(null, "ContentType")));
                }
            }
            return types;
        } catch (XMLStreamException e) {
            throw refused(ZIP, CONTENT_TYPES + " cannot be read");
        }
    }

    private static void requireNoMacros(ZipFile zip, Map<String, String> types) {
        var macros = types.values().stream()
                        .map(type -> type.toLowerCase(Locale.ROOT))
                        .anyMatch(type -> type.contains("macroenabled") || type.contains("vbaproject"))
                || zip.stream()
                        .anyMatch(entry ->
                                entry.getName().toLowerCase(Locale.ROOT).endsWith("vbaproject.bin"));
        if (macros) {
            throw refused("application/vnd.ms-word.document.macroEnabled.12", "has macros in it");
        }
    }

    private static void requireIntact(ZipFile zip) throws IOException {
        if (zip.size() > ENTRIES_MAX) {
            throw refused(ZIP, "has more than " + ENTRIES_MAX + " entries");
        }
        var buffer = new byte[BUFFER_BYTES];
        var inflated = 0L;
        for (var entries = zip.entries(); entries.hasMoreElements(); ) {
            var entry = entries.nextElement();
            var crc = new CRC32();
            try (var in = zip.getInputStream(entry)) {
                for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    crc.update(buffer, 0, read);
                    inflated += read;
                    if (inflated > INFLATED_BYTES_MAX) {
                        throw refused(ZIP, "inflates to more than " + INFLATED_BYTES_MAX + " bytes");
                    }
                }
            }
            if (crc.getValue() != entry.getCrc()) {
                throw new ZipException("wrong checksum of " + entry.getName());
            }
        }
    }

    private static void requireRoot(ZipFile zip, String part) throws IOException {
        var entry = zip.getEntry(part.startsWith("/") ? part.substring(1) : part);
        if (entry == null) {
            throw refused(ZIP, "its main part is missing");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            var reader = XML.createXMLStreamReader(in);
            reader.nextTag();
            if (!reader.getLocalName().equals("document")) {
                throw refused(ZIP, "its main part is no document");
            }
        } catch (XMLStreamException e) {
            throw refused(ZIP, "its main part cannot be read");
        }
    }

    private static String kind(Map<String, String> types) {
        return types.values().stream()
                .filter(type -> type.endsWith(".main+xml"))
                .map(type -> type.substring(0, type.length() - ".main+xml".length()))
                .findFirst()
                .orElse(ZIP);
    }

    // Document type declarations could make a small file expand without end, or read others.
    private static XMLInputFactory xml() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    private static DocumentException refused(String detected, String problem) {
        return new DocumentException(new DocumentFailure.UnsupportedContent(detected, problem));
    }
}
