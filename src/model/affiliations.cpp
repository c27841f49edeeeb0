#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <limits>
#include <model/affiliations.hpp>

namespace resident {

namespace {

constexpr std::size_t kLongestName = 200;

std::string_view trimmed_view(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

Affiliations::Affiliations(std::string_view text, const std::string& what) {
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = trimmed_view(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    const auto refuse = [&](const std::string& why) {
      throw Error(ErrorKind::failed, fmt::format("{}, line {}: {}", one_line(what), number, why),
                  "a line is an address or a domain, an employer, and perhaps \"< 2020-01-31\"");
    };
    Timestamp until = std::numeric_limits<Timestamp>::max();
    if (const std::size_t less = line.rfind('<'); less != std::string_view::npos) {
      const auto day = parse_time(std::string(trimmed_view(line.substr(less + 1))));
      if (!day) refuse("what stands behind < is no date");
      until = *day;
      line = trimmed_view(line.substr(0, less));
    }
    const std::size_t blank = line.find_first_of(" \t");
    if (blank == std::string_view::npos) refuse("there is no employer");
    std::string key = to_lower(std::string(line.substr(0, blank)));
    if (!key.empty() && key.front() == '@') key.erase(0, 1);
    if (key.find('.') == std::string::npos && key.find('@') == std::string::npos)
      refuse("it begins with neither an address nor a domain");
    std::string employer = clean_text(std::string(trimmed_view(line.substr(blank))));
    if (employer.size() > kLongestName) employer.resize(kLongestName);
    by_key_[key].push_back({until, std::move(employer)});
    ++lines_;
  }
  for (auto& [key, spans] : by_key_)
    std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.until < b.until; });
}

std::optional<std::string> Affiliations::of(const std::vector<Span>& spans, Timestamp at) const {
  for (const Span& span : spans)
    if (at < span.until) return span.employer;
  return std::nullopt;
}

std::optional<std::string> Affiliations::employer(std::string_view address, Timestamp at) const {
  const std::string key = to_lower(std::string(address));
  if (const auto found = by_key_.find(key); found != by_key_.end())
    if (auto employer = of(found->second, at)) return employer;
  std::size_t from = key.rfind('@');
  if (from == std::string::npos) return std::nullopt;
  for (++from; from != 0 && from < key.size(); from = key.find('.', from) + 1) {
    if (const auto found = by_key_.find(key.substr(from)); found != by_key_.end())
      if (auto employer = of(found->second, at)) return employer;
  }
  return std::nullopt;
}

bool is_volunteering(std::string_view employer) {
  static constexpr std::array<std::string_view, 9> kWords{
      "none", "hobby", "volunteer", "unaffiliated", "independent", "freelanc", "self-employ", "individual", "student"};
  const std::string lower = to_lower(std::string(employer));
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

}  // namespace resident
