// `resident add jira-export FILE`: what Jira's list of issues exports as CSV, or its interface gives as JSON (the
// answers of its search, in one file). An export of CSV has no history: what changed when is not known, but for
// closings.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <sources/files/files.hpp>
#include <sources/forge/tracker_sync.hpp>
#include <sources/jira/jira_objects.hpp>
#include <sources/jira/jira_table.hpp>
#include <sources/source.hpp>

namespace resident {

namespace {

using json::Element;
using json::Object;

constexpr std::size_t kIssuesACheckpoint = 500;

class JiraExport : public Source {
 public:
  explicit JiraExport(std::string path) : path_(std::move(path)) {}

  std::string sync(const Cursor& cursor, Writer& writer) override {
    const std::string text = read_whole_file(path_);
    const std::string state = fingerprint(text);
    if (cursor == state) return state;
    const std::string_view begin = trim(std::string_view(text).substr(text.starts_with("\xEF\xBB\xBF") ? 3 : 0));
    writer.reads_whole_source();
    if (begin.starts_with('{') || begin.starts_with('['))
      read_json(begin, writer);
    else
      read_table(text, writer);
    writer.end_of_source();
    return state;
  }

  std::string coverage() const override { return coverage_; }

 private:
  void read_json(std::string_view text, Writer& writer) {
    json::Parser parser;
    const Element root = json::parse(parser, text);
    json::Array list;
    if (root.get(list)) {
      const Object answer(root, "answer");
      const auto issues = answer.array("issues");
      if (!issues) throw Error("this JSON has no list of issues", "give what /rest/api/2/search answers");
      list = *issues;
      if (const auto names = answer.object("names"))
        for (const std::string& id : names->keys())
          if (id.starts_with("customfield_")) settings_.fields[id] = names->text(id);
    }
    Progress progress("issues", list.size());
    std::size_t position = 0;
    for (const Element element : list) {
      progress.advance();
      const std::string place = fmt::format("issues/{}", position++);
      try {
        const Object issue(element, place);
        take(issue, simdjson::minify(element), writer);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::failed) throw;
        writer.quarantine(place, error.what());
      }
    }
    writer.checkpoint("");
  }

  void read_table(const std::string& text, Writer& writer) {
    const auto issues = jira::table_issues(text);
    Progress progress("issues", issues.size());
    for (const auto& each : issues) {
      progress.advance();
      try {
        if (!each.problem.empty()) throw Error(each.problem);
        json::Parser parser;
        take(Object(json::parse(parser, each.json), each.key), each.json, writer);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::failed) throw;
        writer.quarantine(each.key, error.what());
      }
    }
    writer.checkpoint("");
    coverage_ = "an export as CSV has no history, and its moments no zone: they are taken for UTC";
  }

  // The first issue says of which project and site all are.
  void begin_with(const Object& issue) {
    const std::string key = issue.required_text("key"), self = issue.text("self");
    settings_.key = key.substr(0, key.rfind('-'));
    const std::size_t rest = self.find("/rest/api/");
    if (self.starts_with("http") && rest != std::string::npos) settings_.origin = self.substr(0, rest);
    const std::size_t host = settings_.origin.find("://");
    settings_.provider =
        "jira:" + to_lower(host == std::string::npos
                               ? settings_.key
                               : settings_.origin.substr(host + 3, settings_.origin.find('/', host + 3) - host - 3));
  }

  void take(const Object& issue, const std::string& text, Writer& writer) {
    if (settings_.key.empty()) begin_with(issue);
    const std::int64_t number = jira::number_of(issue.required_text("key"), settings_.key);
    if (number == 0)
      throw Error(fmt::format("{} is of another project than {}", one_line(issue.text("key")), settings_.key));
    const std::string name = fmt::format("issue/{}", number), print = fingerprint(text);
    if (writer.seen(name, print) && !writer.is_set_aside(name)) return;
    std::vector<std::pair<std::string, std::string>> problems;
    ItemRecord item = jira::issue(issue, {}, {}, settings_, [&](const std::string& place, const std::string& reason) {
      problems.emplace_back(place, reason);
    });
    if (settings_.origin.empty()) item.url.clear();
    writer.mark(name, print, blank_emails(text));
    for (const auto& [place, reason] : problems) writer.quarantine(name + "#" + place, reason);
    writer.item(item);
    if (++count_ % kIssuesACheckpoint == 0) writer.checkpoint("");
  }

  std::string path_, coverage_;
  jira::Settings settings_;
  std::size_t count_ = 0;
};

std::unique_ptr<Source> make(const std::string& location) {
  return std::make_unique<JiraExport>(location);
}

}  // namespace

extern const SourceKind jira_export_source;
const SourceKind jira_export_source{"jira-export", "FILE", "what a Jira exported: CSV, or the JSON of its search",
                                    make};

}  // namespace resident
