// resident results FILE…: what reports of test runs say, without a store.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <cli/report_places.hpp>
#include <cmath>
#include <cstring>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <sources/ci/automake_files.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/same_run.hpp>

namespace resident {

namespace {

struct ReadFile {
  std::string file;
  ci::TestReport report;
  std::string problem;        // why nothing could be read of it
  std::string superseded_by;  // another file that tells more of the same run; then it has no results
};

// The first byte from `at` on that JSON wants escaped, eight at a time: most texts have none.
std::size_t first_escaped(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kHigh = 0x8080808080808080U, kBlank = 0x2020202020202020U, kOne = 0x0101010101010101U;
  constexpr std::uint64_t kQuote = 0x2222222222222222U, kBackslash = 0x5C5C5C5C5C5C5C5CU;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t quote = word ^ kQuote, backslash = word ^ kBackslash;
    if ((((word - kBlank) & ~word) | ((quote - kOne) & ~quote) | ((backslash - kOne) & ~backslash)) & kHigh) break;
  }
  for (; at < text.size(); ++at)
    if (static_cast<unsigned char>(text[at]) < 0x20 || text[at] == '"' || text[at] == '\\') break;
  return at;
}

void append_text(std::string& json, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  json += '"';
  std::size_t from = 0;
  for (std::size_t at = first_escaped(text, 0); at < text.size(); at = first_escaped(text, from)) {
    const auto byte = static_cast<unsigned char>(text[at]);
    json.append(text, from, at - from);
    from = at + 1;
    json += '\\';
    if (byte == '"' || byte == '\\') {
      json += text[at];
    } else if (byte == '\n') {
      json += 'n';
    } else if (byte == '\t') {
      json += 't';
    } else {
      json += "u00";
      json += kDigits[byte >> 4U];
      json += kDigits[byte & 15U];
    }
  }
  json.append(text, from, text.size() - from);
  json += '"';
}

// As short as it can be said. Most are some thousandths, and a quotient of two exact numbers is rounded once: what
// comes of it is that number.
void append_number(std::string& json, double value) {
  constexpr double kMicro = 1e6, kMost = 1e9;
  if (value >= 0 && value < kMost && !std::signbit(value)) {
    const auto micro = static_cast<std::uint64_t>(std::llround(value * kMicro));
    if (static_cast<double>(micro) / kMicro == value) {
      std::array<char, 32> digits{};
      char* at = digits.data() + digits.size();
      std::uint64_t rest = micro;
      bool is_shown = false;
      for (int place = 0; place < 6; ++place, rest /= 10) {
        is_shown = is_shown || rest % 10 != 0;
        if (is_shown) *--at = static_cast<char>('0' + rest % 10);
      }
      if (is_shown) *--at = '.';
      do *--at = static_cast<char>('0' + rest % 10);
      while ((rest /= 10) != 0);
      json.append(at, static_cast<std::size_t>(digits.data() + digits.size() - at));
      return;
    }
  }
  fmt::format_to(std::back_inserter(json), "{}", value);
}

// Between the name and the seconds of a result that was tried once.
std::string_view tried_once(ci::Outcome outcome) {
  static const auto texts = [] {
    std::array<std::string, ci::kOutcomes> all;
    for (std::size_t at = 0; at < all.size(); ++at)
      all.at(at) = fmt::format(R"(,"outcome":"{0}","attempts":["{0}"],"seconds":)", ci::outcome_name(ci::Outcome(at)));
    return all;
  }();
  return texts.at(static_cast<std::size_t>(outcome));
}

template <class List, class Each>
void append_list(std::string& json, const List& list, const Each& each) {
  json += '[';
  bool is_first = true;
  for (const auto& item : list) {
    if (!is_first) json += ',';
    is_first = false;
    each(item);
  }
  json += ']';
}

// One file's object. Written straight to text: a report may have a million results, all of them cleaned already.
void append_file(std::ostream& out, std::string& json, const ReadFile& read) {
  constexpr std::size_t kFull = 1U << 20U;  // bytes, then they are written out
  const auto outcome = [&](ci::Outcome each) { (json += '"').append(ci::outcome_name(each)) += '"'; };
  json += "{\"file\":";
  append_text(json, clean_text(read.file));
  json += ",\"format\":";
  append_text(json, read.report.format);
  json += ",\"tool\":";
  append_text(json, read.report.tool);
  json += ",\"cannot_tell\":";
  append_list(json, read.report.cannot_tell, outcome);
  json += ",\"incomplete\":";
  append_list(json, read.report.incomplete, [&](const std::string& why) { append_text(json, clean_text(why)); });
  if (!read.problem.empty()) {
    json += ",\"error\":";
    append_text(json, clean_text(read.problem));
  }
  if (!read.superseded_by.empty()) {
    json += ",\"superseded_by\":";
    append_text(json, clean_text(read.superseded_by));
  }
  json += ",\"results\":";
  append_list(json, read.report.results, [&](const ci::TestResult& result) {
    json += "{\"suite\":";
    append_text(json, result.suite);
    json += ",\"name\":";
    append_text(json, result.name);
    if (result.attempts.size() == 1 && result.attempts.front() == result.outcome) {
      json += tried_once(result.outcome);
    } else {
      json += ",\"outcome\":";
      outcome(result.outcome);
      json += ",\"attempts\":";
      append_list(json, result.attempts, outcome);
      json += ",\"seconds\":";
    }
    if (result.seconds) {
      append_number(json, *result.seconds);
    } else {
      json += "null";
    }
    if (result.message.empty()) {
      json += ",\"message\":\"\"}";
    } else {
      json += ",\"message\":";
      append_text(json, result.message);
      json += '}';
    }
    if (json.size() > kFull) {
      out << json;
      json.clear();
    }
  });
  json += '}';
}

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
}

ReadFile read_one(const std::string& shown, const std::string& content) {
  ReadFile read{shown, {}, {}, {}};
  try {
    read.report = ci::read_report(content, last_part(shown));
  } catch (const Error& error) {
    read.problem = reason_of(error);
  }
  return read;
}

void read_place(const std::string& place, std::vector<ReadFile>& files) {
  each_placed_file(place, [&](PlacedFile&& file) {
    if (!file.problem.empty()) {
      files.push_back({file.shown, {}, file.problem, {}});
      return;
    }
    ReadFile read = read_one(file.shown, file.content);
    if (file.is_named || read.problem.empty()) files.push_back(std::move(read));
  });
}

std::string_view folder_of(std::string_view path) {
  return path.substr(0, path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/'));
}

// A run that left two forms in one folder (JUnit beside JSON) is one run: the form that can tell more outcomes is kept,
// where they tell the same the one with more tests; the other is named and gives none. Two files of one form are two
// runs, but where one repeats the other (Ant's TESTS-TestSuites.xml).
void keep_better_source(std::vector<ReadFile>& files) {
  std::set<std::string> paths;
  for (const ReadFile& file : files) paths.insert(file.file);
  for (ReadFile& file : files) {
    file.superseded_by = ci::told_by_trs(file.file, paths);
  }
  for (ReadFile& part : files)
    for (const ReadFile& whole : files)
      if (&part != &whole && part.superseded_by.empty() && whole.superseded_by.empty() &&
          ci::is_within(part.report, whole.report))
        part.superseded_by = whole.file;
  for (ReadFile& file : files)
    if (!file.superseded_by.empty()) file.report.results.clear();
  std::vector<std::optional<ci::RunNames>> names(files.size());
  const auto names_of = [&](std::size_t at) -> const ci::RunNames& {
    if (!names[at]) names[at].emplace(files[at].report);
    return *names[at];
  };
  for (std::size_t at = 0; at < files.size(); ++at)
    for (std::size_t other = at + 1; other < files.size(); ++other) {
      ReadFile &left = files[at], &right = files[other];
      if (!left.superseded_by.empty() || !right.superseded_by.empty() || left.report.format == right.report.format ||
          left.report.tool != right.report.tool || left.report.tool.empty() ||
          folder_of(left.file) != folder_of(right.file) ||
          !ci::is_same_run(left.report, names_of(at), right.report, names_of(other)))
        continue;
      ReadFile& kept = ci::tells_more(right.report, left.report) ? right : left;
      ReadFile& dropped = &kept == &left ? right : left;
      dropped.superseded_by = kept.file;
      dropped.report.results.clear();
    }
}

Result table_of(const std::vector<ReadFile>& files) {
  Result result;
  result.name = "results";
  result.title = "Results of tests";
  result.columns = {{"file", "File", ColumnType::text},         {"tool", "Tool", ColumnType::text},
                    {"suite", "Suite", ColumnType::text},       {"name", "Test", ColumnType::text},
                    {"outcome", "Outcome", ColumnType::text},   {"tries", "Tries", ColumnType::integer},
                    {"seconds", "Seconds", ColumnType::number}, {"message", "Message", ColumnType::text}};
  std::map<std::string, std::int64_t> counts;
  for (const auto& file : files) {
    const std::string tool = file.report.tool.empty() ? file.report.format : file.report.tool;
    for (const auto& test : file.report.results) {
      ++counts[std::string(ci::outcome_name(test.outcome))];
      result.rows.push_back({last_part(file.file), tool, test.suite, test.name,
                             std::string(ci::outcome_name(test.outcome)),
                             static_cast<std::int64_t>(test.attempts.size()),
                             test.seconds ? Cell(*test.seconds) : Cell(), one_line(test.message)});
    }
    for (const auto& why : file.report.incomplete)
      result.notes.push_back(fmt::format("{}: incomplete: {}", file.file, why));
    if (!file.superseded_by.empty())
      result.notes.push_back(
          fmt::format("{}: passed by: {} tells more of the same run", file.file, file.superseded_by));
    if (!file.problem.empty()) result.notes.push_back(fmt::format("{}: {}", file.file, file.problem));
    if (!file.report.cannot_tell.empty()) {
      std::string outcomes;
      for (const auto outcome : file.report.cannot_tell)
        outcomes += (outcomes.empty() ? "" : ", ") + std::string(ci::outcome_name(outcome));
      result.notes.push_back(fmt::format("{}: {} has no mark, or not everywhere, for: {}.", file.file, tool, outcomes));
    }
  }
  std::string said;
  for (const auto& [outcome, count] : counts) said += fmt::format("{}{} {}", said.empty() ? "" : ", ", count, outcome);
  const bool is_whole = std::all_of(files.begin(), files.end(), [](const ReadFile& file) {
    return file.problem.empty() && (file.report.incomplete.empty() || !file.superseded_by.empty());
  });
  const bool is_idle = counts.size() == 1 && counts.contains(std::string(ci::outcome_name(ci::Outcome::skip)));
  result.claim = said.empty() ? "No results of tests were found."
                              : fmt::format("{}{}{}.", said, is_idle ? ": no test ran" : "",
                                            is_whole ? "" : "; incomplete, so not green");
  result.sample_size = static_cast<std::int64_t>(result.rows.size());
  return result;
}

std::function<int()> declare_results(OptionSet& app, Invocation& invocation) {
  auto places = std::make_shared<std::vector<std::string>>();
  app.add_option("places", *places, "Files, folders, archives, or - for what is piped in")
      ->required()
      ->type_name("FILE");
  takes_one_of(
      app.add_option("--format", invocation.format, "How it is printed; a table without it")->type_name("FORMAT"),
      {"table", "csv", "md", "json"});
  app.add_flag("--json{all}", invocation.json, "An object for each file; a list where there are several");
  return [&invocation, places] {
    std::vector<ReadFile> files;
    for (const auto& place : *places) read_place(place, files);
    keep_better_source(files);
    if (files.empty())
      throw Error(ErrorKind::failed, "no report of a test run was found there",
                  "docs/guide/test-results.md lists the forms");
    if (invocation.wants_json()) {
      std::string json;
      if (files.size() == 1 && places->size() == 1) {
        append_file(invocation.out, json, files.front());
      } else {
        append_list(json, files, [&](const ReadFile& file) { append_file(invocation.out, json, file); });
      }
      invocation.out << json << "\n";
    } else {
      invocation.print({table_of(files)});
    }
    // A file that nothing could be read of was asked for by name: the answer is not whole.
    return std::any_of(files.begin(), files.end(), [](const ReadFile& file) { return !file.problem.empty(); }) ? 1 : 0;
  };
}

}  // namespace

extern const Command results_command;
const Command results_command{"results",
                              "What reports of test runs say: JUnit XML in its dialects, TAP, go test, CTest and more",
                              "Reads files, folders and archives without a store; the form is told by content. A "
                              "file's tool may have no mark for some outcomes: that is said with the results, and "
                              "nothing is guessed.\nExample: resident results build/junit.xml --json",
                              declare_results};

}  // namespace resident
