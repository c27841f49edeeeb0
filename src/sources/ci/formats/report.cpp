#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <base/text.hpp>
#include <cmath>
#include <cstring>
#include <sources/ci/formats/report.hpp>

namespace resident::ci {

namespace {

// Printable ASCII: nothing to clean. Eight bytes at a time.
bool is_printable(std::string_view text) {
  constexpr std::uint64_t kHigh = 0x8080808080808080U, kBlank = 0x2020202020202020U, kOne = 0x0101010101010101U;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    // A byte from 0x80 on, below 0x20, or 0x7F.
    if (((word | (word - kBlank) | (word + kOne)) & kHigh) != 0) return false;
  }
  for (; at < text.size(); ++at)
    if (text[at] < 0x20 || text[at] == 0x7F) return false;
  return true;
}

// "[31m", "[0m", "[1;32m": what stands behind the escape of a terminal's colour.
bool is_colour_code(std::string_view text) {
  std::size_t at = 1;
  while (at < text.size() && at < 12 && ((text[at] >= '0' && text[at] <= '9') || text[at] == ';')) ++at;
  return at > 1 && at < text.size() && text[at] == 'm';
}

// Control characters that a tool kept in a name stay told apart, as \x1b. Where it dropped or replaced the escape of a
// colour code, the rest of it ("[31m") still says that there was one.
std::string shown_name(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  result.reserve(name.size());
  for (std::size_t at = 0; at < name.size(); ++at) {
    const char c = name[at];
    const auto byte = static_cast<unsigned char>(c);
    constexpr std::array<std::string_view, 4> kWritten{"\\x1b", "\\e", "\\u001b", "\\033"};
    const bool is_written =
        std::any_of(kWritten.begin(), kWritten.end(), [&](std::string_view each) { return result.ends_with(each); });
    if (c == '[' && !is_written && is_colour_code(name.substr(at))) {
      for (const std::string_view instead : {"\xEF\xBF\xBD", "^[", "#x1B"})
        if (result.ends_with(instead)) {
          result.resize(result.size() - instead.size());
          break;
        }
      result += "\\x1b";
    }
    if (byte < 0x20 && c != '\t' && c != '\n') {
      result += "\\x";
      result += kDigits[byte >> 4U];
      result += kDigits[byte & 15U];
    } else {
      result += c;
    }
  }
  return result;
}

std::string bounded(std::string_view text, std::size_t most) {
  if (text.size() <= most && is_printable(text)) return std::string(text);
  // No more than can be shown is looked at.
  std::string cleaned = clean_text(text.substr(0, most + 8));
  if (cleaned.size() <= most) return cleaned;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(cleaned[end]) & 0xC0U) == 0x80U) --end;
  cleaned.resize(end);
  return cleaned + "…";
}

std::string clean_name(std::string name) {
  bool has_colour = false;
  for (std::size_t at = name.find('['); at != std::string::npos && !has_colour; at = name.find('[', at + 1))
    has_colour = is_colour_code(std::string_view(name).substr(at));
  if (name.size() <= kLongestName && !has_colour && is_printable(name)) return name;
  return bounded(shown_name(name), kLongestName);
}

}  // namespace

TestResult& ReportBuilder::add(std::string suite, std::string name, Outcome outcome, std::optional<double> seconds,
                               std::string_view message) {
  TestResult& result = report_.results.emplace_back();
  result.suite = clean_name(std::move(suite));
  result.name = clean_name(std::move(name));
  result.outcome = outcome;
  result.attempts.push_back(outcome);
  if (seconds && *seconds >= 0 && std::isfinite(*seconds)) result.seconds = seconds;
  if (!message.empty()) result.message = bounded(message, kLongestMessage);
  return result;
}

void append_message(std::string& message, std::string_view text) {
  message.append(text.substr(0, kLongestMessage - std::min(message.size(), kLongestMessage)));
}

TestResult& ReportBuilder::attempt(std::string suite, std::string name, Outcome outcome, std::optional<double> seconds,
                                   std::string_view message) {
  suite = clean_name(std::move(suite));
  name = clean_name(std::move(name));
  // The tries of a test stand near one another in every format that has them.
  constexpr std::size_t kNear = 64;
  std::size_t looked = 0;
  for (auto result = report_.results.rbegin(); result != report_.results.rend() && looked < kNear; ++result, ++looked) {
    if (result->name != name || result->suite != suite) continue;
    again(*result, outcome, seconds, message);
    return *result;
  }
  return add(std::move(suite), std::move(name), outcome, seconds, message);
}

void ReportBuilder::again(TestResult& result, Outcome outcome, std::optional<double> seconds,
                          std::string_view message) {
  result.attempts.push_back(outcome);
  result.outcome = outcome_of(result.attempts);
  if (seconds && *seconds >= 0 && std::isfinite(*seconds)) result.seconds = result.seconds.value_or(0) + *seconds;
  if (result.message.empty()) result.message = bounded(message, kLongestMessage);
}

void ReportBuilder::cannot_tell(std::initializer_list<Outcome> outcomes) {
  for (const auto outcome : outcomes)
    if (std::find(report_.cannot_tell.begin(), report_.cannot_tell.end(), outcome) == report_.cannot_tell.end())
      report_.cannot_tell.push_back(outcome);
}

void ReportBuilder::compare_totals(std::string_view of, double told, std::size_t shown) {
  if (told > static_cast<double>(shown))
    incomplete(fmt::format("{} says it has {:.0f} tests, and shows {}", of, told, shown));
}

void number_repeated_names(TestReport& report) {
  // A table of indices by hash: a file may have a million names, hardly any of them twice. What is asked for is fetched
  // ahead, since the table is larger than a cache.
  constexpr std::size_t kAhead = 12;
  std::vector<TestResult>& results = report.results;
  std::size_t size = 16;
  while (size < results.size() * 2) size *= 2;
  std::vector<std::uint32_t> table(size);  // index + 1
  std::vector<std::uint64_t> hashes(results.size());
  std::vector<std::uint32_t> counts;  // of those that stand again, by index of the first
  for (std::size_t at = 0; at < results.size(); ++at)
    hashes[at] = XXH3_64bits_withSeed(results[at].name.data(), results[at].name.size(),
                                      XXH3_64bits(results[at].suite.data(), results[at].suite.size()));
  for (std::size_t index = 0; index < results.size(); ++index) {
    if (index + kAhead < results.size()) __builtin_prefetch(&table[hashes[index + kAhead] & (size - 1)]);
    TestResult& result = results[index];
    for (std::size_t at = hashes[index] & (size - 1);; at = (at + 1) & (size - 1)) {
      if (table[at] == 0) {
        table[at] = static_cast<std::uint32_t>(index + 1);
        break;
      }
      // The first of a name never gets a number, so it still is what is compared with.
      const std::size_t first = table[at] - 1;
      if (hashes[first] != hashes[index] || results[first].suite != result.suite || results[first].name != result.name)
        continue;
      if (counts.empty()) counts.resize(results.size(), 1);
      result.name += " #" + std::to_string(++counts[first]);
      break;
    }
  }
}

}  // namespace resident::ci
