#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <sources/ci/automake_files.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/results_source.hpp>
#include <sources/ci/same_run.hpp>
#include <sources/ci/unexpected_pass.hpp>
#include <sources/files/files.hpp>
#include <sources/source.hpp>
#include <store/source_state.hpp>

namespace resident::ci {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOneConfiguration = "tests";
constexpr std::string_view kReports = "reports";  // the place of the source: they came from anywhere

struct ReadFile {
  std::string place;         // as it is shown
  std::string first_folder;  // below the place asked for; "" where it lies in it itself
  TestReport report;
  std::string print;
};

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
}

bool is_called_report(const std::string& name) {
  constexpr std::array<std::string_view, 7> kEndings{".xml", ".tap", ".trs", ".sum", ".subunit", ".junit", ".trx"};
  return std::any_of(kEndings.begin(), kEndings.end(), [&](auto end) { return name.ends_with(end); });
}

class Reader {
 public:
  explicit Reader(const ResultsToAdd& asked) : asked_(asked) {}

  ReadRuns run() {
    for (const auto& place : asked_.places) read_place(place);
    if (files_.empty())
      throw Error(ErrorKind::failed,
                  result_.unread.empty() ? std::string("no report of a test run was found there")
                                         : fmt::format("{}: {}", one_line(result_.unread.front().place),
                                                       one_line(result_.unread.front().reason)),
                  "docs/guide/test-results.md lists the forms; `resident results FILE` shows what one says");
    std::set<std::string> folders;
    for (const auto& file : files_) folders.insert(file.first_folder);
    const bool by_folder = asked_.builder.empty() && folders.size() > 1 && !folders.contains("");
    std::map<std::string, std::vector<ReadFile*>> by_configuration;
    for (auto& file : files_)
      by_configuration[by_folder                ? file.first_folder
                       : asked_.builder.empty() ? std::string(kOneConfiguration)
                                                : asked_.builder]
          .push_back(&file);
    for (auto& [configuration, files] : by_configuration) result_.runs.push_back(run_of(configuration, files));
    return std::move(result_);
  }

 private:
  void read_file(const std::string& shown, const std::string& folder, const std::string& content, bool by_name) {
    ReadFile file{shown, folder, {}, {}};
    if (trim(content).empty()) {
      if (by_name || is_called_report(shown)) result_.unread.push_back({shown, "it is empty: its run wrote nothing"});
      return;
    }
    try {
      file.report = read_report(content, last_part(shown));
    } catch (const Error& error) {
      if (by_name) result_.unread.push_back({shown, error.what()});
      return;
    }
    file.print = fingerprint(content);
    files_.push_back(std::move(file));
  }

  void read_place(const std::string& place) {
    if (place != "-" && !fs::exists(place))
      throw Error(ErrorKind::usage, fmt::format("there is nothing at {}", one_line(place)), "check the path");
    if (place == "-" || (!fs::is_directory(place) && !is_archive(place)))
      return read_file(place, "", read_whole_file(place == "-" ? "/dev/stdin" : place), true);
    for_each_file(place, [&](ArchiveFile&& file) {
      const std::string shown = place + "/" + file.name;
      if (!file.problem.empty()) {
        result_.unread.push_back({shown, file.problem});
        return;
      }
      const std::size_t slash = file.name.find('/');
      read_file(shown, slash == std::string::npos ? "" : file.name.substr(0, slash), file.content, false);
    });
  }

  // Which of the reports only repeat what a better one says.
  std::vector<bool> repeated(const std::vector<ReadFile*>& files) {
    std::vector<bool> dropped(files.size());
    std::set<std::string> paths;
    for (const auto* file : files) paths.insert(file->place);
    for (std::size_t i = 0; i < files.size(); ++i)
      if (const std::string by = told_by_trs(files[i]->place, paths); !by.empty()) {
        dropped[i] = true;
        result_.notes.push_back(fmt::format("{} is told by {}: left out", files[i]->place, by));
      }
    std::vector<RunNames> names;
    for (const auto* file : files) names.emplace_back(file->report);
    for (std::size_t a = 0; a < files.size(); ++a) {
      if (dropped[a]) continue;
      for (std::size_t b = a + 1; b < files.size() && !dropped[a]; ++b) {
        if (dropped[b]) continue;
        if (const bool is_part = is_within(files[b]->report, files[a]->report);
            is_part || is_within(files[a]->report, files[b]->report)) {
          const std::size_t out = is_part ? b : a, kept = is_part ? a : b;
          dropped[out] = true;
          result_.notes.push_back(fmt::format("{} is repeated by {}: left out", files[out]->place, files[kept]->place));
          continue;
        }
        if (!is_same_run(files[a]->report, names[a], files[b]->report, names[b])) continue;
        const std::size_t out = tells_more(files[a]->report, files[b]->report) ? b : a, kept = out == a ? b : a;
        dropped[out] = true;
        result_.notes.push_back(fmt::format("{} tells of the same tests as {} ({}), which tells more: left out",
                                            files[out]->place, files[kept]->place, files[kept]->report.format));
      }
    }
    return dropped;
  }

  // What the report can't show, and which of its unexpected passes are failures.
  void note_marks(const TestReport& report) {
    for (const auto& result : report.results)
      if (result.outcome == Outcome::xpass && fails_by_unexpected_pass(report, result))
        result_.red_passes.emplace(result.suite, result.name);
    const auto is_same = [&](const HiddenOutcomes& each) {
      return each.tool == report.tool && each.format == report.format;
    };
    const auto known = std::find_if(result_.hidden.begin(), result_.hidden.end(), is_same);
    if (known == result_.hidden.end()) {
      if (!report.cannot_tell.empty()) result_.hidden.push_back({report.tool, report.format, report.cannot_tell});
      return;
    }
    for (const Outcome each : report.cannot_tell)
      if (std::find(known->outcomes.begin(), known->outcomes.end(), each) == known->outcomes.end())
        known->outcomes.push_back(each);
  }

  TestRunRecord run_of(const std::string& configuration, std::vector<ReadFile*>& files) {
    TestRunRecord run;
    run.configuration = configuration;
    run.sha = asked_.sha, run.branch = asked_.branch;
    if (asked_.pull) run.item_id = *asked_.pull * 2 + 1;
    run.at = asked_.at.value_or(written_at());
    std::vector<std::string> incomplete;
    for (const auto& unread : result_.unread)
      incomplete.push_back(fmt::format("{}: {}", last_part(unread.place), unread.reason));
    const std::vector<bool> dropped = repeated(files);
    std::vector<std::string> prints;
    std::vector<PlacedReport> kept;
    for (std::size_t i = 0; i < files.size(); ++i)
      if (!dropped[i]) kept.push_back({files[i]->place, &files[i]->report});
    if (const std::size_t count = tell_files_apart(kept); count > 0)
      result_.notes.push_back(fmt::format("{} in several files, told apart by the files' paths: a run each, no retries",
                                          plural(static_cast<long long>(count), "test stands", "tests stand")));
    for (std::size_t i = 0; i < files.size(); ++i) {
      prints.push_back(files[i]->print);
      if (dropped[i]) continue;
      TestReport& report = files[i]->report;
      for (const auto& why : report.incomplete)
        incomplete.push_back(fmt::format("{}: {}", last_part(files[i]->place), why));
      note_marks(report);
      std::move(report.results.begin(), report.results.end(), std::back_inserter(run.results));
    }
    const bool is_idle = std::all_of(run.results.begin(), run.results.end(),
                                     [](const TestResult& each) { return each.outcome == Outcome::skip; });
    if (is_idle && !run.results.empty())
      incomplete.push_back(fmt::format(
          "no test ran: {} skipped",
          run.results.size() == 1 ? "the one there is was" : fmt::format("all {} were", run.results.size())));
    run.incomplete = fmt::format("{}", fmt::join(incomplete, "; "));
    std::sort(prints.begin(), prints.end());
    run.key = "results/" + fingerprint(fmt::format(
                               "{}\n{}\n{}\n{}\n{}", configuration, run.sha, run.branch, run.item_id.value_or(0),
                               asked_.at ? std::to_string(*asked_.at) : fmt::format("{}", fmt::join(prints, " "))));
    return run;
  }

  // When the newest of the places was written; 0 for a pipe, and where that is no moment of a run: archives that are
  // the same to the byte whenever they are made carry 1970, 1980 (zip's first), or Bazel's 2010-01-01.
  Timestamp written_at() const {
    Timestamp newest = 0;
    for (const auto& place : asked_.places) {
      struct stat status {};
      if (place != "-" && ::stat(place.c_str(), &status) == 0 && !S_ISFIFO(status.st_mode))
        newest = std::max<Timestamp>(newest, status.st_mtime);
    }
    constexpr Timestamp kFirst = 1'262'390'400;  // 2010-01-02
    return newest < kFirst ? 0 : newest;
  }

  const ResultsToAdd& asked_;
  std::vector<ReadFile> files_;
  ReadRuns result_;
};

// What a later sync does with it: nothing, since reports are brought.
class ResultsSource : public Source {
 public:
  std::string sync(const Cursor&, Writer&) override { return std::string(kReadOnce); }
};

}  // namespace

ReadRuns read_runs(const ResultsToAdd& asked) {
  return Reader(asked).run();
}

AddedResults add_results(Database& database, std::int64_t project_id, const ResultsToAdd& asked, Timestamp now) {
  ReadRuns read = read_runs(asked);
  const std::int64_t source_id = ensure_source(database, project_id, "results", std::string(kReports));
  Writer writer(database, project_id, source_id);
  ResultBook book(writer);
  AddedResults added;
  added.notes = std::move(read.notes);
  for (auto& run : read.runs) {
    if (run.at == 0) run.at = now;
    if (!run.incomplete.empty())
      added.notes.push_back(fmt::format("{} is incomplete: {}", run.configuration, run.incomplete));
    if (!book.add(run)) {
      ++added.known;
      continue;
    }
    run.results.clear();
    added.runs.push_back(std::move(run));
  }
  for (const auto& place : asked.places) writer.readmit(place);
  for (const auto& unread : read.unread) writer.quarantine(unread.place, unread.reason);
  book.flush(writer);
  mark_synced(database, project_id, source_id, now);
  writer.checkpoint(std::string(kReadOnce));
  return added;
}

}  // namespace resident::ci

namespace resident {

extern const SourceKind results_source;
const SourceKind results_source{
    "results", "PLACE…", "reports of test runs: files, folders, archives, or - for what is piped in",
    [](const std::string&) -> std::unique_ptr<Source> { return std::make_unique<ci::ResultsSource>(); },
    [](const std::string&) { return std::string(ci::kReports); }};

}  // namespace resident
