package dev.weft.desktop;

import java.awt.Dialog;
import java.awt.Window;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks tests that open real windows. Without a display they are skipped, except where CI=true says
 * that nothing may be: there they run, and fail with the reason.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({RequiresDisplay.Condition.class, RequiresDisplay.Dismissal.class})
public @interface RequiresDisplay {

  /** Looks for a display. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      Optional<String> none = Displays.whyNone();
      if (none.isEmpty() || "true".equals(System.getenv("CI"))) {
        return ConditionEvaluationResult.enabled("there is a display, or CI=true");
      }
      return ConditionEvaluationResult.disabled(
          none.get() + "; start one (Xvfb :99 &) and set DISPLAY, or use .ci/run");
    }
  }

  /**
   * Takes dialogs away that a failed test has left open, before the test closes what it uses: an
   * editor that waits for an answer does not close, and the next test would find them.
   */
  final class Dismissal implements AfterTestExecutionCallback {
    @Override
    public void afterTestExecution(ExtensionContext context) {
      if (context.getExecutionException().isPresent() && Displays.whyNone().isEmpty()) {
        EventThread.run(
            () -> {
              for (Window window : Window.getWindows()) {
                if (window instanceof Dialog) {
                  window.dispose();
                }
              }
            });
      }
    }
  }
}
