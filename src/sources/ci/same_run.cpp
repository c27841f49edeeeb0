#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <map>
#include <sources/ci/same_run.hpp>
#include <string>
#include <tuple>
#include <unordered_set>

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

std::uint64_t hash_of(std::string_view text, std::uint64_t seed = 0) {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) parts.emplace_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

// Where the run that a file is of has its files: the file itself, or what its tries have in common.
std::string home_of(const PlacedReport& file) {
  const std::string place(file.place);
  const std::size_t slash = place.rfind('/');
  if (file.report->format == "allure") return slash == std::string::npos ? "" : place.substr(0, slash);
  static const Pattern attempts("((?:.*/)?)(?:test_attempts/attempt_[0-9]+|test)\\.xml");
  static const Pattern stamped("((?:.*/)?Testing/)[0-9]{8}-[0-9]{4}/Test\\.xml");
  std::string home;
  if (attempts.matches(place, &home) || (file.report->format == "ctest" && stamped.matches(place, &home)))
    return home + "test.xml";
  return place;
}

// A name that the next run's file has, too: without moments and hashes.
std::string stable(std::string label) {
  static const Pattern ending("([^/.])\\.(?:xml|json|jsonl|ndjson|tap|txt|log|trx|junit|subunit|trs|sum)$");
  static const Pattern passing(
      "[-_.]?(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
      "|[12][0-9]{3}-[01][0-9]-[0-3][0-9](?:[T_ -][0-9]{2}[-_:.]?[0-9]{2}(?:[-_:.]?[0-9]{2})?)?"
      "|[0-9a-fA-F]{8,}|[0-9]{6,})");
  ending.replace_first(label, "\\1");
  passing.replace_all(label, "");
  return one_line(clean_text(label, 100));
}

// What tells the paths apart, in their order; nothing where that does not last.
std::vector<std::string> labels_of(const std::vector<std::string>& homes) {
  std::vector<std::vector<std::string>> parts;
  for (const auto& home : homes) parts.push_back(parts_of(home));
  const auto all_have = [&](auto at) {
    return std::all_of(parts.begin(), parts.end(),
                       [&](const auto& each) { return !each.empty() && at(each) == at(parts.front()); });
  };
  while (all_have([](const auto& each) { return each.front(); }))
    for (auto& each : parts) each.erase(each.begin());
  while (all_have([](const auto& each) { return each.back(); }))
    for (auto& each : parts) each.pop_back();
  std::vector<std::string> labels;
  for (const auto& each : parts) {
    std::string label;
    for (const auto& part : each) label += (label.empty() ? "" : "/") + part;
    labels.push_back(stable(label));
  }
  std::vector<std::string> sorted = labels;
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end() ? labels : std::vector<std::string>();
}

// What must not be hidden by what.
int weight(Outcome outcome) {
  if (outcome == Outcome::crash) return 4;
  if (is_failure(outcome)) return 3;
  if (outcome == Outcome::xpass) return 2;
  return outcome == Outcome::flaky ? 1 : 0;
}

class Divider {
 public:
  explicit Divider(const std::vector<PlacedReport>& files) : files_(files) {
    std::map<std::string, std::size_t> numbers;
    for (std::size_t file = 0; file < files.size(); ++file) {
      const auto [found, is_new] = numbers.emplace(home_of(files[file]), homes_.size());
      if (is_new) homes_.push_back(found->first);
      home_.push_back(found->second);
    }
  }

  std::size_t run() {
    if (homes_.size() < 2) return 0;
    for (std::size_t file = 0; file < files_.size(); ++file)
      for (std::size_t at = 0; at < files_[file].report->results.size(); ++at) {
        const TestResult& result = files_[file].report->results[at];
        tests_.push_back({hash_of(result.name, hash_of(result.suite)), home_[file], file, at});
      }
    std::sort(tests_.begin(), tests_.end());
    std::size_t count = 0;
    for (std::size_t begin = 0, end = 0; begin < tests_.size(); begin = end) {
      while (end < tests_.size() && tests_[end].hash == tests_[begin].hash) ++end;
      if (tests_[begin].home == tests_[end - 1].home) continue;
      ++count;
      divide(begin, end);
    }
    drop();
    return count;
  }

 private:
  struct Test {
    std::uint64_t hash;
    std::size_t home, file, at;
    auto operator<=>(const Test&) const = default;
  };
  TestResult& result(const Test& test) { return files_[test.file].report->results[test.at]; }

  void divide(std::size_t begin, std::size_t end) {
    std::vector<std::size_t> homes;
    for (std::size_t at = begin; at < end; ++at)
      if (homes.empty() || homes.back() != tests_[at].home) homes.push_back(tests_[at].home);
    const auto [known, is_new] = labels_.try_emplace(homes);
    if (is_new) {
      std::vector<std::string> paths;
      for (const std::size_t home : homes) paths.push_back(homes_[home]);
      known->second = labels_of(paths);
    }
    const std::vector<std::string>& labels = known->second;
    if (labels.empty()) return keep_worst(begin, end, homes.size());
    std::size_t which = 0;
    for (std::size_t at = begin; at < end; ++at) {
      while (homes[which] != tests_[at].home) ++which;
      if (labels[which].empty()) continue;
      std::string& name = result(tests_[at]).name;
      const std::string mark = " (" + labels[which] + ")";
      // What is cut off behind must not be the mark.
      if (name.size() + mark.size() > kLongestName) name = clean_text(name, kLongestName - mark.size());
      name += mark;
    }
  }

  void keep_worst(std::size_t begin, std::size_t end, std::size_t runs) {
    std::size_t worst = begin;
    for (std::size_t at = begin; at < end; ++at)
      if (weight(result(tests_[at]).outcome) > weight(result(tests_[worst]).outcome)) worst = at;
    TestResult& kept = result(tests_[worst]);
    if (is_failure(kept.outcome))
      kept.message = clean_text(fmt::format("in one of {} files: {}", runs, kept.message), kLongestMessage);
    for (std::size_t at = begin; at < end; ++at)
      if (at != worst) dropped_[tests_[at].file].insert(tests_[at].at);
  }

  void drop() {
    for (const auto& [file, out] : dropped_) {
      auto& results = files_[file].report->results;
      std::size_t kept = 0;
      for (std::size_t at = 0; at < results.size(); ++at)
        if (!out.contains(at)) {
          if (kept != at) results[kept] = std::move(results[at]);
          ++kept;
        }
      results.resize(kept);
    }
  }

  const std::vector<PlacedReport>& files_;
  std::vector<std::string> homes_;
  std::vector<std::size_t> home_;  // of each file
  std::vector<Test> tests_;
  std::map<std::vector<std::size_t>, std::vector<std::string>> labels_;
  std::map<std::size_t, std::unordered_set<std::size_t>> dropped_;  // of each file
};

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

bool is_within(const TestReport& part, const TestReport& whole) {
  if (part.suites.empty() || part.suites.size() > whole.suites.size() || part.format != whole.format) return false;
  const auto stands = [](const auto& in, std::uint64_t each) {
    return std::find(in.begin(), in.end(), each) != in.end();
  };
  if (!std::all_of(part.suites.begin(), part.suites.end(), [&](auto each) { return stands(whole.suites, each); }))
    return false;
  const auto print = [](const TestResult& result) {
    return hash_of(fmt::format("{} {}", static_cast<int>(result.outcome), result.seconds.value_or(-1)),
                   hash_of(result.name, hash_of(result.suite)));
  };
  std::unordered_set<std::uint64_t> all;
  for (const auto& result : whole.results) all.insert(print(result));
  return std::all_of(part.results.begin(), part.results.end(),
                     [&](const auto& result) { return all.contains(print(result)); });
}

std::size_t tell_files_apart(const std::vector<PlacedReport>& files) {
  return Divider(files).run();
}

bool tells_more(const TestReport& one, const TestReport& other) {
  const auto rank = [](const TestReport& report) {
    return std::tuple(!report.incomplete.empty(), report.cannot_tell.size(),
                      -static_cast<std::int64_t>(report.results.size()), std::string_view(report.format));
  };
  return rank(one) < rank(other);
}

}  // namespace resident::ci
