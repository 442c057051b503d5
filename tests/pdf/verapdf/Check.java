import java.io.FileInputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.TestAssertion.Status;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.validators.ValidatorFactory;

/**
 * Says what in PDFs is against PDF/UA-1. One process for many files, for starting Java takes as long as checking many.
 *
 * <p>A line a file: its path, the number of checks made, then the rules broken, with tabs between. A file that cannot
 * be read stops it with a stack trace.
 */
public class Check {
    public static void main(String[] paths) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String path : paths) {
            ValidationResult result = validated(path);
            System.out.println(path + "\t" + result.getTotalAssertions() + broken(result));
        }
    }

    private static ValidationResult validated(String path) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.fromString("ua1");
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(path), flavour)) {
            return ValidatorFactory.createValidator(flavour, false).validate(parser);
        }
    }

    /** Each rule broken, by clause and test number, with how often, and where first. */
    private static String broken(ValidationResult result) {
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, String> first = new TreeMap<>();
        for (TestAssertion found : result.getTestAssertions()) {
            if (found.getStatus() == Status.FAILED) {
                String rule = found.getRuleId().getClause() + "-" + found.getRuleId().getTestNumber();
                counts.merge(rule, 1, Integer::sum);
                first.putIfAbsent(rule, found.getMessage() + " @ " + found.getLocation().getContext());
            }
        }
        return counts.entrySet().stream()
                .map(rule -> "\t" + rule.getKey() + " x" + rule.getValue() + ": "
                        + first.get(rule.getKey()).replaceAll("\\s+", " "))
                .collect(Collectors.joining());
    }
}
