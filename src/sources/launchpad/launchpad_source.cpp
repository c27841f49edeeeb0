// `resident add launchpad-live:https://bugs.launchpad.net/NAME`: bugs of a project, a distribution, or a package of one
// (NAME/+source/PACKAGE) on Launchpad, as everybody sees them, by its web service. Requests: a page of 100 tasks 1; for
// each bug that is new or changed 4 (the bug, its tasks, its log, its messages), more where it has over 300 of any; 1
// for each person that a run meets. https://api.launchpad.net/devel.html
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <map>
#include <sources/forge/api.hpp>
#include <sources/launchpad/launchpad_objects.hpp>

namespace resident {

namespace {

using json::Object;

constexpr live::ApiShape kShape{"launchpad", "/devel"};
constexpr int kPageSize = 100, kLargestPage = 300, kMostPages = 1000;
// Without them the search leaves out what is done. The last two came with the years.
constexpr std::string_view kStatuses =
    "&status=New&status=Incomplete&status=Opinion&status=Invalid&status=Won%27t%20Fix&status=Expired&status=Confirmed"
    "&status=Triaged&status=In%20Progress&status=Fix%20Committed&status=Fix%20Released";
constexpr std::string_view kLaterStatuses = "&status=Deferred&status=Does%20Not%20Exist";
// What changes without anybody's doing, or is another's view of the same.
constexpr std::string_view kLeftOut[] = {"heat", "http_etag", "can_expire", "users_affected_count_with_dupes",
                                         "other_users_affected_count_with_dupes"};

struct LaunchpadPlace {
  live::Place place;     // of the web service
  std::string location;  // as it is written down
  std::string target;
};

LaunchpadPlace parse_launchpad_place(const std::string& text) {
  LaunchpadPlace result;
  result.place = live::parse_place(text);
  std::string path = "/" + result.place.path + "/";
  for (const std::string_view version : {"/devel/", "/1.0/", "/beta/"})
    if (path.starts_with(version)) path.erase(0, version.size() - 1);
  // Of a page of its bugs: NAME/+bugs, NAME/+bug/12.
  path = path.substr(0, path.find("/+bug"));
  while (path.ends_with('/')) path.pop_back();
  result.target = path.empty() ? "" : path.substr(1);
  if (result.target.empty() || result.target.starts_with('~') || result.target.starts_with('+') ||
      result.target == "bugs" || result.target.starts_with("bugs/"))
    throw Error(ErrorKind::usage, fmt::format("{} names no project", one_line(text.substr(0, 200))),
                "write it like launchpad-live:https://bugs.launchpad.net/NAME");
  std::string origin = result.place.origin;
  constexpr std::string_view kOwn = "launchpad.net";
  if (result.place.host == kOwn || result.place.host.ends_with("." + std::string(kOwn))) {
    std::string host = result.place.host;
    for (const std::string_view part : {"bugs.", "www.", "api.", "code.", "answers."})
      if (host.starts_with(part)) host.erase(0, part.size());
    result.place.host = "api." + host;
    result.place.origin = "https://api." + host;
    origin = "https://bugs." + host;
  }
  result.place.path.clear();
  result.location = origin + "/" + result.target;
  return result;
}

// Of an object all but what is left out, in the shortest form.
std::string print_of(const Object& object) {
  std::string text = "{";
  for (const std::string& key : object.keys()) {
    if (std::find(std::begin(kLeftOut), std::end(kLeftOut), key) != std::end(kLeftOut)) continue;
    if (const auto element = object.element(key))
      text += fmt::format("{}\"{}\":{}", text.size() > 1 ? "," : "", key, live::minified(*element));
  }
  return text + "}";
}

class LaunchpadTracker : public trackers::Tracker {
 public:
  LaunchpadTracker(live::Api& api, const LaunchpadPlace& place) : api_(api), target_(place.target) {
    settings_.target = target_;
    settings_.account = [this](const std::string& login) { return account(login); };
  }

  void open() {
    const auto found = api_.get("/" + target_);
    if (!found)
      throw Error(fmt::format("Launchpad has no {}", one_line(target_)),
                  "give the address of a project's bugs, like https://bugs.launchpad.net/NAME; what is private is not "
                  "read");
    statuses_ = std::string(kStatuses) + std::string(kLaterStatuses);
    try {
      if (api_.get(query({}) + "&ws.size=1")) return;
    } catch (const http::ServerTrouble&) {
      throw;
    } catch (const Error& error) {
      if (!live::is_of_one_record(error)) throw;
    }
    statuses_ = kStatuses;  // a server that does not know the later ones refuses the question
  }

  // One bug has a task for each package and series: rows of one bug stand together, and are one entry.
  trackers::TrackerPage list(std::optional<Timestamp> since, std::size_t position) override {
    if (position == 0) rows_ = bugs_ = 0, held_.reset();
    trackers::TrackerPage result;
    for (int count = 0; count < kMostPages; ++count) {
      const auto page = api_.get(fmt::format("{}&ws.size={}&ws.start={}", query(since), kPageSize, rows_));
      if (!page) throw http::ServerTrouble("the list of bugs is not there", 404);
      const Object answer(page->root(), "answer");
      const auto entries = answer.array("entries");
      if (!entries) throw http::ServerTrouble("Launchpad answered what is no list of bugs", 200);
      for (const json::Element element : *entries) {
        try {
          take(Object(element, "task"), since.has_value(), result);
        } catch (const Error& error) {
          result.broken.emplace_back(fmt::format("tasks/{}", rows_), error.what());
        }
        ++rows_;
      }
      result.is_last = entries->size() == 0 || !answer.has("next_collection_link");
      if (result.is_last) {
        flush(result);
        if (!since) result.total = total(answer);
        return result;
      }
      if (result.rows() > 0) return result;
    }
    throw http::ServerTrouble("Launchpad gives pages without end", 200);
  }

  trackers::TrackerAnswer item(std::int64_t number, const trackers::Problem& problem) override {
    trackers::TrackerAnswer answer;
    const std::string path = fmt::format("/bugs/{}", number);
    const auto page = get_if_allowed(path, answer.gone);
    if (!page) return answer;
    launchpad::BugParts parts{Object(page->root(), "bug")};
    if (json::item_number(parts.bug, "id") != number) {  // it has a name, which is a number to nobody
      answer.gone = "deleted";
      return answer;
    }
    answer.payload = print_of(parts.bug);
    std::vector<live::Page> pages;
    if (!collect(path + "/bug_tasks", pages, parts.tasks, answer)) return answer;
    std::string elsewhere;
    bool is_here = false;
    for (const json::Array& list : parts.tasks)
      for (const json::Element element : list) {
        const Object task(element, "task");
        is_here = is_here || launchpad::is_within(launchpad::path_of(task.text("target_link")), target_);
        if (elsewhere.empty()) elsewhere = task.text("web_link");
      }
    if (!is_here) {
      answer.gone = "transferred";
      answer.target = elsewhere;
      return answer;
    }
    if (!collect(path + "/activity", pages, parts.activity, answer) ||
        !collect(path + "/messages", pages, parts.messages, answer))
      return answer;
    answer.gone.clear();
    answer.kept = blank_emails(answer.payload);
    answer.item = launchpad::bug(parts, settings_, problem);
    return answer;
  }

 private:
  struct Held {
    std::int64_t number = 0;
    std::string text;
  };

  // Ordered by number, so that what is touched meanwhile moves nowhere.
  std::string query(std::optional<Timestamp> since) const {
    return fmt::format("/{}?ws.op=searchTasks&omit_duplicates=false&omit_targeted=false&order_by=id{}{}", target_,
                       statuses_, since ? "&modified_since=" + escape_url(format_time(*since)) : "");
  }

  void take(const Object& task, bool is_touched, trackers::TrackerPage& page) {
    const std::string bug = launchpad::path_of(task.required_text("bug_link"));
    std::int64_t number = 0;
    const std::string digits = bug.substr(bug.rfind('/') + 1);
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (failed != std::errc() || end != digits.data() + digits.size() || number <= 0)
      throw Error("the task is of no bug that has a number");
    std::string text;
    for (const std::string_view key :
         {"bug_target_name", "title", "status", "importance", "assignee_link", "milestone_link", "date_closed"})
      text += task.text(key) + "\n";
    if (held_ && held_->number == number) {
      held_->text += text;
    } else {
      is_touched_ = is_touched;
      flush(page);
      held_ = {number, std::move(text)};
    }
  }

  void flush(trackers::TrackerPage& page) {
    if (!held_) return;
    page.entries.push_back({held_->number, fingerprint(held_->text), std::nullopt, is_touched_});
    held_.reset();
    ++bugs_;
  }

  // How many bugs there are, if each that the pages lack is one. Since 2011 the count is told at an address of its own.
  std::optional<std::int64_t> total(const Object& answer) {
    std::optional<std::int64_t> tasks = answer.integer("total_size");
    if (!tasks && answer.has("total_size_link")) {
      const auto text = api_.get_text(query({}) + "&ws.show=total_size", "application/json");
      std::int64_t number = 0;
      if (!text) return std::nullopt;
      const std::string_view digits = trim(*text);
      const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (failed != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
      tasks = number;
    }
    if (!tasks) return std::nullopt;
    return bugs_ + *tasks - static_cast<std::int64_t>(rows_);
  }

  bool collect(const std::string& path, std::vector<live::Page>& pages, std::vector<json::Array>& lists,
               trackers::TrackerAnswer& answer) {
    std::size_t start = 0;
    for (int count = 0; count < kMostPages; ++count) {
      auto page = get_if_allowed(fmt::format("{}?ws.size={}&ws.start={}", path, kLargestPage, start), answer.gone);
      if (!page) return false;
      pages.push_back(std::move(*page));
      const Object object(pages.back().root(), "answer");
      const auto entries = object.array("entries");
      if (!entries) throw http::ServerTrouble("Launchpad answered what is no list", 200);
      lists.push_back(*entries);
      for (const json::Element element : *entries) answer.payload += "\n" + print_of(Object(element, path));
      start += entries->size();
      if (entries->size() == 0 || !object.has("next_collection_link")) return true;
    }
    throw http::ServerTrouble("Launchpad gives pages without end", 200);
  }

  std::optional<live::Page> get_if_allowed(const std::string& path, std::string& gone) {
    bool is_hidden = false;
    auto page = api_.get_if_allowed(path, "/" + target_, is_hidden);
    gone = is_hidden ? "hidden" : "deleted";
    return page;
  }

  // What a person is called; of whom nothing is told, the account alone.
  launchpad::Account account(const std::string& login) {
    const auto known = accounts_.find(login);
    if (known != accounts_.end()) return known->second;
    launchpad::Account account;
    account.person.provider = "launchpad";
    account.person.login = account.person.name = login;
    std::string gone;
    if (const auto page = get_if_allowed("/~" + escape_url(login), gone)) {
      const Object object(page->root(), "person");
      account.is_team = object.boolean("is_team");
      if (const std::string name = object.text("display_name"); !name.empty()) account.person.name = blank_emails(name);
    }
    if (login == "janitor") account.person.account_type = "Bot";  // expires bugs
    return accounts_.emplace(login, account).first->second;
  }

  live::Api& api_;
  const std::string target_;
  launchpad::Settings settings_;
  std::string statuses_;
  std::map<std::string, launchpad::Account> accounts_;
  std::size_t rows_ = 0;
  std::int64_t bugs_ = 0;
  std::optional<Held> held_;
  bool is_touched_ = false;
};

class LaunchpadLive : public Source {
 public:
  explicit LaunchpadLive(const std::string& location) : place_(parse_launchpad_place(location)) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    live::Api api(place_.place, kShape, options_);
    LaunchpadTracker tracker(api, place_);
    tracker.open();
    auto options = trackers::tracker_options(options_, "bugs");
    options.list_hides_changes = true;
    coverage_ = trackers::sync_tracker_and_tell(tracker, writer, options, "read as everybody sees it");
    return {};
  }

  std::string coverage() const override { return coverage_; }

 private:
  LaunchpadPlace place_;
  SyncOptions options_;
  std::string coverage_;
};

std::string normal_location(const std::string& text) {
  return parse_launchpad_place(text).location;
}

std::string project_name(const std::string& location) {
  const std::string target = parse_launchpad_place(location).target;
  return target.substr(target.rfind('/') + 1);
}

std::unique_ptr<Source> make(const std::string& location) {
  return std::make_unique<LaunchpadLive>(location);
}

}  // namespace

extern const SourceKind launchpad_live_source;
const SourceKind launchpad_live_source{"launchpad-live",
                                       "https://bugs.launchpad.net/NAME",
                                       "a project or distribution on Launchpad, live: bugs, tasks, logs, comments",
                                       make,
                                       normal_location,
                                       project_name,
                                       true};

}  // namespace resident
