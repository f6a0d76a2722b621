package io.halite.config.membership;

import io.halite.config.peer.AddressBook;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.nio.file.Files;

/** The address book on disk, so that a node finds the others again after a restart. Stateless. */
public final class PeersFile {
    private static final System.Logger LOGGER = System.getLogger(PeersFile.class.getName());

    private PeersFile() {}

    static void write(DataDirectory directory, AddressBook book) throws IOException {
        Tree.MappingBuilder peers = Tree.mapping();
        book.all().forEach((id, places) -> peers.put(id, Tree.texts(Places.texts(places))));
        MemberFiles.write(directory.peers(), TreeText.prettyJson(peers.build()));
    }

    /** The book of an earlier run; empty when there is none or it is damaged, for the store knows addresses too. */
    public static AddressBook read(DataDirectory directory) {
        return read(directory, (nodeId, places) -> places);
    }

    /** The same, with nodes dialled elsewhere than where they listen. */
    public static AddressBook read(DataDirectory directory, AddressBook.Detour detour) {
        AddressBook book = new AddressBook(detour);
        if (!Files.exists(directory.peers())) {
            return book;
        }
        try {
            JsonFields peers = JsonFields.of(MemberFiles.text(directory.peers()));
            peers.keys().forEach(id -> book.put(id, Places.parse(peers.texts(id))));
        } catch (DirectoryException | IllegalArgumentException e) {
            LOGGER.log(System.Logger.Level.WARNING, "peers file unusable file=" + directory.peers() + " error="
                    + e.getMessage());
        }
        return book;
    }
}
