// `resident add gitea:https://HOST/OWNER/NAME` (forgejo: is the same): issues, pull
// requests, timelines, reviews, statuses, action runs, labels, milestones, releases.
// Requests: a page of 50 items, and for each that is new or changed 1 for its
// timeline; a pull request 3 more (details, reviews, statuses), and 1 a review with comments.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/forge/item_parts.hpp>
#include <sources/forge/item_sync.hpp>
#include <sources/forge/small_lists.hpp>
#include <sources/gitea/gitea_objects.hpp>

namespace resident {

namespace {

using json::Object;
using live::ListedItem;

constexpr live::ApiShape kShape{"gitea", "/api/v1", "Authorization", "token "};
constexpr int kKnownRunsInARow = 100;  // newest first: after so many that are known and done, the rest is too

class GiteaForge : public live::ItemForge {
 public:
  GiteaForge(live::Api& api, Writer& writer, const live::Place& place)
      : api_(api), writer_(writer), repository_("/repos/" + escape_url(place.path)), provider_("gitea:" + place.host) {}

  std::string list_address(const std::string& stream, std::optional<Timestamp> since, int page_size) const override {
    return fmt::format("{}/issues?state=all&type={}&sort=recentupdate&limit={}{}", repository_, stream, page_size,
                       since ? "&since=" + format_time(*since) : "");
  }
  std::string item_address(bool, std::int64_t number) const override {
    return fmt::format("{}/issues/{}", repository_, number);
  }
  ListedItem listed(const Object& object, const std::string&) const override {
    return {object.required_integer("number"), object.has("pull_request"), object.required_time("updated_at")};
  }

  ItemRecord item(const Object& object, const ListedItem& listed, const live::Problem& problem) override {
    ItemRecord item = gitea::item(object, listed.is_pull, provider_, problem);
    if (listed.is_pull) details(item);
    const bool has_timeline = api_.each(
        fmt::format("{}/issues/{}/timeline?limit=50", repository_, item.number), [&](const json::Element& element) {
          entry(element, "timeline", problem,
                [&](const Object& each) { gitea::timeline_entry(each, provider_, item); });
          return true;
        });
    gitea::date_closing(item);
    if (!has_timeline) json::derive_ends(item);
    dependencies(item);
    if (!listed.is_pull) return item;
    reviews(item, problem);
    gitea::finish_reviews(item);
    statuses(item, problem);
    return item;
  }

  const std::string& repository() const { return repository_; }
  const std::string& provider() const { return provider_; }

 private:
  template <class Take>
  static void entry(const json::Element& element, const std::string& name, const live::Problem& problem,
                    const Take& take) {
    try {
      take(Object(element, name));
    } catch (const http::ServerTrouble&) {
      throw;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::failed) throw;
      problem(name, error.what());
    }
  }

  // What has to be closed first; asked for where the timeline speaks of any.
  void dependencies(ItemRecord& item) {
    if (std::none_of(item.events.begin(), item.events.end(),
                     [](const EventRecord& event) { return event.kind == "add_dependency"; }))
      return;
    std::vector<std::int64_t> open;
    api_.each(fmt::format("{}/issues/{}/dependencies?limit=50", repository_, item.number),
              [&](const json::Element& element) {
                const Object issue(element, "dependency");
                const auto home = issue.object("repository");
                const std::string name = home ? home->text("full_name") : std::string();
                if (name.empty() || "/repos/" + escape_url(name) == repository_)
                  open.push_back(issue.integer("number").value_or(0));
                return true;
              });
    gitea::name_dependencies(open, item);
  }

  void details(ItemRecord& item) {
    const auto page = api_.get(fmt::format("{}/pulls/{}", repository_, item.number));
    if (page) gitea::pull_details(Object(page->root(), "pull"), provider_, item);
  }

  void reviews(ItemRecord& item, const live::Problem& problem) {
    const std::string address = fmt::format("{}/pulls/{}/reviews", repository_, item.number);
    std::vector<std::int64_t> with_comments;
    api_.each(address + "?limit=50", [&](const json::Element& element) {
      entry(element, "reviews", problem, [&](const Object& object) {
        if (const auto id = gitea::review(object, provider_, item)) with_comments.push_back(*id);
      });
      return true;
    });
    for (const std::int64_t id : with_comments)
      api_.each(fmt::format("{}/{}/comments", address, id), [&](const json::Element& element) {
        entry(element, "review comments", problem,
              [&](const Object& object) { gitea::review_comment(object, provider_, item); });
        return true;
      });
  }

  void statuses(const ItemRecord& item, const live::Problem& problem) {
    if (item.head_sha.empty()) return;
    api_.each(fmt::format("{}/commits/{}/statuses?limit=50", repository_, escape_url(item.head_sha)),
              [&](const json::Element& element) {
                entry(element, "statuses", problem,
                      [&](const Object& object) { writer_.ci_run(gitea::status(object, item)); });
                return true;
              });
  }

  live::Api& api_;
  Writer& writer_;
  std::string repository_, provider_;
};

class Gitea : public Source {
 public:
  explicit Gitea(const std::string& location) : place_(live::parse_place(location)) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    live::Api api(place_, kShape, options_);
    GiteaForge forge(api, writer, place_);
    const auto repository = api.get(forge.repository());
    if (!repository)
      throw Error(api.has_token() ? ErrorKind::failed : ErrorKind::authentication,
                  fmt::format("there is no repository {}", one_line(place_.location())),
                  "if it is private, give a token: docs/guide/gitlab-gitea.md says how");
    writer.project(Object(repository->root(), "repository").text("html_url"), false);
    live::ItemStreamOptions stream;
    stream.since = options_.since;
    stream.items = options_.items;
    stream.anew = options_.anew;
    stream.items_of_both = !options_.items.empty();
    std::set<std::int64_t> missing(options_.items.begin(), options_.items.end());
    stream.now = options_.clock ? options_.clock->now() : SystemClock().now();
    for (const std::string_view name : {"pulls", "issues"}) {
      stream.stream = name;
      // Issues and pull requests share their numbers here, and one address gives either.
      if (!options_.items.empty() && name == "issues") break;
      const auto result = live::sync_items(api, forge, writer, stream);
      for (const auto number : result.found) missing.erase(number);
      if (!result.coverage.empty()) coverage_ += (coverage_.empty() ? "" : "; ") + result.coverage;
    }
    if (options_.items.empty())
      lists(api, forge, writer);
    else
      coverage_ = missing_numbers_text(missing);
    return {};
  }

  std::string coverage() const override { return coverage_; }

 private:
  void lists(live::Api& api, const GiteaForge& forge, Writer& writer) {
    const std::string& base = forge.repository();
    live::sync_list(api, writer, base + "/labels?limit=50", "label", "id", [&](const Object& object) {
      writer.label({object.required_text("name"), object.text("color"), object.text("description")});
    });
    live::sync_list(api, writer, base + "/milestones?state=all&limit=50", "milestone", "id", [&](const Object& object) {
      writer.milestone({object.required_text("title"), object.text("state"), object.time("due_on")});
    });
    live::sync_list(api, writer, base + "/releases?limit=50", "release", "id",
                    [&](const Object& object) { writer.release(gitea::release(object, forge.provider())); });
    action_runs(api, base, writer);
    writer.checkpoint("");
  }

  // Jobs of Actions, newest first; forges without Actions answer 404.
  static void action_runs(live::Api& api, const std::string& base, Writer& writer) {
    std::string next = base + "/actions/tasks?limit=50";
    int known = 0;
    for (int number = 2; !next.empty() && known < kKnownRunsInARow; ++number) {
      const auto page = api.get(next);
      if (!page && number > 2)
        throw http::ServerTrouble(fmt::format("page {} of the actions is not there", number - 1), 404);
      if (!page) return;
      const auto list = Object(page->root(), "actions").array("workflow_runs");
      if (!list || list->size() == 0) return;
      for (const json::Element element : *list) {
        std::string name = "action/?";
        try {
          const Object object(element, "action");
          name = fmt::format("action/{}", object.required_integer("id"));
          const std::string print = fingerprint(live::minified(element));
          if (writer.seen(name, print)) {
            ++known;
            continue;
          }
          known = 0;
          writer.ci_run(gitea::action_run(object));
          writer.mark(name, print);
        } catch (const Error& error) {
          if (!live::is_of_one_record(error)) throw;
          writer.quarantine(name, error.what());
        }
      }
      next = fmt::format("{}/actions/tasks?limit=50&page={}", base, number);
    }
  }

  live::Place place_;
  SyncOptions options_;
  std::string coverage_;
};

std::string normal_location(const std::string& text) {
  const live::Place place = live::parse_place(text);
  if (split(place.path, '/').size() != 2)
    throw Error(ErrorKind::usage, fmt::format("{} names no repository", one_line(text.substr(0, 200))),
                "write it like gitea:https://HOST/OWNER/NAME");
  return place.location();
}

std::string project_name(const std::string& location) {
  return std::string(split(live::parse_place(location).path, '/').back());
}

std::unique_ptr<Source> make(const std::string& location) {
  return std::make_unique<Gitea>(location);
}

}  // namespace

extern const SourceKind gitea_source, forgejo_source;
const SourceKind gitea_source{
    "gitea", "https://HOST/OWNER/NAME", "a repository on Gitea, live: issues, pull requests, reviews, runs",
    make,    normal_location,           project_name,
    true};
const SourceKind forgejo_source{
    "forgejo", "https://HOST/OWNER/NAME", "the same on Forgejo", make, normal_location, project_name, true};

}  // namespace resident
