package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.config.Problem;
import io.halite.config.document.CertificateFiles.Inlined;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.io.FileNotFoundException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command line puts the text of certificate files into the document before it sends it. */
class CertificateFilesTest {
    private static Tree tree(String yaml) throws TreeSyntaxException {
        return TreeText.read(yaml.getBytes(StandardCharsets.UTF_8), TreeLimits.DOCUMENT);
    }

    private static Inlined inlined(String yaml) throws TreeSyntaxException {
        return CertificateFiles.inline(tree(yaml), name -> {
            if (name.equals("missing.pem")) {
                throw new FileNotFoundException("no such file");
            }
            return "text of " + name;
        });
    }

    @Test
    void filesBecomeText() throws TreeSyntaxException {
        Inlined inlined = inlined("certificates:\n  a:\n    certificate: { file: a.pem }\n    key: { secret: k }\n");
        assertEquals("certificates:\n  a:\n    certificate:\n      pem: \"text of a.pem\"\n    key:\n      secret: k\n",
                TreeText.yaml(inlined.document()));
        assertEquals(List.of(), inlined.problems());
    }

    @Test
    void aFileThatCannotBeReadIsAProblemWithItsPlace() throws TreeSyntaxException {
        Inlined inlined = inlined("certificates:\n  a:\n    certificate:\n      file: missing.pem\n");
        Problem problem = inlined.problems().getFirst();
        assertEquals("FILE_NOT_READ", problem.code());
        assertEquals(4, problem.line());
        assertEquals("/certificates/a/certificate/file", problem.pointer());
        assertEquals("the file 'missing.pem' cannot be read: no such file", problem.message());
    }

    @Test
    void everythingElseStaysAsItIs() throws TreeSyntaxException {
        for (String yaml : List.of("certificates: [ x ]", "certificates:\n  a: x\n", "pools:\n  file: { file: x.pem }\n",
                "certificates:\n  a:\n    certificate: { file: x.pem, pem: y }\n", "text", "certificates: null")) {
            assertEquals(TreeText.yaml(tree(yaml)), TreeText.yaml(inlined(yaml).document()));
        }
    }
}
