#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <map>
#include <set>
#include <sources/mail/patches/patch_text.hpp>
#include <sources/mail/patches/series_item.hpp>
#include <sources/mail/patches/series_reviews.hpp>
#include <unordered_map>

namespace resident::mail {

namespace {

constexpr std::size_t kMostFiles = 3000;

// What a mail says before its diff.
std::string text_before_diff(const std::string& body) {
  std::size_t end = body.size();
  for (const std::string_view begin : {"\ndiff --git ", "\n--- a/", "\nIndex: "}) end = std::min(end, body.find(begin));
  if (body.starts_with("diff --git ")) end = 0;
  return std::string(trim(std::string_view(body).substr(0, end)));
}

class Maker {
 public:
  Maker(const Series& series, std::int64_t number, const SeriesSurroundings& around)
      : series_(series), mails_(around.mails), around_(around) {
    made_.item.is_pull = true;
    made_.item.number = number;
    made_.series.item_id = made_.item.item_id();
  }

  SeriesItem run() {
    find_commits();
    describe();
    sent_mails();
    SeriesReviews reviews(series_, mails_);
    answers(reviews);
    versions();
    settle();
    std::stable_sort(made_.item.events.begin(), made_.item.events.end(),
                     [](const EventRecord& a, const EventRecord& b) { return a.occurred_at < b.occurred_at; });
    return std::move(made_);
  }

 private:
  const MailFacts& head() const {
    const SeriesVersion& last = series_.last();
    if (last.cover) return mails_[*last.cover];
    // Of parts alone: the series is named after what it was.
    for (std::size_t i = series_.versions.size(); i-- > 0;)
      if (!series_.versions[i].is_partial) return mails_[series_.versions[i].cover.value_or(series_.versions[i].first)];
    return mails_[last.first];
  }

  const std::string& body_of(std::size_t mail) const { return mails_[mail].text_print; }

  void find_commits() {
    for (std::size_t version = 0; version < series_.versions.size(); ++version)
      for (const auto& [number, place] : series_.versions[version].own)
        if (auto found = around_.commits.find(series_, version, place, mails_)) found_.emplace(place, *found);
    for (const auto& [place, commit] : found_) {
      const FoundCommit*& newest = found_by_title_[title_key(mails_[place].title)];
      if (!newest || std::pair(commit.at, commit.sha) > std::pair(newest->at, newest->sha)) newest = &commit;
    }
  }

  void describe() {
    ItemRecord& item = made_.item;
    const MailFacts& first = mails_[series_.versions.front().cover.value_or(series_.first())];
    item.title = head().title.empty() ? "(no subject)" : blank_emails(head().title);
    item.author = first.sender;
    item.created_at = series_.versions.front().at;
    item.updated_at = item.created_at;
    made_.opening = series_.versions.front().cover.value_or(series_.first());
    item.body = body_of(made_.opening);
    item.head_sha = head_name();
    std::set<std::string> labels;
    for (const auto& version : series_.versions) {
      const MailFacts& mail = mails_[version.first];
      if (mail.parsed.is_rfc && &version == &series_.last()) labels.insert("RFC");
    }
    for (const auto& tree : head().parsed.trees) labels.insert(tree.substr(0, 100));
    if (series_.last().is_incomplete()) labels.insert("incomplete");
    if (series_.is_pull_request) labels.insert("pull request");
    if (!series_.backport_of.empty()) labels.insert("backport");
    item.labels.assign(labels.begin(), labels.end());
    item.base_ref = series_.stable_tree;
    std::map<std::string, ItemFileRecord> files;
    std::int64_t additions = 0, deletions = 0, patches = 0;
    for (const auto& [number, part] : series_.last().parts) {
      if (part.mail == SeriesPart::kMissing) continue;
      const MailFacts& mail = mails_[part.mail];
      ++patches;
      additions += mail.additions;
      deletions += mail.deletions;
      for (const auto& path : mail.paths)
        if (files.size() < kMostFiles) files.emplace(path, ItemFileRecord{path});
    }
    for (auto& [path, file] : files) item.files.push_back(std::move(file));
    if (patches > 0) {
      item.additions = additions;
      item.deletions = deletions;
      item.changed_files = static_cast<std::int64_t>(files.size());
      item.commit_count = patches;
    }
  }

  // Of all versions alike: which approvals a version takes back is told by dismissals (series_reviews.hpp). No commit
  // has such a name.
  std::string head_name() const { return fmt::format("mail:{}", made_.item.number); }

  PatchMailRecord record_of(std::size_t place, std::string_view role) const {
    const MailFacts& mail = mails_[place];
    PatchMailRecord record;
    record.key = mail.key;
    record.role = role;
    record.sent_at = mail.at;
    record.sender = mail.sender;
    record.title = mail.title;
    return record;
  }

  void sent_mails() {
    std::set<std::size_t> current;
    for (const auto& [number, part] : series_.last().parts) current.insert(part.mail);
    for (std::size_t version = 0; version < series_.versions.size(); ++version) {
      const SeriesVersion& each = series_.versions[version];
      const auto add = [&](std::size_t place, int number) {
        const MailFacts& mail = mails_[place];
        PatchMailRecord record = record_of(place, role_name(mail.role));
        record.author = mail.author;
        record.version = static_cast<std::int64_t>(version) + 1;
        record.version_number = each.number;
        record.part = number;
        record.parts = each.total;
        record.is_partial = each.is_partial;
        record.is_current = current.contains(place) || (each.cover == place && version + 1 == series_.versions.size());
        record.patch_id = mail.patch_id;
        record.base_commit = mail.base_commit;
        record.upstream_commit = mail.upstream_commit;
        if (mail.has_diff) record.is_whole = mail.is_whole;
        if (const auto found = found_.find(place); found != found_.end()) {
          record.commit_sha = found->second.sha;
          record.found_by = found->second.how;
          record.applied_at = found->second.at;
        }
        made_.series.mails.push_back(std::move(record));
        // In full, as it was sent; kind patch: it is read and searched, and is no word to anybody.
        CommentRecord comment;
        comment.key = mail.key;
        comment.kind = "patch";
        comment.author = mail.sender;
        comment.created_at = mail.at;
        comment.body = body_of(place);
        made_.item.comments.push_back(std::move(comment));
        touch(mail.at);
      };
      if (each.cover) add(*each.cover, 0);
      for (const auto& [number, place] : each.own) add(place, number);
    }
  }

  void touch(Timestamp at) { made_.item.updated_at = std::max(made_.item.updated_at.value_or(at), at); }

  void answers(SeriesReviews& reviews) {
    for (const SeriesAnswer& answer : series_.answers) {
      const MailFacts& mail = mails_[answer.mail];
      PatchMailRecord record = record_of(answer.mail, "answer");
      record.target = mails_[answer.target].key;
      record.tags = reviews.tags_of(answer);
      const bool gives =
          std::any_of(record.tags.begin(), record.tags.end(), [](const auto& tag) { return tag.counts; });
      record.says = said_name(heard(answer));
      record.says_parts = fmt::format("{}", fmt::join(mail.statement.parts, " "));
      made_.series.mails.push_back(std::move(record));
      touch(mail.at);
      if (gives) continue;  // a review, below
      CommentRecord comment;
      comment.key = mail.key;
      comment.author = mail.sender;
      comment.created_at = mail.at;
      comment.body = body_of(answer.mail);
      comment.reply_to = mails_[answer.target].key;
      made_.item.comments.push_back(std::move(comment));
    }
    for (ReviewRecord& review : reviews.take(head_name(), [this](std::size_t mail) { return body_of(mail); }))
      made_.item.reviews.push_back(std::move(review));
  }

  // What an answer says, where its sender may say it: withdrawn by who sent the patch, applied and rejected by others.
  Said heard(const SeriesAnswer& answer) const {
    const MailFacts& mail = mails_[answer.mail];
    const Said said = mail.statement.said;
    const bool is_own = mail.sender_key() == mails_[answer.target].sender_key();
    const bool is_committer = around_.commits.is_committer(mail.sender_key());
    switch (said) {
      case Said::withdrawn:
      case Said::superseded:
        return is_own ? said : Said::nothing;
      case Said::rejected:
        return is_own ? Said::withdrawn : said;
      case Said::applied:
      case Said::applied_changed:
      case Said::taken_back:
        // Contributors say of their own that it "was merged", too; who commits may say it of anything.
        return !is_own || is_committer ? said : Said::nothing;
      default:
        return said;
    }
  }

  void versions() {
    for (std::size_t i = 1; i < series_.versions.size(); ++i) {
      const SeriesVersion& version = series_.versions[i];
      EventRecord event;
      event.key = fmt::format("version/{}", mails_[version.first].key);
      event.kind = "head_ref_force_pushed";
      event.actor = mails_[version.first].sender;
      event.occurred_at = version.at;
      event.sha = head_name();
      event.detail = fmt::format("{} {}{}", version.is_resend ? "sent again: version" : "version", version.number,
                                 version.is_partial ? ", some parts" : "");
      made_.item.events.push_back(std::move(event));
    }
  }

  void event(std::string_view kind, Timestamp at, const PersonRecord& actor, const std::string& detail,
             const std::string& sha = {}) {
    EventRecord each;
    each.key = fmt::format("{}/{}", kind, at);
    each.kind = kind;
    each.actor = actor;
    each.occurred_at = at;
    each.detail = detail;
    each.sha = sha;
    made_.item.events.push_back(std::move(each));
  }

  // Is the part applied, by this version's mail or an earlier one's?
  const FoundCommit* commit_of(int number) const {
    const SeriesPart& part = series_.last().parts.at(number);
    if (part.mail == SeriesPart::kMissing) return nullptr;
    if (const auto found = found_.find(part.mail); found != found_.end()) return &found->second;
    // What was applied of the version before, and sent once more meanwhile.
    const auto found = found_by_title_.find(title_key(mails_[part.mail].title));
    return found != found_by_title_.end() && found->second->at >= mails_[part.mail].at - kDay ? found->second : nullptr;
  }

  // Parts of the last version that are said to be applied and were not taken back, with the last who said so.
  std::map<int, const MailFacts*> said_applied() const {
    std::map<int, const MailFacts*> said;
    const SeriesVersion& last = series_.last();
    for (const SeriesAnswer& answer : series_.answers) {
      const MailFacts& mail = mails_[answer.mail];
      const Said what = heard(answer);
      if (what != Said::applied && what != Said::applied_changed && what != Said::taken_back) continue;
      std::set<int> parts(mail.statement.parts.begin(), mail.statement.parts.end());
      const bool is_all = parts.contains(kAllParts);
      if (parts.empty() || is_all)
        for (const auto& [number, part] : last.parts)
          if (is_all || part.mail == answer.target || !is_part(answer.target)) parts.insert(number);
      // An answer to an older version speaks of what is no longer there, unless nothing came after it.
      if (mail.at < last.at && !last.is_partial) continue;
      for (const int number : parts) {
        if (!last.parts.contains(number)) continue;
        if (what == Said::taken_back)
          said.erase(number);
        else
          said[number] = &mail;
      }
    }
    return said;
  }

  bool is_part(std::size_t place) const { return mails_[place].role == PatchRole::patch; }

  void settle() {
    ItemRecord& item = made_.item;
    PatchSeriesRecord& record = made_.series;
    const SeriesVersion& last = series_.last();
    const auto said = said_applied();
    Timestamp applied_at = 0;
    const FoundCommit* newest = nullptr;
    for (const auto& [number, part] : last.parts) {
      record.present += part.mail != SeriesPart::kMissing;
      const FoundCommit* commit = commit_of(number);
      if (!commit) continue;
      ++record.applied;
      made_.commits.push_back(commit->sha);
      if (commit->at >= applied_at) applied_at = commit->at, newest = commit;
    }
    std::optional<FoundCommit> pulled;
    if (series_.is_pull_request && !mails_[last.first].head_commit.empty()) {
      pulled = around_.commits.commit(mails_[last.first].head_commit);
      if (pulled && last.parts.empty()) {
        newest = &*pulled;
        made_.commits = around_.commits.range(mails_[last.first].base_commit, pulled->sha);
        if (made_.commits.empty()) made_.commits.push_back(pulled->sha);
      }
    }
    record.list = mails_[series_.first()].list;
    record.version = last.number;
    record.versions = static_cast<std::int64_t>(series_.versions.size());
    record.parts = last.parts.empty() ? 0 : last.total;
    record.said = static_cast<std::int64_t>(said.size());
    record.how_joined = series_.how_joined;
    record.backport_of = series_.backport_of;
    record.tree = fmt::format("{}", fmt::join(head().parsed.trees, " "));
    record.last_at = item.updated_at.value_or(item.created_at);
    record.state = "open";
    const bool is_applied = newest && record.applied == record.present;
    if (is_applied) {
      // A clock of a committer's that is behind: nothing is applied before it is sent.
      const Timestamp at = std::max(newest->at, last.at);
      record.state = "applied";
      item.state = "closed";
      item.merged_at = item.closed_at = at;
      item.merged_by = newest->committer;
      item.merge_sha = newest->sha;
      event("merged", at, newest->committer, fmt::format("found by {}", newest->how), newest->sha);
      touch(at);
      return;
    }
    if (record.applied > 0) record.state = "partly applied";
    if (close_by_words(said)) return;
    const Timestamp lapses = record.last_at + kLapsesAfter;
    if (lapses < around_.now) {
      if (record.applied == 0) record.state = "lapsed";
      // No event: nothing happened then, and the data speaks of no such moment.
      made_.item.state = "closed";
      made_.item.state_reason = "lapsed";
      made_.item.closed_at = lapses;
    }
  }

  void close(Timestamp at, const PersonRecord& by, const std::string& reason, const std::string& detail) {
    made_.item.state = "closed";
    made_.item.state_reason = reason;
    made_.item.closed_at = at;
    event("closed", at, by, detail);
  }

  // Said to be applied in full, withdrawn, rejected or superseded, and nothing newer came.
  bool close_by_words(const std::map<int, const MailFacts*>& said) {
    const SeriesVersion& last = series_.last();
    if (!last.parts.empty() && said.size() == last.parts.size()) {
      const MailFacts* latest = said.begin()->second;
      for (const auto& [number, mail] : said)
        if (mail->at > latest->at) latest = mail;
      if (made_.series.state == "open") made_.series.state = "said applied";
      close(latest->at, latest->sender, "said applied", "said to be applied");
      return true;
    }
    for (auto answer = series_.answers.rbegin(); answer != series_.answers.rend(); ++answer) {
      const MailFacts& mail = mails_[answer->mail];
      if (mail.at < last.at) break;
      const Said what = heard(*answer);
      // "I will not apply this" by anybody is an opinion; by who commits it decides.
      const bool decides = what == Said::withdrawn || what == Said::superseded ||
                           (what == Said::rejected && around_.commits.is_committer(mail.sender_key()));
      if (!decides || (is_part(answer->target) && last.parts.size() > 1)) continue;
      made_.series.state = said_name(what);
      close(mail.at, mail.sender, made_.series.state, fmt::format("said to be {}", made_.series.state));
      return true;
    }
    return false;
  }

  const Series& series_;
  const std::vector<MailFacts>& mails_;
  const SeriesSurroundings& around_;
  std::unordered_map<std::size_t, FoundCommit> found_;
  std::unordered_map<std::string, const FoundCommit*> found_by_title_;
  SeriesItem made_;
};

}  // namespace

SeriesItem series_item(const Series& series, std::int64_t number, const SeriesSurroundings& around) {
  return Maker(series, number, around).run();
}

void fill_texts(SeriesItem& made, const std::string& opening_key,
                const std::function<std::string(const std::string& key)>& text_of) {
  // As all texts of mails: without addresses.
  const auto text = [&](const std::string& key) { return blank_emails(text_of(key)); };
  made.item.body = text_before_diff(text(opening_key));
  for (CommentRecord& comment : made.item.comments) comment.body = text(comment.key);
  for (ReviewRecord& review : made.item.reviews)
    if (!review.body.empty()) review.body = text(review.key);
}

std::string print_of(const SeriesItem& made) {
  const ItemRecord& item = made.item;
  std::string all = fmt::format("1\n{}\n{}\n{}\n{} {} {} {} {} {}\n{}", item.title, item.body, person_key(item.author),
                                item.created_at, item.updated_at.value_or(0), item.state, item.state_reason,
                                item.closed_at.value_or(0), item.merge_sha, fmt::join(item.labels, ","));
  for (const auto& event : item.events)
    all += fmt::format("\n{} {} {} {}", event.key, event.kind, event.occurred_at.value_or(0), event.detail);
  for (const auto& comment : item.comments)
    all += fmt::format("\n{} {} {} {}", comment.key, comment.created_at, comment.body, comment.author.email);
  for (const auto& review : item.reviews)
    all += fmt::format("\n{} {} {} {}", review.key, review.state, review.dismissed_at.value_or(0), review.body);
  for (const auto& file : item.files) all += "\n" + file.path;
  const PatchSeriesRecord& series = made.series;
  all += fmt::format("\n{} {} {} {} {} {} {} {}", series.state, series.version, series.parts, series.present,
                     series.applied, series.said, series.how_joined, series.list);
  for (const auto& mail : series.mails) {
    all += fmt::format("\n{} {} {} {} {} {} {} {}", mail.key, mail.role, mail.version.value_or(0),
                       mail.part.value_or(0), mail.is_current, mail.commit_sha, mail.found_by, mail.says);
    for (const auto& tag : mail.tags) all += fmt::format(" {} {} {}", tag.token, tag.counts, tag.note);
  }
  return fingerprint(all);
}

}  // namespace resident::mail
