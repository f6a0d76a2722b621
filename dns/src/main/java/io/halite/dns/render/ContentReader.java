package io.halite.dns.render;

import io.halite.config.Zone.Soa;
import io.halite.config.Zone.StaticRecord;
import io.halite.dns.policy.NamePlan;
import io.halite.dns.policy.Quarantined;
import io.halite.dns.policy.ZonePlan;
import io.halite.dns.policy.ZonePlanner;
import io.halite.dns.render.KeptZones.Kept;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Turns a zone plan into records; a record or name that is wrong is quarantined alone. */
final class ContentReader {
    /** What the parser says of a file that is none. */
    private static final Pattern PARSER_PLACE = Pattern.compile("^<none>:\\d+: ");
    private static final int LONGEST_SHOWN = 60;

    private final List<Quarantined> quarantined;

    ContentReader(List<Quarantined> quarantined) {
        this.quarantined = quarantined;
    }

    /**
     * The content of a zone; null when its very name is wrong.
     *
     * @param kept zones of which names may be taken over
     */
    @Nullable ZoneContent read(ZonePlan plan, long serial, KeptZones kept) {
        try {
            Name apex = name(plan.apex());
            SOARecord soa = soa(apex, plan, serial);
            Kept before = kept.of(plan, soa);
            Set<String> changed = before == null ? null : KeptZones.changed(before.plan(), plan).orElse(null);
            ZoneContent content = before == null || changed == null
                    ? new ZoneContent(apex, soa) : ZoneContent.like(before.content());
            for (String nameserver : plan.nameservers()) {
                content.at(apex).add(new NSRecord(apex, DClass.IN, ZonePlanner.NAMESERVER_TTL.toSeconds(),
                        name(nameserver)));
            }
            plan.names().forEach((fqdn, name) -> {
                if (changed == null || changed.contains(fqdn) || fqdn.equals(plan.apex())) {
                    readName(content, plan, fqdn, name);
                }
            });
            return content;
        } catch (TextParseException | IllegalArgumentException e) {
            reject("zone/" + plan.apex(), "ZONE_NAME_INVALID", "not a zone: " + e.getMessage());
            return null;
        }
    }

    private static Name name(String absolute) throws TextParseException {
        return Name.fromString(absolute + ".");
    }

    private static SOARecord soa(Name apex, ZonePlan plan, long serial) throws TextParseException {
        Soa soa = plan.zone().soa();
        Name first = plan.nameservers().isEmpty() ? apex : name(plan.nameservers().getFirst());
        return new SOARecord(apex, DClass.IN, ZonePlanner.NAMESERVER_TTL.toSeconds(), first,
                contact(soa.contact(), apex), serial & 0xFFFF_FFFFL, soa.refresh().toSeconds(),
                soa.retry().toSeconds(), soa.expire().toSeconds(), soa.negativeTtl().toSeconds());
    }

    /** RFC 1035 section 8: the part before the at sign is one label. */
    private static Name contact(@Nullable String mail, Name apex) throws TextParseException {
        if (mail == null || mail.indexOf('@') < 1) {
            return Name.fromString("hostmaster", apex);
        }
        int at = mail.lastIndexOf('@');
        return Name.fromString(mail.substring(0, at).replace(".", "\\.") + "." + mail.substring(at + 1) + ".");
    }

    private void readName(ZoneContent content, ZonePlan plan, String fqdn, NamePlan planned) {
        String object = "zone/" + plan.apex() + "/names/" + fqdn;
        try {
            Name owner = name(fqdn);
            NameContent name = owner.equals(content.apex()) ? content.at(owner) : content.renew(owner);
            for (StaticRecord record : planned.records()) {
                readRecord(content, name, record, planned.ttl(), object);
            }
            if (name.cname() != null && (planned.decision() != null || name.records().size() > 1)) {
                name.records().keySet().removeIf(type -> type == Type.CNAME);
                reject(object, "CNAME_NOT_ALONE", "a CNAME excludes every other record and addresses of its name");
            }
            if (planned.decision() != null) {
                name.decide(planned.decision());
            }
        } catch (TextParseException | IllegalArgumentException e) {
            reject(object, "NAME_INVALID", e.getMessage());
        }
    }

    private void readRecord(
            ZoneContent content, NameContent name, StaticRecord record, Duration ttl, String object) {
        int type = Type.value(record.type().toUpperCase(Locale.ROOT));
        if (type < 0 || type == Type.SOA || type == Type.RRSIG || type == Type.OPT) {
            reject(object, "RECORD_TYPE_UNKNOWN", "no record type " + record.type() + " can be written here");
            return;
        }
        long seconds = Objects.requireNonNullElse(record.ttl(), ttl).toSeconds();
        try {
            Record parsed = Record.fromString(name.name(), type, DClass.IN, seconds, record.data(), content.apex());
            if (type == Type.CNAME && ((CNAMERecord) parsed).getTarget().equals(name.name())) {
                reject(object, "CNAME_LOOP", "a CNAME to itself");
                return;
            }
            List<Record> set = name.records(type);
            if (!set.isEmpty() && set.getFirst().getTTL() != seconds) {
                // RFC 2181 section 5.2: one TTL for all records of a name and type.
                parsed = Record.newRecord(name.name(), type, DClass.IN, set.getFirst().getTTL(),
                        parsed.rdataToWireCanonical());
            }
            name.add(parsed);
        } catch (IOException | IllegalArgumentException e) {
            reject(object, "RECORD_INVALID", record.type() + " " + beginning(record.data()) + ": "
                    + PARSER_PLACE.matcher(String.valueOf(e.getMessage())).replaceFirst(""));
        }
    }

    private static String beginning(String data) {
        return data.length() <= LONGEST_SHOWN ? data : data.substring(0, LONGEST_SHOWN) + "…";
    }

    private void reject(String object, String code, @Nullable String message) {
        quarantined.add(new Quarantined(object, code, Objects.requireNonNullElse(message, code)));
    }
}
