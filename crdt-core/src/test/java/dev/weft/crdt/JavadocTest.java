package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** All of the public API is described; that it is well described, doclint and readers see. */
class JavadocTest {
  private static final Path SOURCES = Path.of("src", "main", "java");

  @Test
  void shouldDescribeEverythingPublic() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> undescribed = new ArrayList<>();
    int[] described = {0};
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources = Files.walk(SOURCES)) {
      List<Path> paths = sources.filter(path -> path.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(paths));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Scanner(docs, undescribed, described).scan(new TreePath(unit), true);
      }
    }
    assertThat(described[0]).isGreaterThan(100);
    assertThat(undescribed).isEmpty();
  }

  /** Visits what is public, and all that is around it too. */
  private static final class Scanner extends TreePathScanner<Void, Boolean> {
    private final DocTrees docs;
    private final List<String> undescribed;
    private final int[] described;

    Scanner(DocTrees docs, List<String> undescribed, int[] described) {
      this.docs = docs;
      this.undescribed = undescribed;
      this.described = described;
    }

    @Override
    public Void visitClass(ClassTree type, Boolean visible) {
      boolean inInterface = isIn(Tree.Kind.INTERFACE);
      boolean open = visible && (inInterface || isPublic(type.getModifiers().getFlags()));
      if (open) {
        require(type.getSimpleName().toString());
      }
      return super.visitClass(type, open);
    }

    @Override
    public Void visitMethod(MethodTree method, Boolean visible) {
      boolean inInterface = isIn(Tree.Kind.INTERFACE);
      boolean open = inInterface || isPublic(method.getModifiers().getFlags());
      boolean inherits =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
      if (visible && open && !inherits) {
        require(method.getName().toString());
      }
      return null;
    }

    @Override
    public Void visitVariable(VariableTree field, Boolean visible) {
      // A record's components are described by its tags.
      boolean open = isIn(Tree.Kind.INTERFACE) || isPublic(field.getModifiers().getFlags());
      if (visible && open && !isIn(Tree.Kind.RECORD)) {
        require(field.getName().toString());
      }
      return null;
    }

    private boolean isIn(Tree.Kind kind) {
      TreePath parent = getCurrentPath().getParentPath();
      return parent != null && parent.getLeaf().getKind() == kind;
    }

    private static boolean isPublic(Set<Modifier> flags) {
      return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
    }

    private void require(String name) {
      described[0]++;
      if (docs.getDocCommentTree(getCurrentPath()) == null) {
        String file = getCurrentPath().getCompilationUnit().getSourceFile().getName();
        undescribed.add(Path.of(file).getFileName() + ": " + name);
      }
    }
  }
}
