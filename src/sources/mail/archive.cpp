#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/message_ids.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <sources/files/stored_parts.hpp>
#include <sources/mail/archive.hpp>
#include <sources/mail/find.hpp>
#include <sources/mail/patches/series_item.hpp>
#include <sources/mail/threading.hpp>
#include <store/read/stored_threads.hpp>

namespace resident::mail {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRecordsACheckpoint = 500;
constexpr Timestamp kEarliest = 0;                       // 1970: there were no lists of this kind before
constexpr Timestamp kDateTolerance = 2 * kDay;           // a Date this far after its receipt is wrong
constexpr std::size_t kMostKept = std::size_t{1} << 30;  // bytes of texts in memory, where they can be read again
constexpr std::int64_t kFirstNumber = kFirstSeries, kNumbers = kSeriesNumbers;
// How this version makes threads and items of mails: another has all of them written anew.
constexpr std::string_view kForm = "2";

}  // namespace

std::string list_of_file(const std::string& file, const std::string& location) {
  std::string stem = fs::path(file).filename().string();
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view ending : {".mbox", ".mbx", ".txt", ".eml", ".gz", ".xz", ".bz2", ".zst"})
      if (to_lower(stem).ends_with(ending) && stem.size() > ending.size()) {
        stem.resize(stem.size() - ending.size());
        again = true;
      }
  }
  static const Pattern dated(
      R"([-_.]?\d{4}(?:[-_.]?(?:q[1-4]|\d{1,2}|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*))?$)");
  dated.replace_first(stem, "");
  if (stem.empty()) stem = fs::path(file).parent_path().filename().string();
  if (stem.empty() || stem == "cur" || stem == "new") stem = fs::path(location).filename().string();
  return to_lower(stem);
}

void MailArchive::set_aside(Writer& writer, const std::string& place, const std::string& reason) {
  ++problems_;
  writer.quarantine(place, reason);
}

void MailArchive::set_aside_file(Writer& writer, const std::string& place, const std::string& reason) {
  ++damaged_files_;
  set_aside(writer, place, reason);
}

void MailArchive::take(Message&& message, const std::string& place, Writer& writer) {
  attachments_ += message.attachments;
  std::string key = mail_key(message.id);
  if (index_.contains(key)) {
    ++duplicates_;
    return;
  }
  const auto possible = [&](const std::optional<Timestamp>& time) {
    return time && *time > kEarliest && *time < now_ + kDateTolerance;
  };
  const bool late =
      possible(message.received) && possible(message.date) && *message.date > *message.received + kDateTolerance;
  if (!possible(message.date) || late) {
    message.date = possible(message.received) ? message.received : last_date_;
    if (!message.date) return set_aside(writer, place, "the mail has no date, and none before it in the file has");
    ++undated_;
  }
  last_date_ = message.date;
  index_.emplace(std::move(key), facts_.size());
  facts_.push_back(facts_of(message));
  places_.push_back(place);
  if (!may_drop_ || kept_bytes_ < kMostKept) {
    kept_bytes_ += message.body.size();
    bodies_.emplace_back(std::move(message.body));
    // Of a patch that is attached, the text is the attachment's.
    if (facts_.back().has_diff && !message.attached_diff.empty() && !holds(*bodies_.back(), "\n@@ -"))
      bodies_.back()->append("\n").append(message.attached_diff);
  } else {
    bodies_.emplace_back();
  }
}

void MailArchive::take(MailFacts&& facts, const std::string& place) {
  if (!index_.emplace(facts.key, facts_.size()).second) return;
  facts_.push_back(std::move(facts));
  places_.push_back(place);
  bodies_.emplace_back();
}

void MailArchive::remove(const std::string& key) {
  const auto found = index_.find(key);
  if (found == index_.end()) return;
  const std::size_t place = found->second, last = facts_.size() - 1;
  index_.erase(found);
  if (place != last) {
    facts_[place] = std::move(facts_[last]);
    places_[place] = std::move(places_[last]);
    bodies_[place] = std::move(bodies_[last]);
    index_[facts_[place].key] = place;
  }
  facts_.pop_back();
  places_.pop_back();
  bodies_.pop_back();
}

void MailArchive::name_lists(std::size_t first, const std::string& name) {
  std::map<std::string, std::size_t> counts;
  for (std::size_t i = first; i < facts_.size(); ++i)
    if (!facts_[i].list.empty()) ++counts[facts_[i].list];
  std::string most = name;
  std::size_t count = 0;
  for (const auto& [list, uses] : counts)
    if (uses > count) most = list, count = uses;
  for (std::size_t i = first; i < facts_.size(); ++i)
    if (facts_[i].list.empty()) facts_[i].list = most;
  last_date_.reset();
}

std::string MailArchive::coverage() const {
  std::string text;
  const auto add = [&](long long count, std::string_view what) {
    if (count) text += fmt::format("{}{} {}", text.empty() ? "" : "; ", with_thousands(count), what);
  };
  add(duplicates_, "mails stood there more than once");
  add(attachments_, "attachments were left out");
  add(undated_, "mails have no date that can be, and are dated by their receipt or the mail before");
  if (damaged_files_)
    text += fmt::format("{}{} could not be read to the end: what earlier syncs stored stays", text.empty() ? "" : "; ",
                        plural(damaged_files_, "file"));
  if (incomplete_)
    text += fmt::format("{}of {} series of patches {} lack parts in the archive", text.empty() ? "" : "; ",
                        with_thousands(series_), with_thousands(incomplete_));
  return text;
}

std::string MailArchive::body_of(std::size_t mail) const {
  if (bodies_[mail]) return *bodies_[mail];
  if (!read_again_) return {};
  Message message = read_again_(facts_[mail].key, places_[mail]);
  if (facts_[mail].has_diff && !message.attached_diff.empty() && !holds(message.body, "\n@@ -"))
    message.body.append("\n").append(message.attached_diff);
  return message.body;
}

void MailArchive::write(Writer& writer, const std::string& cursor) {
  in_series_.assign(facts_.size(), false);
  write_series(writer, cursor);
  write_threads(writer, cursor);
}

ThreadRecord MailArchive::thread_of(const std::string& root, const std::vector<std::size_t>& mails,
                                    bool with_text) const {
  const MailFacts& first = facts_[mails[0]];
  ThreadRecord record;
  record.kind = "mail";
  record.channel = first.list;
  // Ids of mails look like addresses and often are; they stay in no column.
  record.key = "mail:" + fingerprint(record.channel + "\n" + root);
  record.title = first.subject.empty() ? "(no subject)" : first.subject;
  record.author = first.sender;
  record.created_at = first.at;
  std::unordered_set<std::string_view> keys;
  for (const std::size_t index : mails) {
    const MailFacts& mail = facts_[index];
    PostRecord post;
    post.key = mail.key;
    post.author = mail.sender;
    post.created_at = mail.at;
    post.body = with_text ? body_of(index) : mail.text_print;
    for (auto each = mail.references.rbegin(); each != mail.references.rend() && post.reply_to.empty(); ++each)
      if (keys.contains(*each)) post.reply_to = *each;
    keys.insert(mail.key);
    record.updated_at = std::max(record.updated_at.value_or(0), post.created_at);
    record.posts.push_back(std::move(post));
  }
  return record;
}

void MailArchive::write_threads(Writer& writer, const std::string& cursor) {
  std::vector<Node> nodes;
  nodes.reserve(facts_.size());
  for (const MailFacts& mail : facts_) nodes.push_back({mail.key, mail.references, mail.subject, mail.list, mail.at});
  std::optional<StoredParts> stored;
  if (!is_whole()) stored = stored_posts(writer);
  std::unordered_set<std::string> current;
  for (const MailThread& thread : thread_messages(nodes)) {
    std::vector<std::size_t> mails;
    for (const std::size_t each : thread.messages)
      if (!in_series_[each]) mails.push_back(each);
    if (mails.empty()) continue;
    const ThreadRecord outline = thread_of(thread.root, mails, false);
    current.insert(outline.key);
    std::string all = fmt::format("{}\n{}\n{}", kForm, outline.title, outline.channel);
    for (const auto& post : outline.posts)
      all += fmt::format("\n{} {} {} {} {} {}", post.key, post.created_at, post.reply_to, post.author.email,
                         post.author.name, post.body);
    const std::string name = "thread/" + outline.key, print = fingerprint(all);
    if (writer.seen(name, print) || (stored && stored->stands(outline))) continue;
    writer.mark(name, print);
    writer.thread(thread_of(thread.root, mails, true));
    if (++since_checkpoint_ % kRecordsACheckpoint == 0) writer.checkpoint(cursor);
  }
  // An older archive may give a thread another beginning, or join two.
  if (is_whole()) drop_threads_but(current, writer);
}

// The number that one of its versions has had in this store; else one that is drawn from the Message-ID of its first
// mail, so that it is the same in every store that begins with that mail.
std::int64_t MailArchive::number_of(const Series& series, Writer& writer,
                                    std::unordered_set<std::int64_t>& taken) const {
  for (const SeriesVersion& version : series.versions)
    if (const auto known = writer.remembered("series/" + facts_[version.first].key)) {
      const std::int64_t number = std::strtoll(known->c_str(), nullptr, 10);
      if (number >= kFirstNumber && taken.insert(number).second) return number;
    }
  std::uint64_t hash = 0;
  for (const char digit : facts_[series.first()].key.substr(0, 15))
    hash = hash * 16 + static_cast<std::uint64_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  std::int64_t number = kFirstNumber + static_cast<std::int64_t>(hash % kNumbers);
  // Two of one number: the later one takes the next that is free.
  while (writer.knows_item(number * 2 + 1) || writer.knows_item(number * 2) || !taken.insert(number).second)
    number = number + 1 < kFirstNumber + kNumbers ? number + 1 : kFirstNumber;
  return number;
}

namespace {

// The mails of the source's series.
StoredParts stored_mails(Writer& writer) {
  StoredParts parts;
  each_patch_mail(writer, [&](std::int64_t item, const std::string& mail) { parts.add(std::to_string(item), mail); });
  return parts;
}

bool stands(const StoredParts& stored, const SeriesItem& made) {
  std::vector<std::string> mails;
  for (const PatchMailRecord& mail : made.series.mails) mails.push_back(mail.key);
  return stored.stands(std::to_string(made.item.item_id()), mails);
}

}  // namespace

void MailArchive::write_series(Writer& writer, const std::string& cursor) {
  std::optional<StoredParts> stored;
  if (!is_whole()) stored = stored_mails(writer);
  promote_reply_patches(facts_);
  const std::vector<Series> list = assemble_series(facts_);
  std::unordered_set<std::int64_t> current;
  if (!list.empty()) {
    Timestamp since = now_;
    for (const Series& series : list) since = std::min(since, series.versions.front().at);
    CommitFinder commits(writer, since);
    commits.prepare(facts_, list);
    const SeriesSurroundings around{facts_, commits, now_};
    for (const Series& series : list) {
      const std::int64_t number = number_of(series, writer, current);
      SeriesItem made = series_item(series, number, around);
      for (const PatchMailRecord& mail : made.series.mails) in_series_[index_.at(mail.key)] = true;
      ++series_;
      incomplete_ += series.last().is_incomplete();
      for (const SeriesVersion& version : series.versions)
        if (const std::string name = "series/" + facts_[version.first].key; !writer.knows(name))
          writer.remember(name, std::to_string(number));
      const std::string name = fmt::format("item/{}", number), print = print_of(made);
      if (writer.seen(name, print) || (stored && stands(*stored, made))) continue;
      const bool is_known = writer.knows(name);
      writer.mark(name, print);
      fill_texts(made, facts_[made.opening].key, [&](const std::string& key) { return body_of(index_.at(key)); });
      writer.item(made.item);
      for (const std::string& sha : made.commits) writer.item_commit({made.item.item_id(), sha, "merge"});
      PatchBook(writer).series(made.series, is_known);
      if (++since_checkpoint_ % kRecordsACheckpoint == 0) writer.checkpoint(cursor);
    }
  }
  if (is_whole()) drop_series(current, writer);
}

// Two series that turned out to be one, or mails that were taken out of the archive.
void MailArchive::drop_series(const std::unordered_set<std::int64_t>& current, Writer& writer) {
  writer.flush();
  for (const std::int64_t item : stored_series(writer)) {
    if (current.contains(item / 2)) continue;
    PatchBook(writer).remove(item);
    writer.tombstone({item, "converted", "the series was joined with another one, or its mails are gone", now_});
    writer.forget(fmt::format("item/{}", item / 2));
  }
}

}  // namespace resident::mail
