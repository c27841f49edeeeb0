// `resident add benchmarks PLACE`: files of benchmark results, as their tools wrote them. Which commit they are of the
// file says, or its path (a folder or a file named by a hash), or the user (--sha); without any, the time alone.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <sources/benchmarks/formats/format.hpp>
#include <sources/files/files.hpp>
#include <sources/source.hpp>
#include <store/benchmark_book.hpp>
#include <store/read/stored_commits.hpp>

namespace resident {

namespace {

// "results#sha=abc&at=2026-01-01&machine=m": what the user said of all files of the place.
struct Place {
  std::string path, sha, machine;
  std::optional<Timestamp> at;
};

Place place_of(const std::string& location) {
  Place place;
  const std::size_t mark = location.rfind('#');
  place.path = location.substr(0, mark);
  if (mark == std::string::npos) return place;
  for (const auto part : split(std::string_view(location).substr(mark + 1), '&')) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = part.substr(0, equals), value = part.substr(equals + 1);
    if (key == "sha") place.sha = value;
    if (key == "machine") place.machine = value;
    if (key == "at") place.at = parse_time(value);
  }
  return place;
}

bool is_hash(std::string_view text) {
  return text.size() >= 7 && text.size() <= 64 &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

// The last part of a path that is, or begins as, a hash: "0123abcd/…", "0123abcd-env.json".
std::string hash_in(std::string_view path) {
  const auto parts = split(path, '/');
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    const std::string_view word = part->substr(0, part->find_first_of("-._"));
    if (is_hash(word)) return std::string(word);
  }
  return {};
}

class Benchmarks : public Source {
 public:
  explicit Benchmarks(const std::string& location) : place_(place_of(location)) {}

  std::string sync(const Cursor&, Writer& writer) override {
    if (!std::filesystem::exists(place_.path))
      throw Error(ErrorKind::usage, fmt::format("there is nothing at {}", one_line(place_.path)), "check the path");
    writer.reads_whole_source();
    writer.flush();
    BenchmarkBook book(writer.database(), writer.project_id(), writer.source_id());
    const auto one = [&](const std::string& name, const std::string& content) {
      const std::string print = fingerprint(content + place_.sha + place_.machine);
      if (writer.seen(name, print)) {
        ++read_;
        return;
      }
      try {
        // A hash in short of a commit that is not there yet is looked up again the next time.
        writer.mark(name, read(name, content, writer, book) ? print : print + " in short");
        ++read_;
      } catch (const Error& error) {
        writer.quarantine(name, error.what());
      }
    };
    namespace fs = std::filesystem;
    const std::string last = fs::path(place_.path).filename().string();
    if (fs::is_directory(place_.path) || is_archive(place_.path))
      for_each_file(place_.path, [&](ArchiveFile&& file) {
        if (!file.problem.empty())
          writer.quarantine(file.name, file.problem);
        else if (!is_beside_the_point(file.name))
          one(file.name, file.content);
      });
    else
      one(last, read_whole_file(place_.path));
    if (read_ == 0 && waiting_ == 0)
      throw Error(fmt::format("{} holds no benchmark results", one_line(place_.path)),
                  "docs/guide/benchmarks.md lists the forms");
    book.flush();
    writer.end_of_source();
    return "";
  }

  std::string coverage() const override {
    if (waiting_ > 0)
      return fmt::format("{} for the commits that they name", plural(waiting_, "run waits", "runs wait"));
    if (without_commit_ == 0) return {};
    return fmt::format("{} of benchmark results name no commit: they are told by time alone",
                       plural(without_commit_, "run"));
  }

 private:
  static bool is_beside_the_point(const std::string& name) {
    const std::string last = name.substr(name.rfind('/') == std::string::npos ? 0 : name.rfind('/') + 1);
    // asv's own lists beside its results.
    return last.starts_with(".") || last == "machine.json" || last == "benchmarks.json" ||
           to_lower(last).starts_with("readme");
  }

  // False where a commit is named in short and not known.
  bool read(const std::string& name, const std::string& content, Writer& writer, BenchmarkBook& book) {
    bool is_whole = true;
    const benchmarks::Report report = benchmarks::read_report(content, name);
    std::string environment, configuration;
    for (const auto& [key, value] : report.environment) {
      if (key == "configuration") configuration = value;
      environment += fmt::format("{}={}\n", key, value);
    }
    const auto machine = report.environment.find("machine");
    // One run a commit of the file.
    std::map<std::string, std::vector<const benchmarks::Series*>> by_commit;
    for (const auto& series : report.series)
      if (series.value) by_commit[series.commit].push_back(&series);
    for (const auto& [commit, list] : by_commit) {
      StoredRun run;
      run.sha = !place_.sha.empty()      ? place_.sha
                : !commit.empty()        ? commit
                : !report.commit.empty() ? report.commit
                                         : hash_in(name);
      const std::string told = run.sha;
      run.sha = whole_hash(writer, told);
      run.key = clean_text(fmt::format("{} {}", run.sha, name), 600);
      if (run.sha != told) book.remove(clean_text(fmt::format("{} {}", told, name), 600));
      is_whole = is_whole && (run.sha.empty() || run.sha.size() >= 40);
      run.machine = !place_.machine.empty()               ? place_.machine
                    : machine != report.environment.end() ? machine->second
                                                          : "";
      run.environment = environment, run.tool = report.tool, run.version = report.version, run.is_dirty = report.dirty;
      const auto at = place_.at          ? place_.at
                      : list.front()->at ? list.front()->at
                      : report.at        ? report.at
                                         : commit_time(writer, run.sha);
      if (!at) waiting_ += !run.sha.empty();
      if (!at) throw Error("neither the file nor its commit says when it was measured; give --at");
      run.measured_at = *at;
      without_commit_ += run.sha.empty();
      book.run(run);
      for (const auto* series : list) {
        StoredSeries stored{series->name, series->unit, configuration, series->benchmark, "", report.tool, ""};
        for (const auto& tag : series->tags) stored.tags += (stored.tags.empty() ? "" : "\n") + tag;
        if (series->better) stored.better = *series->better == benchmarks::Better::lower ? "lower" : "higher";
        book.value(stored, *series->value, series->values, series->spread);
      }
      writer.data_until(run.measured_at);
    }
    return is_whole;
  }

  Place place_;
  std::int64_t read_ = 0, without_commit_ = 0;
  std::int64_t waiting_ = 0;  // runs of commits that are not there yet, of which only these tell the moment
};

}  // namespace

extern const SourceKind benchmarks_source;
const SourceKind benchmarks_source{
    "benchmarks",
    "PLACE",
    "files of benchmark results, by --sha, --at and --machine where they do not say themselves",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<Benchmarks>(location); },
    [](const std::string& location) {
      const std::size_t mark = location.rfind('#');
      const std::string path = location.substr(0, mark);
      return std::filesystem::absolute(path).lexically_normal().string() +
             (mark == std::string::npos ? "" : location.substr(mark));
    },
    nullptr,
    false,
    2};

}  // namespace resident
