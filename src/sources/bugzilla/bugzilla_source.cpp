// `resident add "bugzilla:https://HOST[/PREFIX]?product=NAME[&component=NAME]"`: bugs of a product on a Bugzilla 5 or
// later, with history, comments, flags, relations. Requests: a page of 100 bugs 1; for each that is new or changed 3, 1
// more where it has attachments. https://bugzilla.readthedocs.io/en/latest/api/core/v1/
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/bugzilla/bugzilla_objects.hpp>
#include <sources/forge/api.hpp>

namespace resident {

namespace {

using json::Object;

// Mozilla's Bugzilla takes a key in this header. The plain one takes it in addresses alone, where logs keep it: not
// from us.
constexpr live::ApiShape kShape{"bugzilla", "", "X-BUGZILLA-API-KEY", "", false, "RESIDENT_BUGZILLA_KEY"};
constexpr std::size_t kPageSize = 100;

struct BugzillaPlace {
  live::Place place;
  std::string query;    // "product=NAME&component=NAME", escaped
  std::string product;  // as it is called
};

std::string unescaped(std::string_view text) {
  std::string result;
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      result += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      result += text[i] == '+' ? ' ' : text[i];
    }
  }
  return result;
}

BugzillaPlace parse_bugzilla_place(const std::string& text) {
  BugzillaPlace result;
  result.place = live::parse_place(text);
  const std::size_t mark = text.find('?');
  const std::string query = mark == std::string::npos ? std::string() : text.substr(mark + 1);
  for (const std::string_view part : split(query, '&')) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = part.substr(0, equals);
    if (key != "product" && key != "component") continue;
    const std::string value = unescaped(part.substr(equals + 1));
    if (value.empty()) continue;
    if (key == "product" && result.product.empty()) result.product = value;
    std::string escaped;
    for (const char letter : escape_url(value)) escaped += letter == '/' ? std::string("%2F") : std::string(1, letter);
    result.query += fmt::format("{}{}={}", result.query.empty() ? "" : "&", key, escaped);
  }
  for (const std::string_view page : {"buglist.cgi", "describecomponents.cgi", "rest"})
    if (result.place.path == page || result.place.path.ends_with("/" + std::string(page))) {
      result.place.path.resize(result.place.path.size() - page.size());
      while (result.place.path.ends_with('/')) result.place.path.pop_back();
    }
  if (result.product.empty())
    throw Error(ErrorKind::usage, fmt::format("{} names no product", one_line(text.substr(0, 200))),
                "write it like \"bugzilla:https://HOST?product=NAME\"");
  return result;
}

class BugzillaTracker : public trackers::Tracker {
 public:
  BugzillaTracker(live::Api& api, const BugzillaPlace& place, bool has_own_address)
      : api_(api), place_(place), prefix_(has_own_address || place.place.path.empty() ? "" : "/" + place.place.path) {
    settings_.provider = "bugzilla:" + place.place.host;
    settings_.origin = place.place.location();
  }

  // Where the interface stands, who asks, and which statuses are open. What a user should know, or "".
  std::string open(Writer& writer) {
    // Without rewriting of addresses it stands at rest.cgi alone.
    std::optional<live::Page> version;
    for (const char* base : {"/rest", "/rest.cgi"}) {
      rest_ = prefix_ + base;
      version = api_.get(rest_ + "/version");
      if (version) break;
    }
    if (!version || Object(version->root(), "answer").text("version").empty())
      throw Error(fmt::format("there is no Bugzilla with REST at {}", one_line(settings_.origin)),
                  "it needs Bugzilla 5.0 or later; give the address of its first page, with ?product=NAME");
    if (const auto fields = api_.get(rest_ + "/field/bug/bug_status"))
      settings_.statuses = bugzilla::statuses(Object(fields->root(), "answer"));
    for (const auto& [name, is_open] : settings_.statuses) writer.label({"status: " + name, "", ""});
    if (!api_.has_token()) return "read without a key: only what everybody may see, and with addresses perhaps cut";
    if (!api_.get(rest_ + "/whoami"))
      return "this Bugzilla takes no key in a header, only in addresses, which logs keep: the key was not used";
    return {};
  }

  trackers::TrackerPage list(std::optional<Timestamp> since, std::size_t position) override {
    const auto page = api_.get(
        fmt::format("{}/"
                    "bug?{}&limit={}&offset={}&order=bug_id&include_fields=id,last_change_time,status,resolution,"
                    "summary,flags,assigned_to,depends_on,blocks,see_also,keywords{}",
                    rest_, place_.query, kPageSize, position, since ? "&last_change_time=" + format_time(*since) : ""));
    if (!page) throw http::ServerTrouble("the list of bugs is not there", 404);
    const Object answer = checked(*page);
    const auto bugs = answer.array("bugs");
    if (!bugs) throw http::ServerTrouble("Bugzilla answered what is no list of bugs", 200);
    trackers::TrackerPage result;
    for (const json::Element element : *bugs) {
      try {
        const Object object(element, "bug");
        result.entries.push_back(
            {json::item_number(object, "id"), fingerprint(live::minified(element)), object.time("last_change_time")});
      } catch (const Error& error) {
        result.broken.emplace_back(fmt::format("bugs/{}", position + result.rows()), error.what());
      }
    }
    // A site may allow less than we ask for: only an empty page is surely the last.
    result.is_last = result.rows() == 0;
    return result;
  }

  trackers::TrackerAnswer item(std::int64_t number, const trackers::Problem& problem) override {
    trackers::TrackerAnswer answer;
    const auto page = get_if_allowed(fmt::format("/bug/{}", number), answer.gone);
    if (!page) return answer;
    const auto bugs = checked(*page).array("bugs");
    if (!bugs || bugs->size() != 1) {
      answer.gone = "deleted";
      return answer;
    }
    const Object object(bugs->at(0).value(), "bug");
    if (const std::string product = object.text("product"); !product.empty() && product != place_.product) {
      answer.gone = "transferred";
      answer.target = fmt::format("{}/show_bug.cgi?id={}", settings_.origin, number);
      return answer;
    }
    const std::string id = std::to_string(number);
    const auto history_page = get_if_allowed(fmt::format("/bug/{}/history", number), answer.gone);
    const auto comment_page = get_if_allowed(fmt::format("/bug/{}/comment", number), answer.gone);
    if (!history_page || !comment_page) return answer;
    std::optional<json::Array> history, comments, attachments;
    if (const auto list = checked(*history_page).array("bugs"); list && list->size() > 0)
      history = Object(list->at(0).value(), "bug").array("history");
    if (const auto holder = checked(*comment_page).object("bugs"))
      if (const auto of_bug = holder->object(id)) comments = of_bug->array("comments");
    std::optional<live::Page> attachment_page;
    if (has_attachments(comments)) {
      attachment_page = get_if_allowed(fmt::format("/bug/{}/attachment?exclude_fields=data", number), answer.gone);
      if (attachment_page)
        if (const auto holder = checked(*attachment_page).object("bugs")) attachments = holder->array(id);
    }
    answer.gone.clear();
    answer.payload = live::minified(bugs->at(0).value()) + "\n" + live::minified(history_page->root()) + "\n" +
                     live::minified(comment_page->root());
    if (attachment_page) answer.payload += "\n" + live::minified(attachment_page->root());
    answer.kept = blank_emails(answer.payload);
    answer.item = bugzilla::bug(object, history, comments, attachments, settings_, problem);
    return answer;
  }

 private:
  // An error may come with any status: {"error": true, "code": 102, "message": …}.
  static Object checked(const live::Page& page) {
    Object answer(page.root(), "answer");
    if (answer.has("error") && answer.element("error")->is_bool() && answer.boolean("error"))
      throw Error(fmt::format("Bugzilla says: {}", one_line(clean_text(answer.text("message"), 300))));
    return answer;
  }

  std::optional<live::Page> get_if_allowed(const std::string& path, std::string& gone) {
    try {
      gone = "deleted";
      return api_.get(rest_ + path);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::authentication) throw;
      gone = "hidden";
      return std::nullopt;
    }
  }

  static bool has_attachments(const std::optional<json::Array>& comments) {
    if (!comments) return false;
    for (const json::Element element : *comments)
      if (element.is_object() && Object(element, "comment").has("attachment_id")) return true;
    return false;
  }

  live::Api& api_;
  const BugzillaPlace& place_;
  std::string prefix_, rest_;
  bugzilla::Settings settings_;
};

class Bugzilla : public Source {
 public:
  explicit Bugzilla(const std::string& location) : place_(parse_bugzilla_place(location)) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    live::Api api(place_.place, kShape, options_);
    const bool has_own_address = options_.config && !options_.config->forge(place_.place.host).api_url.empty();
    BugzillaTracker tracker(api, place_, has_own_address);
    const std::string remark = tracker.open(writer);
    const auto options = trackers::tracker_options(options_, "bugs");
    coverage_ = trackers::sync_tracker_and_tell(tracker, writer, options, remark);
    return {};
  }

  std::string coverage() const override { return coverage_; }

 private:
  BugzillaPlace place_;
  SyncOptions options_;
  std::string coverage_;
};

std::string normal_location(const std::string& text) {
  const BugzillaPlace place = parse_bugzilla_place(text);
  return fmt::format("{}?{}", place.place.location(), place.query);
}

std::string project_name(const std::string& location) {
  return parse_bugzilla_place(location).product;
}

std::unique_ptr<Source> make(const std::string& location) {
  return std::make_unique<Bugzilla>(location);
}

}  // namespace

extern const SourceKind bugzilla_source;
const SourceKind bugzilla_source{"bugzilla",
                                 "https://HOST?product=NAME",
                                 "a product on a Bugzilla, live: bugs, histories, comments, flags",
                                 make,
                                 normal_location,
                                 project_name,
                                 true};

}  // namespace resident
