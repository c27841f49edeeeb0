// `resident add gitlab:https://HOST/GROUP/NAME`: issues, merge requests, notes,
// discussions, label, state and milestone events, approvals, pipelines with jobs,
// labels, milestones, releases. Requests: a page of 100 items, and for each that is
// new or changed 4 for an issue (1 where nothing happened since it was opened) and 6
// for a merge request; for each pipeline 1, and 1 for its tests where it has ended.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <map>
#include <sources/forge/item_sync.hpp>
#include <sources/forge/small_lists.hpp>
#include <sources/gitlab/gitlab_objects.hpp>
#include <store/read/stored_items.hpp>

namespace resident {

namespace {

using json::Object;
using live::ListedItem;

constexpr live::ApiShape kShape{"gitlab", "/api/v4", "PRIVATE-TOKEN", ""};
constexpr std::size_t kMostReports = 500;     // of tests, in one sync, the newest pipelines first
constexpr std::size_t kMostWaiting = 20'000;  // for later ones
const char* const kWaiting = "reports-waiting";
constexpr Timestamp kPipelineOverlap = kDay;  // a pipeline may run that long without being touched

// A project is named by its path with every slash escaped.
std::string project_address(const live::Place& place) {
  std::string result = "/projects/";
  for (const char letter : escape_url(place.path))
    if (letter == '/')
      result += "%2F";
    else
      result += letter;
  return result;
}

class GitlabForge : public live::ItemForge {
 public:
  GitlabForge(live::Api& api, const live::Place& place)
      : api_(api), project_(project_address(place)), provider_("gitlab:" + place.host) {}

  std::string list_address(const std::string& stream, std::optional<Timestamp> since, int page_size) const override {
    return fmt::format("{}/{}?scope=all&state=all{}&order_by=updated_at&sort=desc&per_page={}{}", project_,
                       folder(stream == "pulls"), stream == "pulls" ? "" : "&confidential=false", page_size,
                       since ? "&updated_after=" + format_time(*since) : "");
  }
  std::string item_address(bool is_pull, std::int64_t number) const override {
    return fmt::format("{}/{}/{}", project_, folder(is_pull), number);
  }
  ListedItem listed(const Object& object, const std::string& stream) const override {
    return {object.required_integer("iid"), stream == "pulls", object.required_time("updated_at")};
  }

  ItemRecord item(const Object& object, const ListedItem& listed, const live::Problem& problem) override {
    ItemRecord item = gitlab::item(object, listed.is_pull, provider_, problem);
    const std::string address = item_address(listed.is_pull, item.number);
    // Nothing happened since it was opened: nothing to ask for.
    const bool untouched = item.updated_at && *item.updated_at - item.created_at <= 1 && item.state == "open";
    if (untouched && !listed.is_pull && object.integer("user_notes_count").value_or(0) == 0) return item;
    each(address + "/discussions?per_page=100", "discussions", problem,
         [&](const Object& discussion) { take_discussion(discussion, item, problem); });
    each(address + "/resource_label_events?per_page=100", "label events", problem,
         [&](const Object& event) { gitlab::label_event(event, provider_, item); });
    each(address + "/resource_state_events?per_page=100", "state events", problem,
         [&](const Object& event) { gitlab::state_event(event, provider_, item); });
    each(address + "/resource_milestone_events?per_page=100", "milestone events", problem,
         [&](const Object& event) { gitlab::milestone_event(event, provider_, item); });
    std::vector<PersonRecord> reviewers;
    if (listed.is_pull) {
      each(address + "/commits?per_page=100", "commits", problem,
           [&](const Object& commit) { gitlab::commit(commit, item); });
      if (const auto page = api_.get(address + "/approvals"))
        gitlab::approvals(Object(page->root(), "approvals"), provider_, item);
      reviewers = gitlab::people(object, "reviewers", provider_);
    }
    gitlab::finish(item, reviewers);
    return item;
  }

  const std::string& project() const { return project_; }
  const std::string& provider() const { return provider_; }

 private:
  static std::string_view folder(bool is_pull) { return is_pull ? "merge_requests" : "issues"; }

  template <class Take>
  void each(const std::string& address, const std::string& name, const live::Problem& problem, const Take& take) {
    std::size_t position = 0;
    api_.each(address, [&](const json::Element& element) {
      const std::string place = fmt::format("{}/{}", name, position++);
      try {
        take(Object(element, place));
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::failed) throw;
        problem(place, error.what());
      }
      return true;
    });
  }

  void take_discussion(const Object& discussion, ItemRecord& item, const live::Problem& problem) {
    const auto notes = discussion.array("notes");
    if (!notes) return;
    const bool is_thread = !discussion.boolean("individual_note");
    std::string first;
    std::size_t position = 0;
    for (const json::Element element : *notes) {
      const std::string place = fmt::format("{}/{}", discussion.text("id"), position++);
      try {
        const Object note(element, place);
        gitlab::note(note, provider_, is_thread ? first : std::string(), item);
        if (first.empty()) first = std::to_string(note.required_integer("id"));
      } catch (const Error& error) {
        problem(place, error.what());
      }
    }
  }

  live::Api& api_;
  std::string project_, provider_;
};

// Reports of tests of pipelines that have ended: so many in one sync, the others wait for the next.
class Reports {
 public:
  Reports(live::Api& api, const std::string& base, Writer& writer) : api_(api), base_(base), writer_(writer) {
    const std::string text = writer.stream_cursor(kWaiting).value_or("");
    for (const auto part : split(text, ','))
      if (!part.empty()) waiting_.emplace_back(part);
  }

  void read_or_wait(std::int64_t id, const CiRunRecord& run) {
    if (run.conclusion != "success" && run.conclusion != "failure") return;
    const std::string number = std::to_string(id);
    std::erase(waiting_, number);
    if (read_ < kMostReports)
      read(number, run);
    else
      waiting_.insert(waiting_.begin() + static_cast<std::ptrdiff_t>(fresh_++), number);
  }

  // What waits is committed with the pipelines, which no later sync takes for new.
  void checkpoint() {
    if (results_) results_->flush(writer_);
    keep();
    writer_.checkpoint("");
  }

  void read_waiting(const std::map<std::string, std::int64_t>& items) {
    for (const std::string& number : std::vector<std::string>(waiting_)) {
      if (read_ >= kMostReports) break;
      const std::string record = "report/" + number;
      try {
        if (const auto page = api_.get(fmt::format("{}/pipelines/{}", base_, number))) {
          CiRunRecord run = gitlab::pipeline(Object(page->root(), "pipeline"));
          if (const auto found = items.find(run.sha); found != items.end()) run.item_id = found->second;
          read(number, run);
        }
        writer_.readmit(record);
      } catch (const Error& error) {
        if (!live::is_of_one_record(error)) throw;
        if (dynamic_cast<const http::ServerTrouble*>(&error)) continue;  // waits on
        writer_.quarantine(record, error.what());
      }
      std::erase(waiting_, number);
      if (read_ % kCheckpointAfter == 0) checkpoint();
    }
    if (waiting_.size() > kMostWaiting) {
      left_out_ = waiting_.size() - kMostWaiting;
      waiting_.resize(kMostWaiting);
    }
    if (results_) results_->flush(writer_);
    keep();
  }

  std::string sentence() const {
    std::string text;
    if (!waiting_.empty())
      text = fmt::format("the tests of {} wait for the next sync",
                         plural(static_cast<long long>(waiting_.size()), "pipeline"));
    if (left_out_)
      text += fmt::format("; those of {} are left out: more than {} were waiting",
                          plural(static_cast<long long>(left_out_), "older one"), with_thousands(kMostWaiting));
    return text;
  }

 private:
  static constexpr std::size_t kCheckpointAfter = 50;

  void read(const std::string& number, const CiRunRecord& run) {
    ++read_;
    const auto report = api_.get(fmt::format("{}/pipelines/{}/test_report", base_, number));
    if (!report) return;
    for (const auto& tests : gitlab::test_report(Object(report->root(), "test report"), run)) {
      if (!results_) results_.emplace(writer_);
      results_->add(tests);
    }
  }

  void keep() {
    const std::string text = fmt::format("{}", fmt::join(waiting_, ","));
    if (text != writer_.stream_cursor(kWaiting).value_or("")) writer_.set_stream(kWaiting, text, "current");
  }

  live::Api& api_;
  const std::string& base_;
  Writer& writer_;
  std::optional<ResultBook> results_;
  std::vector<std::string> waiting_;  // pipelines, the newest first
  std::size_t read_ = 0, fresh_ = 0, left_out_ = 0;
};

class Gitlab : public Source {
 public:
  explicit Gitlab(const std::string& location) : place_(live::parse_place(location)) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    live::Api api(place_, kShape, options_);
    GitlabForge forge(api, place_);
    now_ = options_.clock ? options_.clock->now() : SystemClock().now();
    const auto project = api.get(forge.project());
    if (!project)
      throw Error(api.has_token() ? ErrorKind::failed : ErrorKind::authentication,
                  fmt::format("there is no project {}", one_line(place_.location())),
                  "if it is private, give a token: docs/guide/gitlab-gitea.md says how");
    writer.project(Object(project->root(), "project").text("web_url"), false);
    live::ItemStreamOptions stream;
    stream.since = options_.since;
    stream.items = options_.items;
    stream.anew = options_.anew;
    std::set<std::int64_t> missing(options_.items.begin(), options_.items.end());
    stream.now = now_;
    for (const std::string_view name : {"pulls", "issues"}) {
      stream.stream = name;
      const auto result = live::sync_items(api, forge, writer, stream);
      for (const auto number : result.found) missing.erase(number);
      if (!result.coverage.empty()) coverage_ += (coverage_.empty() ? "" : "; ") + result.coverage;
    }
    if (!options_.items.empty()) {
      coverage_ = missing_numbers_text(missing);
      return {};
    }
    const std::string& base = forge.project();
    live::sync_list(api, writer, base + "/labels?per_page=100", "label", "id", [&](const Object& object) {
      writer.label({object.required_text("name"), object.text("color"), object.text("description")});
    });
    live::sync_list(api, writer, base + "/milestones?per_page=100", "milestone", "id", [&](const Object& object) {
      const std::string state = object.text("state");
      writer.milestone({object.required_text("title"), state == "active" ? "open" : state, object.time("due_date")});
    });
    live::sync_list(api, writer, base + "/releases?per_page=100", "release", "tag_name",
                    [&](const Object& object) { writer.release(gitlab::release(object, forge.provider())); });
    pipelines(api, base, writer);
    writer.checkpoint("");
    return {};
  }

  std::string coverage() const override { return coverage_; }

 private:
  void pipelines(live::Api& api, const std::string& base, Writer& writer) {
    constexpr std::size_t checkpoint_after = 50;
    const auto cursor = writer.stream_cursor("pipelines");
    std::string address = base + "/pipelines?order_by=updated_at&sort=desc&per_page=100";
    auto since = cursor ? parse_time(*cursor) : options_.since;
    if (since) address += "&updated_after=" + format_time(*since - kPipelineOverlap);
    std::map<std::string, std::int64_t> items = items_by_head(writer);
    std::optional<Timestamp> newest;
    std::size_t count = 0;
    Reports reports(api, base, writer);
    live::sync_list(api, writer, address, "pipeline", "id", [&](const Object& object) {
      CiRunRecord run = gitlab::pipeline(object);
      if (const auto found = items.find(run.sha); found != items.end()) run.item_id = found->second;
      const auto updated = object.time("updated_at");
      if (updated && (!newest || *updated > *newest)) newest = updated;
      const std::int64_t id = object.required_integer("id");
      api.each(fmt::format("{}/pipelines/{}/jobs?per_page=100&include_retried=true", base, id),
               [&](const json::Element& element) {
                 CiRunRecord job = gitlab::job(Object(element, "job"), run.key);
                 job.item_id = run.item_id;
                 if (job.sha.empty()) job.sha = run.sha;
                 writer.ci_run(job);
                 return true;
               });
      writer.ci_run(run);
      reports.read_or_wait(id, run);
      if (++count % checkpoint_after == 0) reports.checkpoint();
    });
    reports.read_waiting(items);
    if (newest || cursor) writer.set_stream("pipelines", newest ? format_time(*newest) : *cursor, "current");
    if (const std::string sentence = reports.sentence(); !sentence.empty())
      coverage_ += (coverage_.empty() ? "" : "; ") + sentence;
  }

  live::Place place_;
  SyncOptions options_;
  Timestamp now_ = 0;
  std::string coverage_;
};

std::string normal_location(const std::string& text) {
  const live::Place place = live::parse_place(text);
  if (split(place.path, '/').size() < 2)
    throw Error(ErrorKind::usage, fmt::format("{} names no project", one_line(text.substr(0, 200))),
                "write it like gitlab:https://HOST/GROUP/NAME");
  return place.location();
}

std::string project_name(const std::string& location) {
  return std::string(split(live::parse_place(location).path, '/').back());
}

}  // namespace

extern const SourceKind gitlab_source;
const SourceKind gitlab_source{
    "gitlab",
    "https://HOST/GROUP/NAME",
    "a project on GitLab, live: issues, merge requests, notes, approvals, pipelines",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<Gitlab>(location); },
    normal_location,
    project_name,
    true};

}  // namespace resident
