package bank.edge.json;

import java.util.List;

/// A request message under construction. What is wrong with it is gathered and told by [#wire()] at once.
public interface MessageInput {
    /// Where a value came from, as errors call it.
    enum Origin {
        /// The JSON body.
        BODY,
        /// The query.
        QUERY,
        /// A path variable.
        PATH,
        /// A form field of a multipart body.
        FORM;

        /// As errors call it, e.g. `the query`.
        String title() {
            return this == PATH ? "the path" : this == QUERY ? "the query" : this == BODY ? "the body" : "the form";
        }
    }

    /// Sets the message, or one field of it, from JSON. Comes before [#text].
    ///
    /// @param json JSON in UTF-8
    /// @param field name of the field the JSON stands for; empty for the whole message
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT, reason MALFORMED_JSON, when it is no JSON
    void json(byte[] json, String field);

    /// Sets the field at a path such as `contract.id` from text. A field that is set already is an error.
    ///
    /// @param values one value, or several for a repeated field
    void text(String path, List<String> values, Origin origin);

    /// The field at a path is read from JSON in a form: it is a message, a list or a map without text form.
    boolean isJson(String path);

    /// Sets `update_mask` to the fields the body has, when the message has such a field and nothing set it.
    void deriveUpdateMask();

    /// The message's wire bytes.
    ///
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT, reason INVALID_FIELD, with every violation
    byte[] wire();
}
