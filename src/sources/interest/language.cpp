#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/interest/c.hpp>
#include <sources/interest/declared.hpp>
#include <sources/interest/javascript.hpp>
#include <sources/interest/language.hpp>
#include <sources/interest/python.hpp>
#include <sources/interest/rust.hpp>

namespace resident::interest {

const std::vector<Language>& languages() {
  static const std::vector<Language> all{
      {"python", "Python", {".py", ".pyi", ".pyw"}, ".", scan_python},
      {"c", "C", {".c", ".h"}, "/", scan_c},
      {"c++", "C++", {".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".ipp", ".cppm", ".ixx"}, "/", scan_cpp},
      {"javascript", "JavaScript", {".js", ".mjs", ".cjs", ".jsx"}, "/", scan_javascript},
      {"typescript", "TypeScript", {".ts", ".mts", ".cts", ".tsx"}, "/", scan_javascript},
      {"rust", "Rust", {".rs"}, "::", scan_rust},
      {"go", "Go", {".go"}, "/", scan_go},
      {"java", "Java", {".java"}, ".", scan_java},
  };
  return all;
}

const Language& language_named(const std::string& name) {
  std::vector<std::string> names;
  for (const Language& language : languages()) {
    if (language.name == name) return language;
    names.emplace_back(language.name);
  }
  const std::string near = near_miss(name, names);
  throw Error(
      ErrorKind::usage, fmt::format("--language: there is no {}", one_line(name)),
      near.empty() ? fmt::format("it is one of {}", fmt::join(names, ", ")) : fmt::format("did you mean {}?", near));
}

const Language* language_of(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return nullptr;
  const std::string_view extension = file_name.substr(dot);
  for (const Language& language : languages())
    for (const std::string_view each : language.extensions)
      if (each == extension) return &language;
  return nullptr;
}

bool is_relative(const Language& language, std::string_view module) {
  if (language.name == "python") return module.starts_with('.');
  if (language.name == "javascript" || language.name == "typescript")
    return module.starts_with('.') || module.starts_with('/') || module.starts_with('#');
  if (language.name == "go") return module.starts_with("./") || module.starts_with("../");
  if (language.name != "rust") return false;
  const std::string_view first = module.substr(0, module.find("::"));
  return first == "crate" || first == "self" || first == "super" || first == "$crate";
}

bool is_part(const Language& language, std::string_view module, std::string_view whole) {
  return module.starts_with(whole) &&
         (module.size() == whole.size() || module.substr(whole.size()).starts_with(language.separator));
}

}  // namespace resident::interest
