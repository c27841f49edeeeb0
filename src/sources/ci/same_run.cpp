#include <xxhash.h>

#include <algorithm>
#include <sources/ci/same_run.hpp>
#include <string>
#include <tuple>

namespace resident::ci {

namespace {

// Letters and digits alone, in small letters: what tools put between the parts of a name falls away, a line's end that
// they write as \n or leave out, too.
void append_letters(std::string& letters, std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && at + 1 < text.size() && (text[at + 1] == 'n' || text[at + 1] == 't')) {
      ++at;
      continue;
    }
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if ((small >= 'a' && small <= 'z') || (small >= '0' && small <= '9') ||
        (static_cast<unsigned char>(c) & 0x80U) != 0)
      letters += small;
  }
}

}  // namespace

RunNames::RunNames(const TestReport& report) {
  std::string letters;
  for (const auto& result : report.results) {
    // What stands for a whole file or for a hook is in one form and not in the other.
    if (result.suite.empty() && result.outcome == Outcome::error) continue;
    ++count_;
    letters.clear();
    append_letters(letters, result.name);
    ++names_[XXH3_64bits(letters.data(), letters.size())];
    letters.clear();
    append_letters(letters, result.suite);
    append_letters(letters, result.name);
    ++whole_[XXH3_64bits(letters.data(), letters.size())];
  }
}

double RunNames::shared(const Counts& left, const Counts& right, std::size_t left_count, std::size_t right_count) {
  const Counts& few = left.size() <= right.size() ? left : right;
  const Counts& many = &few == &left ? right : left;
  std::size_t both = 0;
  for (const auto& [name, count] : few)
    if (const auto found = many.find(name); found != many.end()) both += std::min(count, found->second);
  const std::size_t smaller = std::min(left_count, right_count);
  return smaller == 0 ? 0 : static_cast<double>(both) / static_cast<double>(smaller);
}

bool is_same_run(const TestReport& left, const RunNames& left_names, const TestReport& right,
                 const RunNames& right_names) {
  constexpr double kOfOneTool = 0.6, kOfAny = 0.8;
  if (left.format == right.format) return false;
  const bool is_known = !left.tool.empty() && !right.tool.empty();
  const double whole = left_names.shared_whole(right_names);
  // Tests of two tools may well have one name.
  if (is_known && left.tool != right.tool) return whole >= kOfAny;
  return std::max(whole, left_names.shared_names(right_names)) >= (is_known ? kOfOneTool : kOfAny);
}

bool tells_more(const TestReport& one, const TestReport& other) {
  const auto rank = [](const TestReport& report) {
    return std::tuple(!report.incomplete.empty(), report.cannot_tell.size(),
                      -static_cast<std::int64_t>(report.results.size()), std::string_view(report.format));
  };
  return rank(one) < rank(other);
}

}  // namespace resident::ci
