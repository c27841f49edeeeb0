// Reports of tests in the artifacts of workflow runs: those whose names the configuration asks for, of runs that ended
// since the last sync. One that is gone, too large or holds no report is set aside with its reason; a run that could
// not be asked for is asked for again.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sources/ci/results_source.hpp>
#include <sources/github/reader.hpp>
#include <store/read/stored_commits.hpp>
#include <store/read/stored_items.hpp>

namespace resident::github {

namespace {

constexpr std::size_t kMostRuns = 200;      // whose artifacts are asked for in one sync, the newest first
constexpr std::size_t kMostWaiting = 2000;  // for later ones
constexpr std::int64_t kLargest = std::int64_t{128} << 20;  // bytes of one archive
const char* const kWaiting = "artifacts-waiting";

// A file of our own that goes with its end.
class TemporaryArchive {
 public:
  explicit TemporaryArchive(const std::string& bytes) {
    constexpr int kEnding = 4;  // ".zip"
    path_ = (std::filesystem::temp_directory_path() / "resident-XXXXXX.zip").string();
    const int file = ::mkstemps(path_.data(), kEnding);
    if (file < 0) throw Error("an artifact cannot be kept while it is read: no temporary file", "set TMPDIR");
    ::close(file);
    std::ofstream out(path_, std::ios::binary);
    out << bytes;
    out.flush();
    if (!out) throw Error("an artifact cannot be kept while it is read: the disk is full?", "set TMPDIR");
  }
  ~TemporaryArchive() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryArchive(const TemporaryArchive&) = delete;
  TemporaryArchive& operator=(const TemporaryArchive&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Ids of runs, the newest first.
std::vector<std::string> waiting_runs(Writer& writer) {
  std::vector<std::string> runs;
  const std::string text = writer.stream_cursor(kWaiting).value_or("");
  for (const auto part : split(text, ','))
    if (!part.empty()) runs.emplace_back(part);
  return runs;
}

void keep_waiting(Writer& writer, const std::vector<std::string>& runs) {
  const std::string text = fmt::format("{}", fmt::join(runs, ","));
  if (text != writer.stream_cursor(kWaiting).value_or("")) writer.set_stream(kWaiting, text, "current");
}

class Artifacts {
 public:
  Artifacts(Reader& reader, const std::string& names) : reader_(reader), writer_(reader.writer()), names_(names) {}

  // How many runs are left for a later sync.
  std::size_t read() {
    std::vector<std::string> waiting = waiting_runs(writer_);
    std::vector<std::string> runs = waiting;
    if (runs.size() > kMostRuns) runs.resize(kMostRuns);
    for (const auto& id : runs) {
      if (!of_run(id)) continue;
      std::erase(waiting, id);
      keep(waiting);
    }
    keep(waiting);
    return waiting.size();
  }

 private:
  // What is left stands beside what was read, so that a run which is stopped goes on.
  void keep(const std::vector<std::string>& waiting) {
    keep_waiting(writer_, waiting);
    reader_.checkpoint();
  }

  // False where its list could not be had.
  bool of_run(const std::string& id) {
    struct Wanted {
      std::int64_t id, size;
      std::string name, address, expired_at;
      bool is_expired;
    };
    std::vector<Wanted> wanted;
    const bool is_whole = reader_.each_past_gaps(
        reader_.repository_url(fmt::format("/actions/runs/{}/artifacts?per_page=100", id)),
        fmt::format("artifacts of run {}", id), [&](const json::Object& object) {
          const std::string name = object.required_text("name");
          if (!names_.matches(name)) return;
          wanted.push_back({object.required_integer("id"), object.integer("size_in_bytes").value_or(0), name,
                            object.text("archive_download_url"), object.text("expires_at"), object.boolean("expired")});
        });
    for (const auto& each : wanted) {
      const std::string record = fmt::format("artifact/{}", each.id);
      if (reader_.is_known(record, "read")) continue;
      try {
        if (each.is_expired)
          throw Error(fmt::format("{}: it expired before it was read{}{}", one_line(each.name),
                                  each.expired_at.empty() ? "" : ", on ", one_line(each.expired_at.substr(0, 10))));
        if (each.size > kLargest)
          throw Error(
              fmt::format("{}: {} bytes are more than are read of an artifact", one_line(each.name), each.size));
        take(each.id, each.name, each.address, id);
        writer_.mark(record, "read");
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::failed && error.kind() != ErrorKind::usage) throw;
        writer_.quarantine(record, error.what());
      }
    }
    return is_whole;
  }

  void take(std::int64_t id, const std::string& name, const std::string& address, const std::string& run_id) {
    const http::Response response = reader_.client().get(
        address.empty() ? reader_.repository_url(fmt::format("/actions/artifacts/{}/zip", id)) : address);
    if (response.status >= 300) throw Error(fmt::format("{}: it is gone", one_line(name)));
    const TemporaryArchive archive(response.body);
    ci::ResultsToAdd asked;
    asked.places = {archive.path()};
    asked.builder = name;
    ci::ReadRuns read;
    try {
      read = ci::read_runs(asked);
    } catch (const Error& error) {
      // Of the archive as it is called where it comes from.
      std::string what = error.what();
      for (auto at = what.find(archive.path()); at != std::string::npos; at = what.find(archive.path()))
        what.replace(at, archive.path().size(), name);
      throw Error(fmt::format("{}: {}", one_line(name), what));
    }
    ResultBook book(writer_);
    for (auto& run : read.runs) {
      run.key = fmt::format("artifact/{}", id);
      of_workflow_run(run_id, run);
      book.add(run);
    }
    book.flush(writer_);
  }

  // Commit, branch and end, and the pull request whose newest commit it was.
  void of_workflow_run(const std::string& run_id, TestRunRecord& run) {
    const auto stored = stored_ci_run(writer_, "run/" + run_id);
    if (!stored) return;
    run.sha = stored->sha, run.branch = stored->branch;
    run.at = stored->finished_at.value_or(reader_.now());
    const bool is_of_pull = stored->trigger_event.starts_with("pull_request");
    run.item_id = item_with_head(writer_, run.sha);
    // Of a pull request that is not known, it is not the main branch's all the same, and each one's own.
    if (!run.item_id && is_of_pull) run.item_id = -std::strtoll(run_id.c_str(), nullptr, 10);
  }

  Reader& reader_;
  Writer& writer_;
  Pattern names_;
};

}  // namespace

bool Reader::wants_artifacts() const {
  return options_.config && !options_.config->forge(location_.host).artifacts.empty();
}

// Stands with the runs themselves, which no later sync takes for new.
void Reader::wait_for_artifacts() {
  if (!wants_artifacts()) return;
  std::vector<std::string> runs = ended_runs_;
  for (std::string& id : waiting_runs(writer_))
    if (std::find(ended_runs_.begin(), ended_runs_.end(), id) == ended_runs_.end()) runs.push_back(std::move(id));
  if (runs.size() > kMostWaiting) {
    left_out_runs_ = runs.size() - kMostWaiting;
    runs.resize(kMostWaiting);
  }
  keep_waiting(writer_, runs);
}

std::string Reader::artifacts() {
  if (!wants_artifacts()) return {};
  const std::size_t waiting = Artifacts(*this, options_.config->forge(location_.host).artifacts).read();
  std::string sentence;
  if (waiting)
    sentence =
        fmt::format("the artifacts of {} wait for the next sync", plural(static_cast<long long>(waiting), "run"));
  if (left_out_runs_)
    sentence +=
        fmt::format("{}the artifacts of {} are left out: more than {} were waiting", sentence.empty() ? "" : "; ",
                    plural(static_cast<long long>(left_out_runs_), "older run"), with_thousands(kMostWaiting));
  return sentence;
}

}  // namespace resident::github
