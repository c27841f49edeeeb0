// What a scanner finds in a file: names of other code that it uses, and where. A scanner is given bytes and knows
// nothing of files, projects or counts. What stands in the text as it is is pointed at, not copied: a Mention lives as
// long as the text and the Mentions it stands in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace resident::interest {

struct Mention {
  std::string_view module;      // without spaces; of Python, relative ones begin with dots
  std::string_view name;        // what is taken of it; "*": all; empty: the module itself
  std::size_t offset = 0;       // of the statement's keyword
  bool first = true;            // false: a further name of the same module in the same statement
  bool conditional = false;     // stands where it need not run: under a condition, in a function
  bool local = false;           // looked for beside the file first
  std::string_view alias = {};  // of a module that is bound to another name: that name
};

class Mentions {
 public:
  void add(const Mention& mention) { list_.push_back(mention); }
  // For text that does not stand in the file as it is.
  std::string_view keep(std::string text) { return kept_.emplace_back(std::move(text)); }
  // Whether names that are taken by a dot count, too (os.getcwd); off, they cost nothing.
  bool wants_attributes = false;
  void clear() {
    list_.clear();
    kept_.clear();
  }
  const std::vector<Mention>& list() const { return list_; }
  std::vector<Mention>& list() { return list_; }

 private:
  std::vector<Mention> list_;
  std::deque<std::string> kept_;  // whose texts do not move
};

}  // namespace resident::interest
