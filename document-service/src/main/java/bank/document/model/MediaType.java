package bank.document.model;

/// A kind of content that a document may have.
public enum MediaType {
    /// Portable Document Format, ISO 32000.
    PDF("application/pdf", "pdf"),
    /// Word processing document without macros, ISO/IEC 29500.
    DOCX("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    /// Portable Network Graphics, ISO/IEC 15948.
    PNG("image/png", "png"),
    /// JPEG, ISO/IEC 10918.
    JPEG("image/jpeg", "jpg"),
    /// TIFF 6.0.
    TIFF("image/tiff", "tif");

    private final String value;
    private final String extension;

    MediaType(String value, String extension) {
        this.value = value;
        this.extension = extension;
    }

    /// Media type as headers write it.
    public String value() {
        return value;
    }

    /// Name of a file of this kind whose sender gave none, e.g. `document.pdf`.
    public String fileName() {
        return "document." + extension;
    }
}
