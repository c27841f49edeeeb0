// Prints what javac's own parser says that files import, one a line: file, line, module, name. declared_oracle.py runs
// it. Files with syntax errors are named with "refused".
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

public class JavaOracle {
  public static void main(String[] arguments) throws Exception {
    var compiler = ToolProvider.getSystemJavaCompiler();
    List<Path> paths;
    try (var walk = Files.walk(Path.of(arguments[0]))) {
      paths = walk.filter(path -> path.toString().endsWith(".java") && Files.isRegularFile(path) && !Files.isSymbolicLink(path)).toList();
    }
    for (Path path : paths) {
      var problems = new DiagnosticCollector<JavaFileObject>();
      var manager = compiler.getStandardFileManager(problems, null, null);
      var task = (JavacTask) compiler.getTask(null, manager, problems, null, null, manager.getJavaFileObjects(path));
      var out = new StringBuilder();
      for (CompilationUnitTree unit : task.parse()) {
        var positions = Trees.instance(task).getSourcePositions();
        for (ImportTree each : unit.getImports()) {
          String text = each.getQualifiedIdentifier().toString();
          int dot = text.lastIndexOf('.');
          out.append(path + "\t" + unit.getLineMap().getLineNumber(positions.getStartPosition(unit, each)) + "\t" + text.substring(0, dot) + "\t" + text.substring(dot + 1) + "\n");
        }
      }
      boolean refused = problems.getDiagnostics().stream().anyMatch(each -> each.getKind() == Diagnostic.Kind.ERROR);
      System.out.print(refused ? path + "\trefused\n" : out + path.toString() + "\tread\n");
    }
  }
}
