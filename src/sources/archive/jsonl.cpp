// `resident add jsonl FILE`: the generic format of docs/guide/jsonl.md, a record a line.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <sources/archive/files.hpp>
#include <sources/archive/jsonl_objects.hpp>
#include <sources/source.hpp>

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
    for_each_line(location_, [&](std::uint64_t number, std::string_view line, std::string_view problem) {
      progress.advance();
      const std::string record = fmt::format("line {}", number);
      if (!problem.empty()) return writer.quarantine(record, std::string(problem));
      if (trim(line).empty()) return;
      ++lines_;
      try {
        read(line, record, writer);
        ++good_;
      } catch (const Error& error) {
        writer.quarantine(record, error.what());
      }
      if (writer.pending() > 20000) writer.checkpoint(is_file ? "" : std::string(kReadOnce));
    });
    if (lines_ > 0 && good_ == 0)
      throw Error(fmt::format("no line of {} could be read", location_),
                  "the format is described in docs/guide/jsonl.md");
    return state;
  }

 private:
  void read(std::string_view line, const std::string& record, Writer& writer) {
    const json::Object object(json::parse(parser_, line), "line");
    const std::string kind = object.required_text("record");
    if (kind == "project") {
      if (object.has("provider")) provider_ = object.text("provider");
      if (const auto until = object.time("data_until")) writer.data_until(*until);
      return writer.project(object.text("url"), object.boolean("simulated"));
    }
    const std::string key = kind == "issue" || kind == "pull"
                                ? fmt::format("{}/{}", kind, object.required_integer("number"))
                                : std::string();
    if (!key.empty()) {
      const std::string print = fingerprint(line);
      if (writer.seen(key, print)) return;
      std::vector<std::pair<std::string, std::string>> problems;
      const ItemRecord item = jsonl::item(object, provider_, [&](const std::string& place, const std::string& reason) {
        problems.emplace_back(place, reason);
      });
      writer.mark(key, print);
      for (const auto& [place, reason] : problems) writer.quarantine(record + "#" + place, reason);
      return writer.item(item);
    }
    if (kind == "label")
      return writer.label({object.required_text("name"), object.text("color"), object.text("description")});
    if (kind == "milestone")
      return writer.milestone({object.required_text("title"), object.text("state"), object.time("due_at")});
    if (kind == "ci_run") return writer.ci_run(jsonl::ci_run(object));
    if (kind == "benchmark") return writer.benchmark(jsonl::benchmark(object));
    throw Error(fmt::format("there is no kind of record called {}", one_line(kind.substr(0, 100))));
  }

  std::string location_;
  std::string provider_ = "github";
  json::Parser parser_{std::size_t{1} << 30};
  std::size_t lines_ = 0, good_ = 0;
};

}  // namespace

extern const SourceKind jsonl_source;
const SourceKind jsonl_source{
    "jsonl", "FILE", "the generic format: one JSON object a line",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<JsonLines>(location); }};

}  // namespace resident
