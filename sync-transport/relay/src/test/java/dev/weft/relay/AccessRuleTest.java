package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.store.DocumentId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which documents a rule is about. */
class AccessRuleTest {
  @ParameterizedTest
  @CsvSource({
    "notes, notes, true",
    "notes, note, false",
    "notes, notes2, false",
    "notes, Notes, false",
    "*, anything, true",
    "team-*, team-, true",
    "team-*, team-a-b, true",
    "team-*, team, false",
    "*-draft, a-draft-draft, true",
    "*-draft, a-draft-2, false",
    "a*b*c, axbxbxc, true",
    "a*b*c, axbxb, false",
    "a**c, ac, true",
    "*.*, v1.2, true",
    "*.*, v12, false",
  })
  void shouldFitWhatItsPatternSays(String pattern, String document, boolean fits) {
    assertThat(new AccessRule(pattern, DocumentAccess.READ).fits(new DocumentId(document)))
        .isEqualTo(fits);
  }

  @Test
  void shouldTakeNoLongerForPatternMadeToTakeLong() {
    AccessRule stars = new AccessRule("*a".repeat(128), DocumentAccess.READ);

    assertThat(stars.fits(new DocumentId("a".repeat(127) + "b"))).isFalse();
    assertThat(stars.fits(new DocumentId("a".repeat(128)))).isTrue();
  }

  @Test
  void shouldGoByFirstRuleThatFits() {
    List<AccessRule> rules =
        List.of(
            AccessRule.parse("none:secret-*"),
            AccessRule.parse("write:notes"),
            AccessRule.parse("read:*s"));

    assertThat(AccessRule.decide(rules, new DocumentId("secret-plans")))
        .isEqualTo(DocumentAccess.NONE);
    assertThat(AccessRule.decide(rules, new DocumentId("notes"))).isEqualTo(DocumentAccess.WRITE);
    assertThat(AccessRule.decide(rules, new DocumentId("plans"))).isEqualTo(DocumentAccess.READ);
    assertThat(AccessRule.decide(rules, new DocumentId("else"))).isEqualTo(DocumentAccess.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"write", "edit:notes", "write:", "write:a/b", "write:a b", "WRITE:a"})
  void shouldRefuseWhatIsNoRule(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> AccessRule.parse(text));
  }

  @Test
  void shouldBeReadAsItIsWritten() {
    AccessRule rule = new AccessRule("team-*", DocumentAccess.WRITE);

    assertThat(rule).hasToString("write:team-*");
    assertThat(AccessRule.parse(rule.toString())).isEqualTo(rule);
  }
}
