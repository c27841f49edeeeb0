// `resident add jsonl FILE`: the generic format of docs/guide/jsonl.md, a record a line.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <sources/archive/jsonl_objects.hpp>
#include <sources/files/files.hpp>
#include <sources/source.hpp>
#include <store/result_book.hpp>

namespace resident {

namespace {

class JsonLines : public Source {
 public:
  explicit JsonLines(std::string location) : location_(std::move(location)) {}

  std::string sync(const Cursor& cursor, Writer& writer) override {
    // A pipe can be read once, when it is added: where it was, there is something else later, or nothing.
    if (cursor == kReadOnce) return std::string(kReadOnce);
    const bool is_file = std::filesystem::is_regular_file(location_);
    if (!std::filesystem::exists(location_))
      throw Error(fmt::format("there is nothing at {}", location_), "check the path");
    // A file that has not changed at all (size, time) is not read again.
    const std::string state = is_file
                                  ? fmt::format("{} {}", std::filesystem::file_size(location_),
                                                std::filesystem::last_write_time(location_).time_since_epoch().count())
                                  : std::string(kReadOnce);
    if (cursor == state) return state;
    Progress progress("reading " + location_, 0);
    if (is_file) writer.reads_whole_source();
    for_each_line(location_, [&](std::uint64_t number, std::string_view line, std::string_view problem) {
      progress.advance();
      const std::string record = fmt::format("line {}", number);
      if (!problem.empty()) {
        if (first_problem_.empty()) first_problem_ = fmt::format("{}: {}", record, problem);
        return writer.quarantine(record, std::string(problem));
      }
      if (trim(line).empty()) return;
      if (const Write write = read_or_set_aside(line, record, writer)) {
        write(writer);
        ++good_;
      }
      const bool many_results = results_ && results_->pending() > ResultBook::kMostPending;
      if (writer.pending() > 20000 || many_results) {
        if (results_) results_->flush(writer);
        writer.checkpoint(is_file ? "" : std::string(kReadOnce));
      }
    });
    if (good_ == 0 && !first_problem_.empty())
      throw Error(fmt::format("no line of {} could be read; {}", location_, one_line(first_problem_)),
                  "the format is described in docs/guide/jsonl.md");
    writer.end_of_source();
    if (results_) results_->flush(writer);
    return state;
  }

 private:
  using Problems = std::vector<std::pair<std::string, std::string>>;  // place, reason
  using Write = std::function<void(Writer&)>;

  // What the line says, ready to be written; throws Error where it cannot be read. The writing is apart, since what
  // the store fails at is no fault of the line.
  Write read(std::string_view line, const Writer& writer) {
    const json::Object object(json::parse(parser_, line), "line");
    const std::string kind = object.required_text("record");
    if (kind == "project") {
      if (object.has("provider")) provider_ = object.text("provider");
      return [until = object.time("data_until"), url = object.text("url"),
              simulated = object.boolean("simulated")](Writer& to) {
        if (until) to.data_until(*until);
        to.project(url, simulated);
      };
    }
    if (kind == "issue" || kind == "pull") {
      const std::string key = fmt::format("{}/{}", kind, object.required_integer("number"));
      const std::string print = fingerprint(line);
      if (writer.seen(key, print)) return [](Writer&) {};
      Problems problems;
      ItemRecord item = jsonl::item(object, provider_, [&](const std::string& place, const std::string& reason) {
        problems.emplace_back(place, reason);
      });
      return [key, print, problems = std::move(problems), item = std::move(item)](Writer& to) {
        to.mark(key, print);
        for (const auto& [place, reason] : problems) to.quarantine(key + "#" + place, reason);
        if (to.is_ahead(item.created_at))
          to.quarantine(key, fmt::format("it began on {}, and that is yet to come", format_time(item.created_at)));
        else
          to.item(item);
      };
    }
    if (kind == "label")
      return [record = LabelRecord{object.required_text("name"), object.text("color"), object.text("description")}](
                 Writer& to) { to.label(record); };
    if (kind == "milestone")
      return [record = MilestoneRecord{object.required_text("title"), object.text("state"), object.time("due_at")}](
                 Writer& to) { to.milestone(record); };
    if (kind == "ci_run") {
      CiRunRecord record = jsonl::ci_run(object);
      auto tests = jsonl::test_run(object, record);
      return [this, record = std::move(record), tests = std::move(tests)](Writer& to) {
        to.ci_run(record);
        if (!tests) return;
        if (!results_) results_.emplace(to);
        results_->add(*tests);
      };
    }
    if (kind == "benchmark") return [record = jsonl::benchmark(object)](Writer& to) { to.benchmark(record); };
    throw Error(fmt::format("there is no kind of record called {}", one_line(kind.substr(0, 100))));
  }

  Write read_or_set_aside(std::string_view line, const std::string& record, Writer& writer) {
    try {
      return read(line, writer);
    } catch (const Error& error) {
      if (first_problem_.empty()) first_problem_ = fmt::format("{}: {}", record, error.what());
      writer.quarantine(record, error.what());
      return {};
    }
  }

  std::string location_;
  std::string provider_ = "github";
  json::Parser parser_{std::size_t{1} << 30};
  std::optional<ResultBook> results_;  // made when a run has tests
  std::size_t good_ = 0;
  std::string first_problem_;
};

}  // namespace

extern const SourceKind jsonl_source;
const SourceKind jsonl_source{
    "jsonl", "FILE", "the generic format: one JSON object a line",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<JsonLines>(location); }};

}  // namespace resident
