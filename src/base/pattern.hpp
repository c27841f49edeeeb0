// Regular expressions, by RE2: the time grows with the text alone, whatever pattern or text somebody wrote. The one
// place that knows the library, because its types differ between releases: what it calls a piece of text is a class of
// its own in Debian 12, abseil's in Debian 13, and neither takes every std::string_view. Syntax:
// https://github.com/google/re2/wiki/Syntax. Text is UTF-8; bytes that are not are read as one unknown character each.
//
// Captures go to pointers: std::string, std::string_view (a view of the text), or a whole number, which must fill its
// group and fit, or nothing is found. A group that took no part gives empty text; a pattern asked for more groups than
// it has finds nothing (some are written by users). Thread-safe once made.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace resident {

class Pattern {
 public:
  enum class Letters { as_written, any_case };
  enum class Anchor { none, start, both };

  // Throws Error (usage), with what is wrong and where, when it is no regular expression.
  explicit Pattern(std::string_view expression, Letters letters = Letters::as_written);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  // What is wrong with a regular expression; empty: nothing.
  static std::string fault_of(std::string_view expression);

  std::size_t group_count() const;

  // Whether it is found anywhere in the text.
  template <class... Captures>
  bool found_in(std::string_view text, Captures*... captures) const {
    return capture(text, Anchor::none, nullptr, captures...);
  }

  // Whether the whole text is one.
  template <class... Captures>
  bool matches(std::string_view text, Captures*... captures) const {
    return capture(text, Anchor::both, nullptr, captures...);
  }

  // Finds the next one, and takes off the text up to its end: for (auto rest = text; pattern.find_next(rest, &word);) …
  template <class... Captures>
  bool find_next(std::string_view& rest, Captures*... captures) const {
    return capture(rest, Anchor::none, &rest, captures...);
  }

  // Takes one off the beginning of the text, if it begins with one.
  template <class... Captures>
  bool take_front(std::string_view& rest, Captures*... captures) const {
    return capture(rest, Anchor::start, &rest, captures...);
  }

  // Searches from that byte on (what is before still counts for ^ and \b). groups[0] becomes the whole match, the next
  // ones its groups, as views of the text; asking for no more than is needed is quicker. False also if it has fewer
  // groups.
  bool search(std::string_view text, std::size_t from, Anchor anchor, std::span<std::string_view> groups) const;

  // Puts `with` (\1 to \9: the groups) in the place of the first, or of each. How many there were.
  std::size_t replace_first(std::string& text, std::string_view with) const;
  std::size_t replace_all(std::string& text, std::string_view with) const;

 private:
  static bool put(std::string_view from, std::string* to) {
    to->assign(from);
    return true;
  }

  static bool put(std::string_view from, std::string_view* to) {
    *to = from;
    return true;
  }

  template <std::integral Number>
  static bool put(std::string_view from, Number* to) {
    const auto [end, trouble] = std::from_chars(from.data(), from.data() + from.size(), *to);
    return trouble == std::errc{} && end == from.data() + from.size();
  }

  template <class... Captures>
  bool capture(std::string_view text, Anchor anchor, std::string_view* rest, Captures*... captures) const {
    constexpr std::size_t count = sizeof...(captures);
    std::string_view groups[count + 1];
    if (!search(text, 0, anchor, std::span(groups, count == 0 && !rest ? 0 : count + 1))) return false;
    [[maybe_unused]] std::size_t at = 0;
    if (!(put(groups[++at], captures) && ...)) return false;
    if (rest) rest->remove_prefix(static_cast<std::size_t>(groups[0].data() + groups[0].size() - text.data()));
    return true;
  }

  std::unique_ptr<const re2::RE2> compiled_;
};

}  // namespace resident
