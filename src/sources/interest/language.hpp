// The languages whose files can be read here: their names, their files, their scanner, and what stands between the
// parts of a module's name. A new language is a scanner of its own and a row in the list.
#pragma once

#include <sources/interest/mentions.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident::interest {

struct Language {
  std::string_view name;                     // as --language takes it
  std::string_view title;                    // for people
  std::vector<std::string_view> extensions;  // with their dot, in lower case
  std::string_view separator;                // between the parts of a module's name
  void (*scan)(std::string_view text, Mentions& mentions);
};

const std::vector<Language>& languages();
// By name; throws Error{usage} with the nearest where there is none.
const Language& language_named(const std::string& name);
// Whose files are so called; null where none is.
const Language* language_of(std::string_view file_name);
// Of the project that holds the file itself, not of another.
bool is_relative(const Language& language, std::string_view module);
// Whether a module is `whole` or a part of it.
bool is_part(const Language& language, std::string_view module, std::string_view whole);

}  // namespace resident::interest
