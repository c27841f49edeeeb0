#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/pattern.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostGroups = 16;

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

RE2::Anchor anchor_of(Pattern::Anchor anchor) {
  switch (anchor) {
    case Pattern::Anchor::start:
      return RE2::ANCHOR_START;
    case Pattern::Anchor::both:
      return RE2::ANCHOR_BOTH;
    case Pattern::Anchor::none:
      break;
  }
  return RE2::UNANCHORED;
}

std::unique_ptr<const RE2> compile(std::string_view expression, bool is_any_case) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!is_any_case);
  return std::make_unique<const RE2>(piece(expression), options);
}

}  // namespace

Pattern::Pattern(std::string_view expression, Letters letters)
    : compiled_(compile(expression, letters == Letters::any_case)) {
  if (!compiled_->ok())
    throw Error(ErrorKind::usage, "not a regular expression: " + std::string(expression), compiled_->error());
}

Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

std::string Pattern::fault_of(std::string_view expression) {
  const auto compiled = compile(expression, false);
  return compiled->ok() ? std::string() : compiled->error();
}

std::size_t Pattern::group_count() const {
  return static_cast<std::size_t>(compiled_->NumberOfCapturingGroups());
}

bool Pattern::search(std::string_view text, std::size_t from, Anchor anchor, std::span<std::string_view> groups) const {
  if (groups.size() > std::min(kMostGroups, group_count() + 1)) return false;
  std::array<re2::StringPiece, kMostGroups> found;
  if (!compiled_->Match(piece(text), from, text.size(), anchor_of(anchor), found.data(),
                        static_cast<int>(groups.size())))
    return false;
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = {found[i].data(), found[i].size()};
  return true;
}

std::size_t Pattern::replace_first(std::string& text, std::string_view with) const {
  return RE2::Replace(&text, *compiled_, piece(with)) ? 1 : 0;
}

std::size_t Pattern::replace_all(std::string& text, std::string_view with) const {
  return static_cast<std::size_t>(RE2::GlobalReplace(&text, *compiled_, piece(with)));
}

}  // namespace resident
