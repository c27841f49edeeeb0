#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <charconv>
#include <cmath>
#include <sources/forge/api.hpp>
#include <sources/forge/tracker_sync.hpp>
#include <store/read/stored_items.hpp>

namespace resident::trackers {

namespace {

constexpr std::size_t kItemsACheckpoint = 25;
constexpr int kTroublesInARow = 5;  // items that the server cannot answer for; then it is the server
constexpr int kWalks = 3;           // through one list, whose count is not what its pages held

std::string note_of(std::int64_t number) {
  return fmt::format("listed/{}", number);
}

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size() ? number : 0;
}

class TrackerRun {
 public:
  TrackerRun(Tracker& tracker, Writer& writer, const TrackerSyncOptions& options)
      : tracker_(tracker), writer_(writer), options_(options), progress_(options.name, 0) {}

  TrackerSyncResult run() {
    buried_ = buried_items(writer_);
    if (!options_.items.empty()) {
      for (const std::int64_t number : options_.items)
        if (read(number, std::nullopt)) result_.found.insert(number);
      checkpoint();
      return result_;
    }
    retry_what_was_set_aside();
    const auto cursor = writer_.stream_cursor(options_.name);
    const auto limited = writer_.stream_cursor(options_.name + "/since");
    const bool is_limited = limited && !limited->empty();
    const auto whole = writer_.stream_cursor(options_.name + "/whole");
    const auto whole_at = whole ? parse_time(*whole) : std::nullopt;
    std::optional<Timestamp> since;
    if (cursor && whole_at && options_.now - *whole_at < options_.whole_every) since = parse_time(*cursor);
    if (cursor && is_limited && options_.since) since = parse_time(*cursor);
    if (since) *since -= options_.overlap;
    if (options_.since && (!since || *since < *options_.since)) since = options_.since;
    if (!options_.since && is_limited) since.reset();
    if (!since && cursor && options_.list_hides_changes)
      if (const auto last = parse_time(*cursor)) walk(*last - options_.overlap);
    walk(since);
    const bool stays_limited = options_.since && (!cursor || is_limited);
    writer_.set_stream(options_.name + "/since", stays_limited ? format_time(*options_.since) : "", "current");
    // A list without moments that can be read is read up to now.
    writer_.set_stream(options_.name,
                       newest_                  ? format_time(*newest_)
                       : cursor && !is_undated_ ? *cursor
                                                : format_time(options_.now),
                       "current");
    if (!since) {
      look_for_gone();
      writer_.set_stream(options_.name + "/whole", format_time(options_.now), "current");
    }
    checkpoint();
    read_again();
    checkpoint();
    return result_;
  }

 private:
  std::string kind() const { return options_.are_pulls ? "pull/" : "issue/"; }
  std::string record_of(std::int64_t number) const { return kind() + std::to_string(number); }
  std::int64_t item_id(std::int64_t number) const { return number * 2 + (options_.are_pulls ? 1 : 0); }

  void checkpoint() {
    writer_.checkpoint(writer_.cursor().value_or(""));
    since_checkpoint_ = 0;
  }

  // Pages shift while one reads: what is seen twice does no harm, and what is missed shows in the count.
  void walk(std::optional<Timestamp> since) {
    for (int time = 0; time < kWalks; ++time) {
      numbers_.clear();
      std::size_t position = 0, broken = 0;
      for (;;) {
        const TrackerPage page = tracker_.list(since, position);
        for (const auto& [name, reason] : page.broken) writer_.quarantine(name, reason);
        for (const TrackerEntry& entry : page.entries) listed(entry);
        position += page.rows();
        broken += page.broken.size();
        total_ = page.total;
        if (page.is_last || page.rows() == 0) break;
      }
      if (!total_ || *total_ == static_cast<std::int64_t>(numbers_.size() + broken)) return;
    }
  }

  void listed(const TrackerEntry& entry) {
    numbers_.insert(entry.number);
    is_undated_ = is_undated_ || !entry.updated_at;
    if (entry.updated_at && (!newest_ || *entry.updated_at > *newest_)) newest_ = entry.updated_at;
    const bool is_back = buried_.contains(item_id(entry.number));
    if (!options_.anew && !is_back && !entry.is_touched && writer_.remembered(note_of(entry.number)) == entry.print)
      return;
    if (read(entry.number, entry.print)) progress_.advance();
  }

  // print: of the list, where it is from one. False where there is no such item.
  bool read(std::int64_t number, const std::optional<std::string>& print) {
    const std::string name = record_of(number);
    try {
      std::vector<std::pair<std::string, std::string>> problems;
      const TrackerAnswer answer = tracker_.item(
          number, [&](const std::string& place, const std::string& reason) { problems.emplace_back(place, reason); });
      troubles_ = 0;
      if (!answer.item) {
        bury(number, answer);
        if (print) writer_.remember(note_of(number), *print);
        return false;
      }
      const std::string now = fingerprint(answer.payload);
      const std::int64_t id = answer.item->item_id();
      if (options_.anew || !writer_.seen(name, now) || writer_.is_set_aside(name) || buried_.contains(id)) {
        if (buried_.erase(id) > 0) unbury(writer_, id);
        writer_.mark(name, now, answer.kept.empty() ? answer.payload : answer.kept);
        for (const auto& [place, reason] : problems) writer_.quarantine(name + "#" + place, reason);
        writer_.item(*answer.item);
        for (const auto& commit : answer.commits) writer_.item_commit(commit);
        for (const auto& run : answer.runs) writer_.ci_run(run);
      }
      if (print) writer_.remember(note_of(number), *print);
      if (++since_checkpoint_ >= kItemsACheckpoint) checkpoint();
      return true;
    } catch (const Error& error) {
      if (!live::is_of_one_record(error)) throw;
      if (dynamic_cast<const http::ServerTrouble*>(&error) && ++troubles_ >= kTroublesInARow) throw;
      writer_.quarantine(name, error.what());
      return true;
    }
  }

  void bury(std::int64_t number, const TrackerAnswer& answer) {
    const std::int64_t id = item_id(number);
    if (!writer_.knows_item(id) || !buried_.insert(id).second) return;
    writer_.tombstone({id, answer.gone, answer.target, options_.now});
    ++result_.gone;
  }

  void retry_what_was_set_aside() {
    std::set<std::int64_t> numbers;
    for (const auto& row : writer_.set_aside())
      if (row.record.starts_with(kind()))
        if (const std::int64_t number = number_in(std::string_view(row.record).substr(kind().size())); number > 0)
          numbers.insert(number);
    for (const std::int64_t number : numbers) read(number, std::nullopt);
  }

  std::set<std::int64_t> stored() {
    checkpoint();
    std::set<std::int64_t> result;
    for (const StoredItem& item : stored_items(writer_)) result.insert(item.number);
    return result;
  }

  // After the whole list was read: what it no longer has is asked for by its number.
  void look_for_gone() {
    for (const std::int64_t number : stored())
      if (!numbers_.contains(number)) read(number, std::nullopt);
    const auto count = static_cast<std::int64_t>(stored().size());
    const auto shown = total_.value_or(static_cast<std::int64_t>(numbers_.size()));
    writer_.stream_audit(options_.name, shown, count, options_.now);
    if (count != shown)
      result_.coverage = fmt::format("the tracker counts {} {}, the store holds {}", with_thousands(shown),
                                     options_.name, with_thousands(count));
  }

  // So many of all, in order of their numbers and then from the start, as the time since the last calls for.
  void read_again() {
    if (options_.reread_in <= 0) return;
    const std::string stream = options_.name + "/again";
    const auto cursor = writer_.stream_cursor(stream);
    const auto parts = split(cursor.value_or(""), ' ');
    const auto last = parts.size() == 2 ? parse_time(parts[0]) : std::nullopt;
    std::int64_t place = parts.size() == 2 ? number_in(parts[1]) : 0;
    const auto keep = [&](Timestamp at) {
      writer_.set_stream(stream, fmt::format("{} {}", format_time(at), place), "current");
    };
    if (!last) return keep(options_.now);
    const std::set<std::int64_t> all = stored();
    const double share = static_cast<double>(options_.now - *last) / static_cast<double>(options_.reread_in) *
                         static_cast<double>(all.size());
    const auto wanted = std::min(all.size(), static_cast<std::size_t>(std::max(0.0, std::floor(share))));
    if (wanted == 0) return;
    auto next = all.upper_bound(place);
    for (std::size_t i = 0; i < wanted; ++i, ++next) {
      if (next == all.end()) next = all.begin();
      read(*next, std::nullopt);
      place = *next;
      ++result_.reread;
      // What is left stays due: the moment moves with the share that was read.
      if (since_checkpoint_ == 0 || i + 1 == wanted)
        keep(*last + static_cast<Timestamp>(static_cast<double>(i + 1) / static_cast<double>(all.size()) *
                                            static_cast<double>(options_.reread_in)));
    }
    if (wanted == all.size()) keep(options_.now);
  }

  Tracker& tracker_;
  Writer& writer_;
  const TrackerSyncOptions& options_;
  Progress progress_;
  TrackerSyncResult result_;
  std::set<std::int64_t> numbers_;  // that the list showed
  std::set<std::int64_t> buried_;   // item_id: gone, as far as is known
  std::optional<std::int64_t> total_;
  std::optional<Timestamp> newest_;
  bool is_undated_ = false;
  std::size_t since_checkpoint_ = 0;
  int troubles_ = 0;
};

}  // namespace

TrackerSyncResult sync_tracker(Tracker& tracker, Writer& writer, const TrackerSyncOptions& options) {
  return TrackerRun(tracker, writer, options).run();
}

TrackerSyncOptions tracker_options(const SyncOptions& asked, std::string name) {
  TrackerSyncOptions options;
  options.name = std::move(name);
  options.since = asked.since;
  options.items = asked.items;
  options.anew = asked.anew;
  options.now = asked.clock ? asked.clock->now() : SystemClock().now();
  return options;
}

std::string sync_tracker_and_tell(Tracker& tracker, Writer& writer, const TrackerSyncOptions& options,
                                  const std::string& remark) {
  const TrackerSyncResult result = sync_tracker(tracker, writer, options);
  if (options.items.empty()) return result.coverage + (result.coverage.empty() || remark.empty() ? "" : "; ") + remark;
  std::set<std::int64_t> missing(options.items.begin(), options.items.end());
  for (const std::int64_t number : result.found) missing.erase(number);
  return missing_numbers_text(missing);
}

std::string field_label(const std::string& name, const std::string& value) {
  return value.empty() ? std::string() : fmt::format("{}: {}", name, value);
}

void add_label_history(const std::string& name, const std::vector<FieldChange>& changes, const std::string& now,
                       Timestamp known_until, ItemRecord& item) {
  const auto change = [&](Timestamp at, const PersonRecord& actor, const std::string& before, const std::string& after,
                          bool is_derived) {
    for (const bool is_new : {false, true}) {
      const std::string label = field_label(name, is_new ? after : before);
      if (label.empty()) continue;
      EventRecord event;
      event.kind = is_new ? "labeled" : "unlabeled";
      event.label = label;
      event.actor = actor;
      event.occurred_at = at;
      event.is_derived = is_derived;
      item.events.push_back(std::move(event));
    }
  };
  if (const std::string label = field_label(name, now); !label.empty()) item.labels.push_back(label);
  if (changes.empty()) return;
  std::string value = changes.front().before;
  Timestamp at = item.created_at;
  for (const FieldChange& each : changes) {
    if (each.before != value) change(each.at, {}, value, each.before, true);
    if (each.before != each.after) change(each.at, each.actor, each.before, each.after, false);
    value = each.after;
    at = each.at;
  }
  if (value != now) change(std::max(at, known_until), {}, value, now, true);
}

void sort_events(ItemRecord& item) {
  std::stable_sort(item.events.begin(), item.events.end(), [](const EventRecord& a, const EventRecord& b) {
    return a.occurred_at.value_or(0) < b.occurred_at.value_or(0);
  });
}

}  // namespace resident::trackers
