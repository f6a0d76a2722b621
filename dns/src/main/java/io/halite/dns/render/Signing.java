package io.halite.dns.render;

import io.halite.dns.render.TailWriter.Place;
import io.halite.dns.sign.SignatureBook;
import io.halite.dns.sign.ZoneSigner;
import io.halite.dns.table.Proof;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Adds to the sections of a response what clients get that ask for DNSSEC: signatures of the sets, and NSEC records that
 * prove what the response says does not exist (RFC 4035 section 3.1). A response may hold sets of several zones, of which
 * some are signed.
 */
final class Signing {
    private final ZoneMap<ZoneContent> zones;

    Signing(ZoneMap<ZoneContent> zones) {
        this.zones = zones;
    }

    /**
     * What a response says is not there.
     *
     * @param owner the name; nobody when any name may be asked for
     * @param isMissing whether the name itself does not exist
     * @param type that the name lacks; 0 for every type that its NSEC record does not list
     */
    record Denied(Name owner, boolean isMissing, int type) {}

    /**
     * The sections with everything that is known beforehand.
     *
     * @param proof what depends on the name asked for
     */
    record Signed(Sections sections, Proof proof) {}

    /**
     * Signs a response of a zone; null when no part of it is in a signed zone.
     *
     * @param denied what it denies; null for nothing
     */
    @Nullable Signed sign(ZoneContent zone, Place place, Sections plain, @Nullable Denied denied) {
        Response response = new Response(zone, place);
        sets(plain.answer()).forEach(response::answer);
        sets(plain.authority()).forEach(response::authority);
        NsecChain chain = zone.chain();
        if (denied != null && chain != null) {
            response.deny(chain, denied);
        }
        return response.finish(plain);
    }

    private static List<List<Record>> sets(List<Record> records) {
        List<List<Record>> sets = new ArrayList<>();
        for (Record record : records) {
            boolean goesOn = !sets.isEmpty() && sets.getLast().getFirst().getType() == record.getType()
                    && sets.getLast().getFirst().getName().equals(record.getName());
            if (!goesOn) {
                sets.add(new ArrayList<>());
            }
            sets.getLast().add(record);
        }
        return sets;
    }

    /** The zone that holds a set; a DS record stands in the zone above its owner. */
    private @Nullable ZoneContent home(Name owner, int type) {
        return type == Type.DS ? zones.above(owner) : zones.holding(owner);
    }

    /** One response in the making. */
    private final class Response {
        private final ZoneContent zone;
        private final Place place;
        private final List<Record> answers = new ArrayList<>();
        private final List<Record> authorities = new ArrayList<>();
        private final Map<NSECRecord, NsecChain> proofs = new LinkedHashMap<>();
        private boolean gap;
        private boolean own;

        Response(ZoneContent zone, Place place) {
            this.zone = zone;
            this.place = place;
        }

        /** Whether the name that is asked for is another than this one, which stands for it. */
        private boolean standsIn(Name owner) {
            return !place.isKnown() && owner.equals(place.self());
        }

        private void answer(List<Record> set) {
            answers.addAll(set);
            Name owner = set.getFirst().getName();
            ZoneContent home = home(owner, set.getFirst().getType());
            ZoneSigner signer = home == null ? null : home.signer();
            if (home == null || signer == null || set.getFirst().getType() == Type.RRSIG) {
                return;
            }
            NameContent content = home.resolve(owner);
            Name source = content == null ? owner : content.name();
            signer.signatures(Retargeted.set(set, source))
                    .forEach(signature -> answers.add(SignatureBook.under(signature, owner)));
            if (standsIn(owner)) {
                gap = true;
            } else {
                expanded(home, owner, source);
            }
        }

        /** A wildcard's records under another name: that name must not exist. */
        private void expanded(ZoneContent home, Name owner, Name source) {
            NsecChain chain = home.chain();
            if (chain != null && source.isWild() && !source.equals(owner)) {
                proofs.put(chain.covering(owner), chain);
            }
        }

        private void authority(List<Record> set) {
            authorities.addAll(set);
            Record first = set.getFirst();
            NsecChain chain = zone.chain();
            ZoneSigner signer = zone.signer();
            if (chain == null || signer == null) {
                return;
            }
            if (first.getType() == Type.SOA) {
                authorities.add(SignatureBook.lasting(signer.sign(List.of(zone.soa())), first.getTTL()));
            } else if (first.getType() == Type.NS) {
                delegated(chain, signer, first.getName());
            }
        }

        /** Whether the other zone is signed, or the proof that it is not. */
        private void delegated(NsecChain chain, ZoneSigner signer, Name owner) {
            NameContent content = zone.get(owner);
            List<Record> ds = content == null ? List.of() : content.records(Type.DS);
            NSECRecord proof = chain.at(owner);
            if (!ds.isEmpty()) {
                authorities.addAll(ds);
                authorities.add(signer.sign(ds));
            } else if (proof != null) {
                proofs.put(proof, chain);
            }
        }

        private void deny(NsecChain chain, Denied denied) {
            Name owner = denied.owner();
            if (denied.isMissing()) {
                if (!standsIn(owner)) {
                    proofs.put(chain.covering(owner), chain);
                    proofs.put(chain.covering(zone.wildcardBeside(owner)), chain);
                }
                return;
            }
            if (standsIn(owner)) {
                gap = true;
                own = true;
                return;
            }
            NameContent content = zone.resolve(owner);
            Name source = content == null ? owner : content.name();
            NSECRecord record = chain.at(source);
            proofs.put(record == null ? chain.covering(source) : NsecChain.without(record, denied.type()), chain);
            expanded(zone, owner, source);
        }

        private @Nullable Signed finish(Sections plain) {
            List<Integer> held = new ArrayList<>();
            proofs.forEach((record, chain) -> {
                authorities.add(record);
                authorities.add(chain.signature(record));
                if (place.apex().equals(chain.apex())) {
                    held.add(chain.index(record));
                }
            });
            boolean isSigned = gap || own || answers.size() > plain.answer().size()
                    || authorities.size() > plain.authority().size();
            return isSigned
                    ? new Signed(new Sections(answers, authorities, plain.additional()),
                            gap || own ? new Proof(gap, own, held) : Proof.COMPLETE)
                    : null;
        }
    }
}
