// The words of the made-up project: its modules with what they deal in, what can
// go wrong, and people's names. Each module has nouns of its own, so a text tells
// its module as real ones do. The first kFilesPerModule nouns are also files.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace resident::simulation {

inline constexpr std::string_view kProjectName = "meridian";
inline constexpr std::size_t kNounsPerModule = 8, kFilesPerModule = 6;

enum class ModuleKind : std::uint8_t { code, docs, tests, build };

struct Module {
  std::string_view name;
  ModuleKind kind;
  double popularity;
  std::array<std::string_view, kNounsPerModule> nouns;
  bool neglected = false;  // nobody of the core team knows it
};

struct Name {
  std::string_view shown;
  std::string_view ascii;  // lower case, for logins and addresses
};

const std::vector<Module>& modules();
const std::vector<std::string_view>& verbs();
const std::vector<std::string_view>& errors();
const std::vector<std::string_view>& conditions();
const std::vector<std::string_view>& platforms();
const std::vector<Name>& given_names();
const std::vector<Name>& family_names();

}  // namespace resident::simulation
