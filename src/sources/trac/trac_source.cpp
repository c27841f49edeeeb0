// `resident add trac:https://HOST[/PREFIX]`: all tickets of a Trac, by what every Trac answers: query?format=csv for
// the list, query?format=rss for when tickets were opened, and for each ticket that is new or changed its fields as CSV
// and its history as RSS. Requests: a page of 100 tickets 1, 1 more for each page with something new in it; 2 a ticket.
// Where the plugin for calls (XmlRpcPlugin) answers, a ticket and its whole change log are one call.
// A short pause stands between them: a Trac is a small machine.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/forge/api.hpp>
#include <sources/forge/tracker_sync.hpp>
#include <sources/trac/trac_calls.hpp>
#include <sources/trac/trac_feed.hpp>

namespace resident {

namespace {

constexpr live::ApiShape kShape{"trac", "", "Authorization", "Bearer "};
constexpr std::size_t kPageSize = 100;
constexpr double kPause = 0.25;  // seconds

live::Place parse_trac_place(const std::string& text) {
  live::Place place = live::parse_place(text);
  for (const std::string_view page : {"ticket", "query", "report", "wiki", "newticket", "timeline"})
    for (const bool has_prefix : {true, false}) {
      const std::string mark = (has_prefix ? "/" : "") + std::string(page);
      const std::size_t at = has_prefix ? place.path.find(mark) : place.path.starts_with(mark) ? 0 : std::string::npos;
      if (at == std::string::npos) continue;
      const std::size_t end = at + mark.size();
      if (end == place.path.size() || place.path[end] == '/') place.path.resize(at);
    }
  return place;
}

class TracTracker : public trackers::Tracker {
 public:
  TracTracker(live::Api& api, const live::Place& place, bool has_own_address)
      : api_(api),
        prefix_(has_own_address || place.path.empty() ? "" : "/" + place.path),
        origin_(place.location()),
        provider_("trac:" + place.host),
        calls_(api, prefix_) {}

  trackers::TrackerPage list(std::optional<Timestamp> since, std::size_t position) override {
    // Without any condition Trac leaves out what is closed.
    const std::string condition = since ? fmt::format("changetime={}..", format_time(*since)) : "id=!0";
    const auto found = fetch<trackers::TrackerPage>(
        fmt::format("/query?{}&order=id&max={}&page={}&format=csv&col=id&col=time&col=changetime&col=summary&col="
                    "status&col=owner&col=milestone",
                    condition, kPageSize, position / kPageSize + 1),
        trac::query_rows);
    if (!found)
      throw Error(fmt::format("there is no Trac at {}", one_line(origin_)), "give the address of its first page");
    trackers::TrackerPage page = *found;
    page.is_last = page.rows() < kPageSize;
    neighbours_.clear();
    for (const auto& entry : page.entries) neighbours_.push_back(entry.number);
    return page;
  }

  trackers::TrackerAnswer item(std::int64_t number, const trackers::Problem& problem) override {
    trackers::TrackerAnswer answer;
    try {
      answer.gone = "deleted";
      if (calls_.are_there()) {
        api_.pause(kPause);
        if (const auto ticket = calls_.ticket(number, problem)) {
          if (ticket->number != number) throw Error(fmt::format("the answer is of ticket {}", ticket->number));
          fill(*ticket, answer);
        }
        return answer;
      }
      auto ticket = fetch<trac::TracTicket>(fmt::format("/ticket/{}?format=csv", number), trac::ticket_fields);
      if (!ticket) return answer;
      if (ticket->number != number) throw Error(fmt::format("the answer is of ticket {}", ticket->number));
      ticket->created = opened_at(number);
      const trac::TracTicket fields = *ticket;
      ticket = fetch<trac::TracTicket>(fmt::format("/ticket/{}?format=rss", number), [&](std::string_view rss) {
        trac::TracTicket whole = fields;
        trac::ticket_history(rss, whole, problem);
        return whole;
      });
      if (!ticket) return answer;
      fill(*ticket, answer);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::authentication) throw;
      answer.gone = "hidden";
    }
    return answer;
  }

 private:
  void fill(const trac::TracTicket& ticket, trackers::TrackerAnswer& answer) const {
    answer.gone.clear();
    answer.payload = trac::text_of(ticket);
    answer.item = trac::item(ticket, provider_, origin_, {});
    answer.commits = trac::commits(ticket);
    answer.kept = blank_emails(answer.payload);
  }

  // Nothing where it is not there. What cannot be read is asked for again, and then trouble of the server's: a page of
  // a proxy, say.
  template <class Parsed, class Parse>
  std::optional<Parsed> fetch(const std::string& path, const Parse& parse) {
    constexpr int attempts = 3;
    std::string reason;
    for (int attempt = 0; attempt < attempts; ++attempt) {
      api_.pause(kPause);
      const auto text = api_.get_text(prefix_ + path, "text/csv, application/rss+xml, */*");
      if (!text) return std::nullopt;
      try {
        return parse(*text);
      } catch (const Error& error) {
        reason = error.what();
      }
    }
    throw http::ServerTrouble(
        fmt::format("{} answered what cannot be read: {}", one_line(origin_ + path.substr(0, path.find('?'))), reason),
        200);
  }

  // Asked for together with all others of the page that it stands on.
  Timestamp opened_at(std::int64_t number) {
    if (!opened_.contains(number)) {
      std::vector<std::int64_t> wanted{number};
      for (const std::int64_t each : neighbours_)
        if (each != number && !opened_.contains(each)) wanted.push_back(each);
      if (wanted.size() > kPageSize) wanted.resize(kPageSize);
      auto times = fetch<std::map<std::int64_t, Timestamp>>(
          fmt::format("/query?id={}&order=id&max={}&format=rss", fmt::join(wanted, ","), kPageSize),
          trac::opening_times);
      if (times) opened_.merge(*times);
    }
    const auto found = opened_.find(number);
    if (found == opened_.end()) throw Error("nothing tells when the ticket was opened");
    return found->second;
  }

  live::Api& api_;
  std::string prefix_, origin_, provider_;
  trac::TracCalls calls_;
  std::vector<std::int64_t> neighbours_;
  std::map<std::int64_t, Timestamp> opened_;
};

class Trac : public Source {
 public:
  explicit Trac(const std::string& location) : place_(parse_trac_place(location)) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    live::Api api(place_, kShape, options_);
    const bool has_own_address = options_.config && !options_.config->forge(place_.host).api_url.empty();
    TracTracker tracker(api, place_, has_own_address);
    auto options = trackers::tracker_options(options_, "tickets");
    options.overlap = kDay;  // the list says no moments that can be read: this run's is kept
    coverage_ = trackers::sync_tracker_and_tell(tracker, writer, options);
    return {};
  }

  std::string coverage() const override { return coverage_; }

 private:
  live::Place place_;
  SyncOptions options_;
  std::string coverage_;
};

std::string normal_location(const std::string& text) {
  return parse_trac_place(text).location();
}

std::string project_name(const std::string& location) {
  const live::Place place = live::parse_place(location);
  return place.path.empty() ? place.host : std::string(split(place.path, '/').back());
}

std::unique_ptr<Source> make(const std::string& location) {
  return std::make_unique<Trac>(location);
}

}  // namespace

extern const SourceKind trac_source;
const SourceKind trac_source{"trac", "https://HOST[/PREFIX]", "a Trac, live: tickets with their histories",
                             make,   normal_location,         project_name,
                             true};

}  // namespace resident
