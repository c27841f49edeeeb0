// `resident add jira:https://HOST[/PREFIX]/projects/KEY`: issues of a project on a Jira, Server or Data Center (REST 2,
// pages by offset) and Cloud (REST 3, pages by token, which alone its search takes since 2025). Requests: a page of 100
// issues 1; for each that is new or changed 1, 1 more per 100 changes or comments that do not stand in it.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/forge/api.hpp>
#include <sources/forge/tracker_sync.hpp>
#include <sources/jira/jira_objects.hpp>

namespace resident {

namespace {

using json::Object;

// A personal access token, or "e-mail:API token" on Cloud.
constexpr live::ApiShape kShape{"jira", "", "Authorization", "Bearer ", true, "RESIDENT_JIRA_TOKEN"};
constexpr int kPageSize = 100;
constexpr int kMostPages = 1000;  // of one issue's changes or comments

struct JiraPlace {
  live::Place place;
  std::string prefix;  // "" or "/jira"
  std::string key;
};

JiraPlace parse_jira_place(const std::string& text) {
  JiraPlace result;
  result.place = live::parse_place(text);
  const std::string path = "/" + result.place.path + "/";
  for (const std::string_view mark : {"/projects/", "/browse/"}) {
    const std::size_t at = path.find(mark);
    if (at == std::string::npos) continue;
    result.key = path.substr(at + mark.size(), path.find('/', at + mark.size()) - at - mark.size());
    result.prefix = path.substr(0, at);
    if (mark == "/browse/") result.key = result.key.substr(0, result.key.rfind('-'));
    break;
  }
  std::transform(result.key.begin(), result.key.end(), result.key.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  // Addresses of pages of Cloud: /jira/software/c/projects/KEY.
  if (result.place.host.ends_with(".atlassian.net")) result.prefix.clear();
  if (result.key.empty() || result.key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != std::string::npos)
    throw Error(ErrorKind::usage, fmt::format("{} names no project", one_line(text.substr(0, 200))),
                "write it like jira:https://HOST/projects/KEY");
  return result;
}

class JiraTracker : public trackers::Tracker {
 public:
  JiraTracker(live::Api& api, const JiraPlace& place, bool has_own_address, Timestamp now)
      : api_(api), prefix_(has_own_address ? "" : place.prefix), now_(now) {
    settings_.provider = "jira:" + place.place.host;
    settings_.origin = place.place.origin + place.prefix;
    settings_.key = place.key;
  }

  void open() {
    const auto info = api_.get(prefix_ + "/rest/api/2/serverInfo");
    if (!info)
      throw Error(fmt::format("there is no Jira at {}", one_line(settings_.origin)),
                  "give the address of a project's page, like https://HOST/projects/KEY");
    is_cloud_ = Object(info->root(), "answer").text("deploymentType") == "Cloud";
    rest_ = prefix_ + (is_cloud_ ? "/rest/api/3" : "/rest/api/2");
    // A wrong password is answered as nobody's here, and refused there.
    if (api_.has_token() && !api_.get(rest_ + "/myself"))
      throw Error(ErrorKind::authentication, "this Jira does not know whose token it is");
    if (!api_.get(fmt::format("{}/project/{}", rest_, settings_.key)))
      throw Error(api_.has_token() ? ErrorKind::failed : ErrorKind::authentication,
                  fmt::format("there is no project {} at {}", settings_.key, one_line(settings_.origin)),
                  "if it is private, give a token: docs/guide/trackers.md says how");
    json::Array list;
    if (const auto page = api_.get(rest_ + "/status", live::Shape::list); page && !page->root().get(list))
      settings_.statuses = jira::statuses(list);
    if (const auto page = api_.get(rest_ + "/field", live::Shape::list); page && !page->root().get(list))
      settings_.fields = jira::custom_fields(list);
  }

  // Ordered by number, so that what is touched meanwhile moves nowhere. Moments in JQL are minutes in the asker's zone,
  // or the server's for nobody: so it is asked how long ago.
  trackers::TrackerPage list(std::optional<Timestamp> since, std::size_t position) override {
    if (position == 0) token_.clear();
    std::string query = fmt::format("project = \"{}\"", settings_.key);
    if (since) query += fmt::format(" AND updated >= \"-{}m\"", std::max<Timestamp>(0, now_ - *since) / 60 + 2);
    query += " ORDER BY key ASC";
    const std::string fields = "summary,status,resolution,priority,issuetype,assignee,updated,labels,issuelinks";
    const std::string where = is_cloud_ ? (token_.empty() ? "" : "&nextPageToken=" + escape_url(token_))
                                        : fmt::format("&startAt={}", position);
    const auto page = api_.get(fmt::format("{}/search{}?jql={}&maxResults={}&fields={}{}", rest_,
                                           is_cloud_ ? "/jql" : "", escape_url(query), kPageSize, fields, where));
    if (!page) throw http::ServerTrouble("the list of issues is not there", 404);
    const Object answer(page->root(), "answer");
    const auto issues = answer.array("issues");
    if (!issues) throw http::ServerTrouble("Jira answered what is no list of issues", 200);
    trackers::TrackerPage result;
    for (const json::Element element : *issues) {
      try {
        result.entries.push_back(entry(Object(element, "issue")));
      } catch (const Error& error) {
        result.broken.emplace_back(fmt::format("issues/{}", position + result.rows()), error.what());
      }
    }
    if (is_cloud_) {
      // A page may be short, or empty, and others follow: the token alone tells.
      token_ = answer.text("nextPageToken");
      result.is_last = token_.empty() || answer.boolean("isLast");
      // Told apart from a list that ends.
      if (!result.is_last && result.rows() == 0) return list_on(since, position);
    } else {
      result.total = answer.integer("total");
      result.is_last =
          result.rows() == 0 || (result.total && static_cast<std::int64_t>(position + result.rows()) >= *result.total);
    }
    return result;
  }

  trackers::TrackerAnswer item(std::int64_t number, const trackers::Problem& problem) override {
    trackers::TrackerAnswer answer;
    const std::string key = fmt::format("{}-{}", settings_.key, number);
    const auto page = get_if_allowed(fmt::format("/issue/{}?fields=*all&expand=changelog", key), answer.gone);
    if (!page) return answer;
    const Object issue(page->root(), "issue");
    const std::string found = issue.required_text("key");
    if (found != key) {
      answer.gone = "transferred";
      answer.target = fmt::format("{}/browse/{}", settings_.origin, found);
      return answer;
    }
    answer.payload = live::minified(page->root());
    std::vector<live::Page> pages;
    std::vector<json::Array> histories, comments;
    if (const auto log = issue.object("changelog"))
      rest_of(*log, "histories", fmt::format("/issue/{}/changelog", key), "values", pages, histories, answer.payload);
    const auto fields = issue.object("fields");
    if (const auto own = fields ? fields->object("comment") : std::nullopt)
      rest_of(*own, "comments", fmt::format("/issue/{}/comment", key), "comments", pages, comments, answer.payload);
    answer.gone.clear();
    answer.kept = blank_emails(answer.payload);
    answer.item = jira::issue(issue, histories, comments, settings_, problem);
    return answer;
  }

 private:
  // Empty pages in a row are bounded, as a server may give tokens for ever.
  trackers::TrackerPage list_on(std::optional<Timestamp> since, std::size_t position) {
    if (++empty_pages_ > kMostPages) throw http::ServerTrouble("Jira gives empty pages without end", 200);
    trackers::TrackerPage page = list(since, position == 0 ? 1 : position);
    if (page.rows() > 0 || page.is_last) empty_pages_ = 0;
    return page;
  }

  // What the row says, without addresses of pictures and the like.
  trackers::TrackerEntry entry(const Object& issue) const {
    const std::int64_t number = jira::number_of(issue.required_text("key"), settings_.key);
    if (number == 0) throw Error(fmt::format("{} is no issue of this project", one_line(issue.text("key"))));
    const auto fields = issue.object("fields");
    if (!fields) throw Error("the issue has no fields");
    std::string text = fields->text("summary") + "\n" + fields->text("updated") + "\n";
    for (const std::string_view key : {"status", "resolution", "priority", "issuetype", "assignee"})
      if (const auto object = fields->object(key))
        text += fmt::format("{} {} {} {}\n", key, object->text("id"), object->text("name"), object->text("accountId"));
    if (const auto labels = fields->element("labels")) text += live::minified(*labels);
    if (const auto links = fields->array("issuelinks"))
      for (const json::Element link : *links)
        if (link.is_object()) text += " " + Object(link, "link").text("id");
    return {number, fingerprint(text), jira::moment_of(*fields, "updated")};
  }

  // An issue shows a part of its changes and comments; the others are on pages of their own, which old servers do not
  // have for changes.
  void rest_of(const Object& part, std::string_view name, const std::string& path, std::string_view list,
               std::vector<live::Page>& pages, std::vector<json::Array>& result, std::string& payload) {
    const auto own = part.array(name);
    const std::size_t shown = own ? own->size() : 0;
    const std::int64_t total = part.integer("total").value_or(static_cast<std::int64_t>(shown));
    if (total <= static_cast<std::int64_t>(shown)) return;
    std::size_t position = 0;
    for (int count = 0; count < kMostPages; ++count) {
      auto page = api_.get(fmt::format("{}{}?startAt={}&maxResults={}", rest_, path, position, kPageSize));
      if (!page) return;
      pages.push_back(std::move(*page));
      const Object answer(pages.back().root(), "answer");
      const auto rows = answer.array(list);
      if (!rows || rows->size() == 0) return;
      result.push_back(*rows);
      payload += "\n" + live::minified(pages.back().root());
      position += rows->size();
      const std::int64_t all = answer.integer("total").value_or(total);
      if (answer.boolean("isLast") || static_cast<std::int64_t>(position) >= all) return;
    }
  }

  std::optional<live::Page> get_if_allowed(const std::string& path, std::string& gone) {
    bool is_hidden = false;
    auto page = api_.get_if_allowed(rest_ + path, rest_ + "/myself", is_hidden);
    gone = is_hidden ? "hidden" : "deleted";
    return page;
  }

  live::Api& api_;
  std::string prefix_, rest_, token_;
  Timestamp now_;
  jira::Settings settings_;
  bool is_cloud_ = false;
  int empty_pages_ = 0;
};

class Jira : public Source {
 public:
  explicit Jira(const std::string& location) : place_(parse_jira_place(location)) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    live::Api api(place_.place, kShape, options_);
    const bool has_own_address = options_.config && !options_.config->forge(place_.place.host).api_url.empty();
    const Timestamp now = options_.clock ? options_.clock->now() : SystemClock().now();
    JiraTracker tracker(api, place_, has_own_address, now);
    tracker.open();
    const auto options = trackers::tracker_options(options_, "issues");
    coverage_ = trackers::sync_tracker_and_tell(tracker, writer, options);
    return {};
  }

  std::string coverage() const override { return coverage_; }

 private:
  JiraPlace place_;
  SyncOptions options_;
  std::string coverage_;
};

std::string normal_location(const std::string& text) {
  const JiraPlace place = parse_jira_place(text);
  return fmt::format("{}{}/projects/{}", place.place.origin, place.prefix, place.key);
}

std::string project_name(const std::string& location) {
  return to_lower(parse_jira_place(location).key);
}

std::unique_ptr<Source> make(const std::string& location) {
  return std::make_unique<Jira>(location);
}

}  // namespace

extern const SourceKind jira_source;
const SourceKind jira_source{"jira",
                             "https://HOST/projects/KEY",
                             "a project on a Jira, live: issues, their histories, comments, links",
                             make,
                             normal_location,
                             project_name,
                             true};

}  // namespace resident
