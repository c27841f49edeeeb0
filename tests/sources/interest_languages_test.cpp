#include <gtest/gtest.h>

#include <sources/interest/c.hpp>
#include <sources/interest/corpus.hpp>
#include <sources/interest/declared.hpp>
#include <sources/interest/javascript.hpp>
#include <sources/interest/language.hpp>
#include <sources/interest/own_modules.hpp>
#include <sources/interest/rust.hpp>

namespace resident::interest {

namespace {

using List = std::vector<std::string>;
using Scan = void (*)(std::string_view, Mentions&);

// "module", or "module:name"; "?" behind what need not run.
List found(Scan scan, std::string_view text) {
  Mentions mentions;
  scan(text, mentions);
  List list;
  for (const Mention& mention : mentions.list())
    list.push_back(std::string(mention.module) + (mention.name.empty() ? "" : ":" + std::string(mention.name)) +
                   (mention.conditional && scan != scan_javascript ? "?" : ""));
  return list;
}

TEST(InterestC, Includes) {
  EXPECT_EQ(found(scan_c, "#include <a.h>\n # include \"b/c.h\" // x\n#include_next<d.h>\n#import <e>"),
            List({"a.h", "b/c.h", "d.h", "e"}));
  EXPECT_EQ(
      found(scan_c,
            "/* \n#include <a> */ #include <b>\n# /* x */ include /* y */ <c>\n// \\\n#include <d>\n#\\\ninclude <e>"),
      List({"b", "c", "e"}));
  EXPECT_EQ(found(scan_c, "char *s = \"\\\n#include <a>\\\n\";\n#define S(x) \\\n#x\nint q = '\"';\n#include <b>\n"),
            List({"b"}));
  EXPECT_EQ(found(scan_c,
                  "#define H <x.h>\n#include H\n#include <a\n#include <//b>\n#if __has_include(<c>)\n#endif\n#error "
                  "don't\n#include <d>"),
            List({"x.h?", "//b", "d"}));
}

TEST(InterestC, Conditions) {
  EXPECT_EQ(found(scan_c,
                  "#ifndef A_H\n#define A_H\n#include <a>\n#ifdef B\n#include <b>\n#else\n#include "
                  "<c>\n#endif\n#include <d>\n#endif\n"),
            List({"a", "b?", "c?", "d"}));
  EXPECT_EQ(found(scan_c, "#if !defined(A)\n# define A\n#include <a>\n#endif\n#ifndef B\n#include <b>\n#endif\n"),
            List({"a", "b?"}));
  EXPECT_EQ(
      found(scan_c,
            "#if 0 /* never */\n#include <a>\n#if X\n#include <b>\n#endif\n#else\n#include <c>\n#endif\n#include <d>"),
      List({"c?", "d"}));
  EXPECT_EQ(
      found(scan_c,
            "#if 1\n#include <a>\n#elif X\n#include <b>\n#else\n#include <c>\n#endif\n#if 0x1\n#include <d>\n#endif"),
      List({"a?", "d?"}));
  EXPECT_EQ(found(scan_c, "#endif\n#else\n#include <a>\n"), List({"a"}));
}

TEST(InterestC, OfCppOnly) {
  EXPECT_EQ(found(scan_cpp, "auto s = R\"x(\n#include <a>\n)\" )x\";\nint n = 1'000'000;\n#include <b>\n"),
            List({"b"}));
  EXPECT_EQ(
      found(scan_cpp,
            "import std;\nexport import a.b;\nimport <c>;\nimport :part;\nimport x y;\nint import = 1;\nimportant;\n"),
      List({"std", "a.b", "c"}));
  EXPECT_EQ(found(scan_cpp, "char c = u8'\\'', d = 0x1'2;\n#include <a>\nauto r = R\"(never ends\n#include <b>\n"),
            List({"a", "b"}));
}

TEST(InterestJavascript, Statements) {
  EXPECT_EQ(found(scan_javascript,
                  "import 'a'; import b from \"b\"\nimport * as c from 'c'\nimport d, {e as f, default as g} from 'd'"),
            List({"a", "b:default", "c:*", "d:default", "d:e", "d:default"}));
  EXPECT_EQ(found(scan_javascript,
                  "import{a}from'x';export*from'y';export{b as c}from'z';export * as n from 'w'\nexport {q}\nimport r "
                  "from 'r'"),
            List({"x:a", "y:*", "z:b", "w:*", "r:default"}));
  EXPECT_EQ(found(scan_javascript,
                  "import type T from 't'; import type from 'u'; import {type A, type as b, type as as c} from "
                  "'v'\nimport defer * as d from 'w'"),
            List({"t:default", "u:default", "v:A", "v:type", "v:as", "w:*"}));
  EXPECT_EQ(found(scan_javascript,
                  "import x = require('a'); import y = x.y;\nexport type {B} from './b'; let t: import('c').D;"),
            List({"a:*", "./b:B", "c"}));
  EXPECT_EQ(found(scan_javascript,
                  "/* c */\n/// <reference types=\"node\" />\nimport('a' /* b */).then(x); require(`c`); "
                  "import.meta.url; require(`${d}`);"),
            List({"node", "a", "c"}));
  EXPECT_EQ(found(scan_javascript,
                  "a.require('b'); module.require('c'); x.import('d'); require('e' + f); require('g',)\n// "
                  "dot.\nimport h from 'h'"),
            List({"c", "g", "h:default"}));
}

TEST(InterestJavascript, WhatIsNoCode) {
  EXPECT_EQ(found(scan_javascript,
                  "// import 'a'\n/* require('b') */ 'import \"c\"'; `require('d') ${require('e') + `${require('f')}`} "
                  "require('g')`; require('h')"),
            List({"e", "f", "h"}));
  EXPECT_EQ(found(scan_javascript,
                  "x = /[/'\"`]/; require('a'); y = b / c; z = d / '/'; return /'/g; require('e'); if (x) /'/.test(y); "
                  "require('f')"),
            List({"a", "e", "f"}));
  EXPECT_EQ(found(scan_javascript, "<p>Don't</p>;\n<b title=\"x\"/>; require('a')\n<i>a ` b</i>\nrequire('b')"),
            List({"a", "b"}));
}

TEST(InterestRust, Uses) {
  EXPECT_EQ(
      found(scan_rust,
            "use std::collections::{self, HashMap as M, hash_map::{Entry, *}};\npub(crate) use serde;\nuse ::a::b;"),
      List({"std::collections", "std::collections:HashMap", "std::collections::hash_map:Entry",
            "std::collections::hash_map:*", "serde", "a:b"}));
  EXPECT_EQ(
      found(
          scan_rust,
          "#[macro_use] extern crate log as l; extern \"C\" {}\nuse crate::x::y; use own::z; mod own; use r#type::a;"),
      List({"log", "crate::x:y", "self::own:z", "type:a"}));
  EXPECT_EQ(found(scan_rust,
                  "/* /* */ use a; */ // use b;\nlet s = r#\"use c; \"\"#; let q = '\"'; fn f<'a>(x: &'a str) -> impl "
                  "T + use<'a> {}\nuse d::{e,};\n//! Use it.\nuse f;"),
            List({"d:e", "f"}));
}

TEST(InterestDeclared, GoAndJava) {
  EXPECT_EQ(found(scan_go,
                  "// c\npackage main\nimport \"fmt\"\nimport (\n\ta \"b/c\" // d\n\t. `e`; _ \"f\"\n)\nvar x = "
                  "`import \"g\"`\n"),
            List({"fmt", "b/c", "e:*", "f"}));
  EXPECT_EQ(found(scan_java,
                  "/** x */ @A(\"(\") package a.b;\nimport java.util.List;\nimport static a . B.*; import module "
                  "java.base;;\nimport module.X;\n@C class D { String s = \"import x.Y;\"; }"),
            List({"java.util:List", "a.B:*", "java.base:*", "module:X"}));
}

TEST(InterestHostile, NothingEndsWhereItMust) {
  for (const Language& language : languages())
    for (const std::string_view text : {"",
                                        "#",
                                        "#include",
                                        "#include <",
                                        "#include \"a",
                                        "/*",
                                        "//",
                                        "'",
                                        "\"",
                                        "`",
                                        "`${",
                                        "import",
                                        "import {",
                                        "import (",
                                        "require(",
                                        "require('",
                                        "use",
                                        "use a::",
                                        "use {{{{",
                                        "extern crate",
                                        "package",
                                        "package a import",
                                        "package a\nimport (",
                                        "import a.",
                                        "R\"(",
                                        "r#\"",
                                        "@",
                                        "@A(",
                                        "\\",
                                        "#\\\n",
                                        "export",
                                        "export {",
                                        "export *",
                                        "\xEF\xBB\xBF",
                                        "if (x) /"})
      EXPECT_LE(found(language.scan, text).size(), 1U) << language.name << " " << text;
  EXPECT_TRUE(found(scan_rust, "use " + std::string(100'000, '{')).empty());
}

TEST(InterestCorpus, NamesOfArchives) {
  EXPECT_EQ(project_of_archive("foo-1.2.tar.gz"), "foo");
  EXPECT_EQ(project_of_archive("foo_bar-1.2-py3-none-any.whl"), "foo_bar");
  EXPECT_EQ(project_of_archive("libx1_1.0-1_amd64.deb"), "libx1");
  EXPECT_EQ(project_of_archive("foo.zip"), "foo");
  EXPECT_TRUE(is_archive_name("a.tgz") && is_archive_name("a.crate") && !is_archive_name("a.py"));
}

TEST(InterestOwnModules, FromPaths) {
  const OwnModules own({"Lib/os.py", "Lib/asyncio/__init__.py", "Lib/asyncio/events.py", "Include/object.h",
                        "Include/cpython/object.h", "Include/Python.h", "notes.txt"});
  const Language &python = language_named("python"), &c = language_named("c");
  EXPECT_EQ(own.all().size(), 6U);
  EXPECT_EQ(own.meant(python, {"asyncio", "events"}), "asyncio.events");
  EXPECT_EQ(own.meant(python, {"asyncio", "run"}), "asyncio");
  EXPECT_EQ(own.meant(python, {"asyncio.other", ""}), "");
  EXPECT_EQ(own.meant(c, {"Python.h", ""}), "Include/Python.h");
  EXPECT_EQ(own.meant(c, {"cpython/object.h", ""}), "Include/cpython/object.h");
  EXPECT_EQ(own.meant(c, {"object.h", ""}), "");  // there are two
}

TEST(InterestLanguage, PartsAndOwnModules) {
  const Language& python = language_named("python");
  EXPECT_TRUE(is_part(python, "os.path", "os") && is_part(python, "os", "os") && !is_part(python, "osx", "os"));
  EXPECT_TRUE(is_relative(python, ".a") && is_relative(language_named("javascript"), "./a") &&
              !is_relative(language_named("c"), "a.h"));
  EXPECT_EQ(language_of("a.tsx"), &language_named("typescript"));
  EXPECT_EQ(language_of("python"), nullptr);
}

}  // namespace

}  // namespace resident::interest
