package bank.identity.model;

/// Where a sign-in comes from.
///
/// @param address address of the client as the edge sees it, or empty
/// @param agent user agent of the client, or empty; cut at 256 characters
public record Origin(String address, String agent) {
    private static final int ADDRESS_LENGTH_MAX = 64;
    private static final int AGENT_LENGTH_MAX = 256;

    public Origin {
        address = clean(address, ADDRESS_LENGTH_MAX);
        agent = clean(agent, AGENT_LENGTH_MAX);
    }

    private static String clean(String text, int lengthMax) {
        var printable = text.replaceAll("\\p{Cntrl}", "");
        return printable.length() <= lengthMax ? printable : printable.substring(0, lengthMax);
    }
}
