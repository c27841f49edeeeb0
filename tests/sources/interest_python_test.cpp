#include <gtest/gtest.h>

#include <sources/interest/python.hpp>

namespace resident::interest {

namespace {

// "module", or "module:name", in the order found.
std::vector<std::string> imports(std::string_view text) {
  Mentions mentions;
  scan_python(text, mentions);
  std::vector<std::string> found;
  for (const Mention& mention : mentions.list())
    found.push_back(std::string(mention.module) + (mention.name.empty() ? "" : ":" + std::string(mention.name)));
  return found;
}

using List = std::vector<std::string>;

TEST(InterestPython, Statements) {
  EXPECT_EQ(imports("import os"), List({"os"}));
  EXPECT_EQ(imports("import os.path as p, sys\nimport a . b . c\n"), List({"os.path", "sys", "a.b.c"}));
  EXPECT_EQ(imports("from a.b import c as d, e\nfrom x import*\n"), List({"a.b:c", "a.b:e", "x:*"}));
  EXPECT_EQ(imports("from . import a\nfrom .. b import c\nfrom.import d\nfrom...e import(f)\n"),
            List({".:a", "..b:c", ".:d", "...e:f"}));
  EXPECT_EQ(imports("from a import (  # one, \"two\n  b,\n\n  c as x,  # it's\n)\nimport d\n"),
            List({"a:b", "a:c", "d"}));
  EXPECT_EQ(imports("import a; import b\nif x: import c\ntry: import d\nexcept E: from e import f\n"),
            List({"a", "b", "c", "d", "e:f"}));
  EXPECT_EQ(imports("def f():\n\timport a\n    \f import b\n"), List({"a", "b"}));
  EXPECT_EQ(imports("\xEF\xBB\xBFimport a\r\nimport b\rimport c"), List({"a", "b", "c"}));
  EXPECT_EQ(imports("import ünï.β\n"), List({"ünï.β"}));
}

TEST(InterestPython, ContinuedLines) {
  EXPECT_EQ(imports("import \\\n  a, \\\r\n  b\nfrom \\\n c \\\n import \\\n d\n"), List({"a", "b", "c:d"}));
  EXPECT_EQ(imports("x = 1; \\\n  import a\n\\\nimport b\n"), List({"a", "b"}));
  EXPECT_EQ(imports("# a comment's backslash \\\nimport a\nx = 1 # lazy \\\nimport b\n"), List({"a", "b"}));
}

TEST(InterestPython, LazyImports) {
  EXPECT_EQ(
      imports("lazy import a\nlazy from b import c\nfrom lazy import d\nimport lazy\nlazy = 1\nif x: lazy import e\n"),
      List({"a", "b:c", "lazy:d", "lazy", "e"}));
}

TEST(InterestPython, StringsAndCommentsSayNothing) {
  EXPECT_EQ(imports("'''\nimport a\n'''\n\"\"\"\n\\\"\"\"\nimport b\n\"\"\"\n# import c\nx = 'it\\'s'; import d\n"),
            List({"d"}));
  EXPECT_EQ(imports("r'''\n\\''''; import a\nx = r'\\'; '\nimport b\n"), List({"a", "b"}));
  EXPECT_EQ(imports("x = '''a''''b'\nimport c\ny = ''\nimport d\n"), List({"c", "d"}));
  EXPECT_EQ(imports("x = 'a\\\nimport b\\\n'\nimport c\n"), List({"c"}));
  EXPECT_EQ(imports(">>> import a\n... import b\nimportant\nreimport x\nimport_x\n"), List());
  EXPECT_EQ(imports("raise E from e\nyield from x\nimport a\n"), List({"a"}));
}

TEST(InterestPython, FormattedStrings) {
  EXPECT_EQ(imports("f\"{__import__('os').sep}\"\n"), List({"os"}));
  EXPECT_EQ(imports("f'''{x:{\n__import__(\"a\")}} {{__import__(\"b\")}} '''\nimport c\n"), List({"a", "c"}));
  // As PEP 701 has it: the same quotes within, and line breaks.
  EXPECT_EQ(imports("f\"{x[\"\"\"\nimport a\n\"\"\"]}\"\nimport b\n"), List({"b"}));
  EXPECT_EQ(imports("f\"{x[\"'\"]!r:>{w}}\"\nimport a\nt'{f\"{'{'}\"}'\nimport b\n"), List({"a", "b"}));
  EXPECT_EQ(imports("f'{x!r:^{w}}\"' '\"'\nimport a\nrf'\\{x}'; f'\\N{DASH}{x}'; import b\n"), List({"a", "b"}));
  // What does not end ends with its line.
  EXPECT_EQ(imports("f'{x'\nimport a\nf'{'\nimport b\n"), List({"a", "b"}));
  EXPECT_EQ(imports("x = 1 if\"{\"else 2\nimport a\n"), List({"a"}));
}

TEST(InterestPython, Calls) {
  EXPECT_EQ(
      imports("import importlib\nimportlib.import_module('a.b')\nimportlib . import_module(\n # c\n r'c' \"d\", x)\n"),
      List({"importlib", "a.b", "cd"}));
  EXPECT_EQ(
      imports(
          "__import__('a'), builtins.__import__(name=\"b\"), __import__(('c')), __import__('d' + e), __import__(f'g')"),
      List({"a", "b", "c"}));
  EXPECT_EQ(imports("__import__(b'a'); __import__('b c'); __import__(('d',)); __import__('\\x65\\u0066')"),
            List({"ef"}));
  EXPECT_EQ(imports("import_module('a')\nself.import_module('b')\n"), List());
  EXPECT_EQ(imports("from importlib import import_module\nimport_module('.a', 'p')\nself.import_module('b')\n"),
            List({"importlib:import_module", ".a"}));
}

TEST(InterestPython, Attributes) {
  Mentions mentions;
  mentions.wants_attributes = true;
  scan_python(
      "import os.path, a.b as c, os\nos.path.join(x)  # os.no\nc.d.e; x.os.no; 'os.no'; f'{os.sep}'\nos . \\\n "
      "getcwd\nos.path\nfor os in x:\n  pass\n",
      mentions);
  List found;
  for (const Mention& mention : mentions.list())
    if (!mention.name.empty()) found.push_back(std::string(mention.module) + ":" + std::string(mention.name));
  EXPECT_EQ(found, List({"os.path:join", "a.b:d", "os:sep", "os:getcwd"}));
}

TEST(InterestPython, HostileBytes) {
  for (const std::string_view text :
       {"import", "from", "from . import", "import \\", "f'", "f'{", "'''", "__import__(", "__import__('",
        "__import__('\\", "from a import (", "import a.", "\xEF\xBB\xBF", "from a.import.import b", "\\"})
    EXPECT_LE(imports(text).size(), 1U) << text;
  std::string deep = "f'";
  for (int i = 0; i < 10'000; ++i) deep += "{f'";
  EXPECT_EQ(imports(deep + "\nimport a\n"), List({"a"}));
}

}  // namespace

}  // namespace resident::interest
