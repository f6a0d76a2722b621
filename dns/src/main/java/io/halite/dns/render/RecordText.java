package io.halite.dns.render;

import io.halite.config.document.Addresses;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SVCBBase;

/** Records in master file notation, with addresses as the rest of the product spells them. */
public final class RecordText {
    /** As the library spells addresses: all eight groups. */
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7}");

    private RecordText() {}

    /** Name, time to live, class, type and data. */
    public static String of(Record record) {
        String whole = record.toString();
        return whole.substring(0, whole.length() - record.rdataToString().length()) + data(record);
    }

    /** The data alone. */
    public static String data(Record record) {
        String data = record.rdataToString();
        return record instanceof AAAARecord || record instanceof SVCBBase
                ? IPV6.matcher(data).replaceAll(found -> Addresses.text(InetAddress.ofLiteral(found.group())))
                : data;
    }
}
