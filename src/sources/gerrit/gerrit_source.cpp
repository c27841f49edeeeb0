// `resident add gerrit:https://HOST[/PREFIX]/PROJECT`: changes of a project on a Gerrit 2.15 or later, with patch sets,
// votes, messages, remarks on lines and attention set. Requests: a page of 500 changes 1; for each that is new or
// changed 2. https://gerrit-review.googlesource.com/Documentation/rest-api.html
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/forge/api.hpp>
#include <sources/forge/tracker_sync.hpp>
#include <sources/gerrit/gerrit_objects.hpp>
#include <store/read/stored_items.hpp>
#include <store/read/stored_project.hpp>

namespace resident {

namespace {

using json::Object;

// User and password as for HTTP in general; with them everything stands below /a.
constexpr live::ApiShape kShape{"gerrit", "", "Authorization", "Bearer ", true, "RESIDENT_GERRIT_PASSWORD"};
constexpr std::size_t kPageSize = 500;

std::string escaped(const std::string& text) {
  std::string result;
  for (const char letter : escape_url(text)) result += letter == '/' ? std::string("%2F") : std::string(1, letter);
  return result;
}

// The project of "…/c/NAME/+/12", "…/q/project:NAME", "…/admin/repos/NAME", or what follows the host.
live::Place parse_gerrit_place(const std::string& text) {
  live::Place place = live::parse_place(text);
  const auto cut = [&](std::string_view mark, bool is_end) {
    const std::size_t at = ("/" + place.path + "/").find(mark);
    if (at == std::string::npos) return;
    if (is_end)
      place.path.resize(at == 0 ? 0 : std::min(place.path.size(), at - 1));
    else
      place.path = place.path.substr(0, at == 0 ? 0 : at) + place.path.substr(at + mark.size() - 1);
  };
  cut("/+/", true);
  for (const std::string_view mark : {"/c/", "/q/project:", "/admin/repos/", "/plugins/gitiles/"}) cut(mark, false);
  while (place.path.starts_with('/')) place.path.erase(0, 1);
  while (place.path.ends_with('/')) place.path.pop_back();
  if (place.path.empty())
    throw Error(ErrorKind::usage, fmt::format("{} names no project", one_line(text.substr(0, 200))),
                "write it like gerrit:https://HOST/PROJECT");
  return place;
}

// A moment for before: and after:, which are inclusive.
std::string moment(Timestamp at) {
  std::string text = format_time(at);  // 2024-01-31T10:00:00Z
  text[10] = ' ';
  text.pop_back();
  return escaped(fmt::format("\"{}\"", text));
}

class GerritTracker : public trackers::Tracker {
 public:
  GerritTracker(live::Api& api, Writer& writer, const live::Place& place) : api_(api), writer_(writer), place_(place) {
    settings_.provider = "gerrit:" + place.host;
  }

  // Where it stands, which project, which labels it has. What a user should know, or "".
  std::string open(const ReviewRules& rules) {
    find_project();
    settings_.vote_labels = rules.vote_labels;
    settings_.check_labels = rules.check_labels;
    std::string remark;
    const auto labels = get_if_allowed(fmt::format("{}/projects/{}/labels/?inherited=true", prefix_, escaped(project_)),
                                       live::Shape::list);
    json::Array list;
    if (labels && !labels->root().get(list)) settings_.rules = gerrit::label_rules(list);
    // Who may not see the labels' rules gets those that Gerrit comes with.
    for (const std::string& name : settings_.vote_labels)
      if (!settings_.rules.contains(name))
        settings_.rules[name] = {-2, 2, "changekind:NO_CHANGE OR changekind:TRIVIAL_REBASE OR is:MIN"};
    if (!labels)
      remark =
          "the labels' rules are not to be seen: where messages do not say which votes went along to a newer patch "
          "set, Gerrit's own rule is taken";
    for (const auto& [name, rule] : settings_.rules)
      rules_print_ += fmt::format("{} {} {} {}\n", name, rule.lowest, rule.highest, rule.copy_condition.value_or("?"));
    for (const auto* names : {&settings_.vote_labels, &settings_.check_labels})
      for (const std::string& name : *names) rules_print_ += name + "\n";
    has_requirements_ = knows_requirements();
    return remark;
  }

  // Newest change first. A page goes on from the moment of the last one's last row, since servers refuse to skip far;
  // only where a whole page has one moment the next skips it.
  trackers::TrackerPage list(std::optional<Timestamp> since, std::size_t position) override {
    if (position == 0) before_.reset(), skip_ = 0;
    std::string query = fmt::format("project:{}", escaped(fmt::format("\"{}\"", project_)));
    if (since) query += "+after:" + moment(*since);
    if (before_) query += "+before:" + moment(*before_);
    const auto page = api_.get(
        fmt::format("{}/changes/?q={}&n={}{}", prefix_, query, kPageSize, skip_ ? fmt::format("&S={}", skip_) : ""),
        live::Shape::list);
    if (!page) throw http::ServerTrouble("the list of changes is not there", 404);
    json::Array list;
    if (page->root().get(list)) throw http::ServerTrouble("Gerrit answered what is no list of changes", 200);
    trackers::TrackerPage result;
    bool has_more = false;
    std::optional<Timestamp> last;
    for (const json::Element element : list) {
      try {
        const Object object(element, "change");
        has_more = has_more || object.boolean("_more_changes");
        last = gerrit::time_of(object, "updated");
        result.entries.push_back({json::item_number(object, "_number"), print_of(object), last});
      } catch (const Error& error) {
        result.broken.emplace_back(fmt::format("changes/{}", position + result.rows()), error.what());
      }
    }
    result.is_last = !has_more || result.rows() == 0;
    // Its own second has to be in the next page: fractions are told, and not asked for.
    const std::optional<Timestamp> next = last ? std::optional(*last + 1) : std::nullopt;
    if (next && (!before_ || *next < *before_)) {
      before_ = next;
      skip_ = 0;
    } else {
      skip_ += result.rows();
    }
    return result;
  }

  trackers::TrackerAnswer item(std::int64_t number, const trackers::Problem& problem) override {
    trackers::TrackerAnswer answer;
    const std::string address = fmt::format("{}/changes/{}~{}", prefix_, escaped(project_), number);
    const auto detail =
        get_if_allowed(fmt::format("{}/detail?o=ALL_REVISIONS&o=CURRENT_COMMIT&o=CURRENT_FILES{}", address,
                                   has_requirements_ ? "&o=SUBMIT_REQUIREMENTS&o=SUBMITTABLE" : ""),
                       live::Shape::object);
    const auto comments = detail ? get_if_allowed(address + "/comments", live::Shape::object) : std::nullopt;
    if (!detail || !comments) {
      // It does not tell what is deleted from what may not be seen.
      answer.gone = "deleted";
      return answer;
    }
    answer.payload = live::minified(detail->root()) + "\n" + live::minified(comments->root()) + "\n" + rules_print_;
    answer.kept = blank_emails(answer.payload);
    gerrit::ChangeAnswer change =
        gerrit::change(Object(detail->root(), "change"), Object(comments->root(), "comments"), settings_, problem);
    keep_earlier_attention(change.item);
    answer.item = std::move(change.item);
    answer.runs = std::move(change.runs);
    return answer;
  }

 private:
  // The site's own rows, whoever asks and on whichever page they stand.
  std::string print_of(const Object& object) const {
    std::string text = rules_print_;
    for (const std::string& key : object.keys())
      if (!key.starts_with("_more") && key != "_sortkey" && key != "starred" && key != "reviewed")
        if (const auto element = object.element(key)) text += key + "=" + live::minified(*element) + "\n";
    return fingerprint(text);
  }

  std::optional<live::Page> get_if_allowed(const std::string& path, live::Shape shape) {
    bool is_hidden = false;
    return api_.get_if_allowed(path, fmt::format("{}/projects/{}", prefix_, escaped(project_)), is_hidden, shape);
  }

  // https://HOST/NAME, or https://HOST/r/NAME where Gerrit stands below /r.
  void find_project() {
    const std::string access = api_.has_token() ? "/a" : "";
    std::string path = place_.path, prefix;
    for (int depth = 0; depth < 3; ++depth) {
      if (const auto page = api_.get(fmt::format("{}{}/projects/{}", prefix, access, escaped(path)))) {
        project_ = Object(page->root(), "project").text("name");
        if (project_.empty()) project_ = path;
        prefix_ = prefix + access;
        settings_.origin = place_.origin + prefix;
        return;
      }
      const std::size_t slash = path.find('/');
      if (slash == std::string::npos) break;
      prefix += "/" + path.substr(0, slash);
      path.erase(0, slash + 1);
    }
    throw Error(api_.has_token() ? ErrorKind::failed : ErrorKind::authentication,
                fmt::format("there is no project {} of a Gerrit", one_line(place_.location())),
                "give the address of the host and the project's whole name; if it is private, set "
                "RESIDENT_GERRIT_PASSWORD=user:password (docs/guide/gerrit.md)");
  }

  // Asking an older version for them is an error.
  bool knows_requirements() {
    static const Pattern version(R"("(\d+)\.(\d+))");
    for (int attempt = 0; attempt < 3; ++attempt) {
      const auto text = api_.get_text(prefix_ + "/config/server/version", "application/json");
      if (!text) return false;
      int major = 0, minor = 0;
      if (version.found_in(*text, &major, &minor)) return major > 3 || (major == 3 && minor >= 5);
    }
    throw http::ServerTrouble("Gerrit answered what is no version", 200);
  }

  // Gerrit tells of each account's place in the attention set the last change alone: what earlier readings saw stays.
  void keep_earlier_attention(ItemRecord& item) {
    std::set<std::string> keys;
    for (const EventRecord& event : item.events)
      if (event.kind.starts_with("attention_")) keys.insert(event.key);
    bool has_more = false;
    for (EventRecord& event : attention_events(writer_, item.item_id(), settings_.provider)) {
      if (keys.contains(event.key)) continue;
      item.events.push_back(std::move(event));
      has_more = true;
    }
    if (has_more) trackers::sort_events(item);
  }

  live::Api& api_;
  Writer& writer_;
  const live::Place& place_;
  std::string prefix_, project_, rules_print_;
  gerrit::Settings settings_;
  bool has_requirements_ = false;
  std::optional<Timestamp> before_;
  std::size_t skip_ = 0;
};

class Gerrit : public Source {
 public:
  explicit Gerrit(const std::string& location) : place_(parse_gerrit_place(location)) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    live::Api api(place_, kShape, options_);
    GerritTracker tracker(api, writer, place_);
    const std::string remark = tracker.open(rules_of(writer));
    auto options = trackers::tracker_options(options_, "changes");
    options.are_pulls = true;
    coverage_ = trackers::sync_tracker_and_tell(tracker, writer, options, remark);
    return {};
  }

  std::string coverage() const override { return coverage_; }

 private:
  // Which labels approve and which are CI's is the project's setting.
  ReviewRules rules_of(Writer& writer) const {
    return options_.config ? options_.config->project(project_name(writer)).review : ReviewRules();
  }

  live::Place place_;
  SyncOptions options_;
  std::string coverage_;
};

std::string normal_location(const std::string& text) {
  return parse_gerrit_place(text).location();
}

std::string project_name(const std::string& location) {
  return std::string(split(parse_gerrit_place(location).path, '/').back());
}

std::unique_ptr<Source> make(const std::string& location) {
  return std::make_unique<Gerrit>(location);
}

}  // namespace

extern const SourceKind gerrit_source;
const SourceKind gerrit_source{
    "gerrit", "https://HOST/PROJECT", "a project on a Gerrit, live: changes, patch sets, votes, remarks, attention set",
    make,     normal_location,        project_name,
    true};

}  // namespace resident
