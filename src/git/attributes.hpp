// What .gitattributes files say of paths, by git's rules (gitattributes(5); attr.c, dir.c and wildmatch.c of git 2.39):
// the file of the deepest folder counts before those above it, a later line before an earlier one; patterns are those
// of .gitignore but that none is negative and one for a folder says nothing of the files in it; macros ([attr]name)
// are defined at the top alone. What a machine or a clone adds for itself (core.attributesFile, info/attributes) is not
// the project's and not read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resident::git {

// A pattern of such a file, read once; a path costs at most its length times the pattern's.
class PathPattern {
 public:
  // As it stands, without quotes.
  explicit PathPattern(std::string_view pattern);
  // The path of a file, relative to the folder of the pattern.
  bool matches(std::string_view path) const;

 private:
  enum class Kind : std::uint8_t { literal, any, set, stars, all, folders };
  struct Token {
    Kind kind;
    char letter = 0;
    std::uint16_t set = 0;
  };
  void read_tokens(std::string_view text);
  std::size_t read_star(std::string_view text, std::size_t at);
  std::size_t read_set(std::string_view text, std::size_t at);
  bool fits(std::string_view text) const;
  bool step(const Token& token, char letter) const;

  std::string prefix_;  // up to the first letter with a meaning
  std::vector<Token> tokens_;
  std::vector<std::vector<bool>> sets_;
  bool never_ = false;      // malformed, or for folders
  bool base_only_ = false;  // without a slash: of the file's name, wherever it lies
};

class Attributes {
 public:
  // Which attributes are asked for.
  explicit Attributes(std::vector<std::string> names);

  // A file's text; folder: "" at the top, else as "src/net". In any order.
  void add(const std::string& folder, std::string_view text);
  bool says_nothing() const { return folders_.empty(); }

  // In the order of the names: none where nothing is said, "true" where it is set, "false" where it is unset, else the
  // value as it stands.
  std::vector<std::optional<std::string>> of(std::string_view path) const;

 private:
  enum class Say : std::uint8_t { set, unset, nothing, value };
  struct State {
    std::string name;
    Say say = Say::set;
    std::string value;
  };
  struct Line {
    std::optional<PathPattern> pattern;  // none: a macro
    std::vector<State> states;
  };
  struct Answer;
  static std::optional<std::pair<std::string, Line>> read_line(std::string_view text);
  static std::optional<std::vector<State>> read_states(std::string_view text);
  bool concerns(const Line& line) const;
  void fill(const Line& line, Answer& answer, int depth) const;

  std::vector<std::string> names_;
  std::unordered_map<std::string, Line> macros_;
  std::unordered_map<std::string, std::vector<Line>> folders_;
};

}  // namespace resident::git
