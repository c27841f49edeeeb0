#include <algorithm>
#include <base/text.hpp>
#include <sources/mail/patches/sent_together.hpp>
#include <sources/mail/patches/series.hpp>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace resident::mail {

namespace {

constexpr Timestamp kVersionReach = 400 * kDay;  // from one version to the next, where titles or patches tell
constexpr Timestamp kLooseReach = 180 * kDay;    // where files and words tell, or another sender goes on
constexpr Timestamp kAgainReach = 60 * kDay;     // sent again without a word on versions
constexpr Timestamp kAnswerReach = 30 * kDay;    // of an answer without references, by its subject
constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr int kMostListed = 300;             // parts of which each missing one is noted
constexpr std::size_t kMostCandidates = 30;  // newest series of a title that are looked at
constexpr std::size_t kMostOfSender = 300;   // newest series of a sender
constexpr double kSameFiles = 0.5, kSameWords = 0.4;
constexpr double kSomeWords = 0.2;   // of the next version by another title
constexpr double kMostWords = 0.6;   // of the patch that was first sent for comments
constexpr double kSameTitles = 0.3;  // of what is sent again without a word on versions

// How much two sets have in common, of all that they have.
template <class Set>
double shared(const Set& a, const Set& b) {
  if (a.empty() || b.empty()) return 0;
  std::size_t both = 0;
  for (const auto& each : a) both += b.count(each);
  return static_cast<double>(both) / static_cast<double>(a.size() + b.size() - both);
}

std::unordered_set<std::string> words_of(const std::string& key) {
  std::unordered_set<std::string> words;
  for (const auto word : split(key, ' '))
    if (word.size() > 2) words.emplace(word);
  return words;
}

// What a version is recognised by.
struct Marks {
  std::unordered_set<std::string> titles;  // keys of the parts' titles
  std::string cover_title;
  std::unordered_set<std::string> patch_ids, paths;
  std::vector<std::unordered_set<std::string>> paths_of_parts;
  std::string change_id;
};

// The files of a version, or of one part of it where the other has one part alone: how much they have in common.
double shared_files(const Marks& a, const Marks& b) {
  double most = shared(a.paths, b.paths);
  if (a.paths_of_parts.size() == 1)
    for (const auto& part : b.paths_of_parts) most = std::max(most, shared(a.paths, part));
  return most;
}

class Assembler {
 public:
  explicit Assembler(const std::vector<MailFacts>& mails) : mails_(mails), series_of_(mails.size(), kNone) {
    order_.resize(mails.size());
    for (std::size_t i = 0; i < mails.size(); ++i) order_[i] = i, index_.emplace(mails[i].key, i);
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return std::tuple(mails_[a].at, mails_[a].parsed.part, std::string_view(mails_[a].key)) <
             std::tuple(mails_[b].at, mails_[b].parsed.part, std::string_view(mails_[b].key));
    });
  }

  std::vector<Series> run() {
    for (const SentTogether& sent : sent_together(mails_, order_, index_)) place(sent);
    for (Series& series : series_) settle(series);
    answers();
    return std::move(series_);
  }

 private:
  Marks marks_of(const SentTogether& sent) const {
    Marks marks;
    if (sent.cover) {
      marks.cover_title = title_key(mails_[*sent.cover].title);
      marks.change_id = mails_[*sent.cover].change_id;
    }
    for (const auto& [number, place] : sent.parts) {
      const MailFacts& mail = mails_[place];
      if (std::string key = title_key(mail.title); !key.empty()) marks.titles.insert(std::move(key));
      if (!mail.patch_id.empty()) marks.patch_ids.insert(mail.patch_id);
      marks.paths.insert(mail.paths.begin(), mail.paths.end());
      marks.paths_of_parts.emplace_back(mail.paths.begin(), mail.paths.end());
      if (marks.change_id.empty()) marks.change_id = mail.change_id;
    }
    return marks;
  }

  static bool have_title_in_common(const Marks& a, const Marks& b) {
    if (!a.cover_title.empty() && a.cover_title == b.cover_title) return true;
    // A single patch that became a series often keeps its title as the cover's, and the other way round.
    if (a.titles.contains(b.cover_title) || b.titles.contains(a.cover_title)) return true;
    std::size_t both = 0;
    for (const auto& each : a.titles) both += b.titles.count(each);
    return both > 0 && both * 3 >= std::min(a.titles.size(), b.titles.size());
  }

  struct Known {
    std::vector<Marks> marks;  // of each version
    std::unordered_set<std::string> senders, authors;
    std::string last_sender;
  };

  void place(const SentTogether& sent) {
    const MailFacts& head = mails_[sent.cover.value_or(sent.first)];
    const Marks marks = marks_of(sent);
    auto [found, how] = find(sent, head, marks);
    if (found == kNone) {
      found = series_.size();
      how.clear();
      series_.emplace_back();
      known_.emplace_back();
      Series& series = series_.back();
      series.is_pull_request = head.role == PatchRole::pull_request || head.parsed.is_pull_request;
      series.stable_tree = head.parsed.stable_tree();
      for (const auto& [number, place] : sent.parts)
        if (series.backport_of.empty()) series.backport_of = mails_[place].upstream_commit;
    }
    Series& series = series_[found];
    if (!how.empty()) series.how_joined = how;
    add_version(series, sent, head);
    Known& known = known_[found];
    known.marks.push_back(marks);
    known.senders.insert(head.sender_key());
    known.last_sender = head.sender_key();
    for (const auto& [number, place] : sent.parts) known.authors.insert(person_key(mails_[place].author));
    const auto note = [&, of = found](std::size_t place) { series_of_[place] = of; };
    if (sent.cover) note(*sent.cover);
    for (const auto& [number, place] : sent.parts) note(place);
    for (const auto& title : marks.titles) remember(by_title_, title, found);
    if (!marks.cover_title.empty()) remember(by_title_, marks.cover_title, found);
    for (const auto& id : marks.patch_ids) remember(by_patch_id_, id, found);
    if (!marks.change_id.empty()) remember(by_change_id_, marks.change_id, found);
    remember(by_sender_, head.sender_key(), found);
  }

  using Lists = std::unordered_map<std::string, std::vector<std::size_t>>;
  static void remember(Lists& lists, const std::string& key, std::size_t series) {
    auto& list = lists[key];
    if (list.empty() || list.back() != series) list.push_back(series);
  }
  static std::vector<std::size_t> newest(const Lists& lists, const std::string& key,
                                         std::size_t most = kMostCandidates) {
    const auto found = lists.find(key);
    if (found == lists.end()) return {};
    const auto& list = found->second;
    return {list.rbegin(), list.rbegin() + static_cast<std::ptrdiff_t>(std::min(list.size(), most))};
  }

  void add_version(Series& series, const SentTogether& sent, const MailFacts& head) const {
    SeriesVersion version;
    version.number = head.parsed.version;
    version.is_told = head.parsed.tells_version;
    version.is_resend = head.parsed.is_resend;
    version.cover = sent.cover;
    version.own = sent.parts;
    version.total = sent.total;
    version.first = sent.first;
    version.at = mails_[sent.first].at;
    if (!series.versions.empty()) {
      SeriesVersion& before = series.versions.back();
      if (!version.is_told) version.number = std::max(version.number, before.number);
      if (continues(series, sent)) {
        before.own.insert(sent.parts.begin(), sent.parts.end());
        before.total = sent.total;
        return;
      }
      // "[PATCH v2 2/3]" into the thread, and perhaps "[PATCH v2 3/3]" a day later.
      const bool is_part = !sent.cover && sent.total > 1 && sent.total == before.total &&
                           sent.parts.size() < static_cast<std::size_t>(sent.total) && answers_into(series, sent);
      version.is_partial = is_part;
      if (is_part && before.is_partial && before.number == version.number &&
          std::none_of(version.own.begin(), version.own.end(),
                       [&](const auto& each) { return before.own.contains(each.first); })) {
        before.own.insert(version.own.begin(), version.own.end());
        return;
      }
      // An answer that replaces one part of a series, without numbers.
      if (!sent.cover && sent.total == 1 && before.total > 1 && sent.parts.size() == 1)
        if (const auto part = replaced_part(series, sent); part) {
          version.own = {{*part, sent.parts.begin()->second}};
          version.total = before.total;
          version.is_partial = true;
        }
    }
    series.versions.push_back(std::move(version));
  }

  bool answers_into(const Series& series, const SentTogether& sent) const {
    return series_above(mails_[sent.first]) == static_cast<std::size_t>(&series - series_.data());
  }

  // "[PATCH 09/10]" and "[PATCH 10/10]" behind "[PATCH 8/8]": there is more of the same version.
  static bool continues(const Series& series, const SentTogether& sent) {
    const SeriesVersion& last = series.last();
    return !sent.cover && !sent.parts.empty() && last.total > 1 && sent.total > last.total &&
           sent.parts.begin()->first == last.total + 1;
  }

  // The part in whose place a patch without a number is sent: the one that it answers.
  std::optional<int> replaced_part(const Series& series, const SentTogether& sent) const {
    std::size_t place = sent.first;
    for (int steps = 0; steps < 50; ++steps) {
      const auto& references = mails_[place].references;
      const auto found = references.empty() ? index_.end() : index_.find(references.back());
      if (found == index_.end()) return std::nullopt;
      place = found->second;
      for (const auto& [number, own] : series.versions.back().own)
        if (own == place) return number;
    }
    return std::nullopt;
  }

  // Another branch: the same titles and patches mean no new version there.
  bool is_of_other_branch(const SentTogether& sent, const MailFacts& head, const Series& series) const {
    if (head.parsed.stable_tree() != series.stable_tree) return true;
    std::string upstream;
    for (const auto& [number, place] : sent.parts)
      if (upstream.empty()) upstream = mails_[place].upstream_commit;
    return upstream.empty() != series.backport_of.empty();
  }

  std::pair<std::size_t, std::string> find(const SentTogether& sent, const MailFacts& head, const Marks& marks) const {
    const auto fits = [&](std::size_t each, Timestamp reach) {
      const Series& series = series_[each];
      return head.at - series.last().at <= reach && !is_of_other_branch(sent, head, series) &&
             series.is_pull_request == (head.role == PatchRole::pull_request || head.parsed.is_pull_request);
    };
    if (!marks.change_id.empty())
      for (const std::size_t each : newest(by_change_id_, marks.change_id))
        if (fits(each, 4 * kVersionReach)) return {each, "the same change-id"};
    if (const std::size_t each = by_links(sent); each != kNone && fits(each, 4 * kVersionReach))
      return {each, "it links to the version before"};
    if (const std::size_t each = by_thread(sent, head, marks); each != kNone && fits(each, kVersionReach))
      return {each, "an answer in the thread"};
    if (head.parsed.is_pull_request && !head.parsed.tells_version) return {kNone, {}};
    if (const std::size_t each = by_title(sent, head, marks, fits); each != kNone) return {each, "the same title"};
    for (const auto& id : marks.patch_ids)
      for (const std::size_t each : newest(by_patch_id_, id))
        if (fits(each, kVersionReach) && known_[each].senders.contains(head.sender_key()) &&
            (is_later(head, series_[each]) ||
             (head.at - series_[each].last().at <= kAgainReach &&
              shared(marks.patch_ids, known_[each].marks.back().patch_ids) >= kSameTitles)))
          return {each, "the same patch"};
    if (const std::size_t each = by_likeness(sent, head, marks, fits); each != kNone)
      return {each, "the same files and much the same title"};
    return {kNone, {}};
  }

  // Says that it is a later version, or the same once more.
  static bool is_later(const MailFacts& head, const Series& series) {
    if (head.parsed.is_resend) return head.parsed.version >= series.last().number || !head.parsed.tells_version;
    return head.parsed.tells_version && head.parsed.version > series.last().number;
  }

  std::size_t by_links(const SentTogether& sent) const {
    std::vector<std::size_t> places;
    if (sent.cover) places.push_back(*sent.cover);
    for (const auto& [number, place] : sent.parts) places.push_back(place);
    for (const std::size_t place : places)
      for (const std::string& key : mails_[place].linked)
        if (const auto found = index_.find(key); found != index_.end()) {
          const std::size_t each = series_of_[found->second];
          if (each != kNone && known_[each].senders.contains(mails_[place].sender_key())) return each;
        }
    return kNone;
  }

  // The series in whose thread it was sent: of the nearest mail before it that is of one, by way of answers that name
  // nothing but what they answer.
  std::size_t series_above(const MailFacts& mail, int depth = 0) const {
    constexpr int kDeepest = 50;
    for (auto key = mail.references.rbegin(); key != mail.references.rend(); ++key) {
      const auto found = index_.find(*key);
      if (found == index_.end()) continue;
      if (series_of_[found->second] != kNone) return series_of_[found->second];
      if (depth >= kDeepest || mails_[found->second].is_of_series()) continue;
      const std::size_t above = series_above(mails_[found->second], depth + 1);
      if (above != kNone) return above;
      break;  // its references are those before this one
    }
    return kNone;
  }

  std::size_t by_thread(const SentTogether& sent, const MailFacts& head, const Marks& marks) const {
    const std::size_t each = series_above(mails_[sent.first]);
    if (each == kNone) return kNone;
    const bool is_same_sender = known_[each].senders.contains(head.sender_key());
    const Series& series = series_[each];
    const bool has_title = std::any_of(known_[each].marks.begin(), known_[each].marks.end(),
                                       [&](const Marks& before) { return have_title_in_common(marks, before); });
    if (!is_same_sender) {
      // Somebody else's later version, or what a maintainer made of the author's patch.
      const bool goes_on = head.parsed.tells_version && is_later(head, series) && is_as_large(sent, series);
      const bool is_of_author = !sent.cover && sent.total == 1 &&
                                known_[each].authors.contains(person_key(head.author)) &&
                                person_key(head.author) != head.sender_key();
      return has_title && (goes_on || is_of_author) ? each : kNone;
    }
    if (continues(series, sent)) return each;
    if (has_title || (head.parsed.tells_version && head.parsed.version > 1)) return each;
    // Another patch in the same thread, unless it is for the same files.
    const bool has_files = std::any_of(known_[each].marks.begin(), known_[each].marks.end(), [&](const Marks& before) {
      return shared(marks.paths, before.paths) >= kSameFiles;
    });
    return has_files && !head.parsed.is_for_record ? each : kNone;
  }

  // Somebody who takes a series up, or sends it on, sends about as many parts; who sends a part of it among all else
  // that they collected does not.
  static bool is_as_large(const SentTogether& sent, const Series& series) {
    const int a = std::max(1, sent.total), b = std::max(1, series.last().total);
    return a <= 2 * b && b <= 2 * a;
  }

  template <class Fits>
  std::size_t by_title(const SentTogether& sent, const MailFacts& head, const Marks& marks, const Fits& fits) const {
    std::vector<std::string> keys(marks.titles.begin(), marks.titles.end());
    if (!marks.cover_title.empty()) keys.push_back(marks.cover_title);
    std::size_t best = kNone;
    double most = 0;
    std::unordered_set<std::size_t> seen;
    for (const std::string& key : keys)
      for (const std::size_t each : newest(by_title_, key)) {
        if (!seen.insert(each).second || !fits(each, kVersionReach)) continue;
        const Known& known = known_[each];
        const auto like = std::find_if(known.marks.rbegin(), known.marks.rend(),
                                       [&](const Marks& before) { return have_title_in_common(marks, before); });
        if (like == known.marks.rend()) continue;
        // "Fix typo" comes often: something else has to be the same, too.
        const bool has_files = marks.paths.empty() || known.marks.back().paths.empty() ||
                               shared(marks.paths, known.marks.back().paths) > 0;
        if (!has_files) continue;
        const bool is_same_sender = known.senders.contains(head.sender_key());
        const Timestamp passed = head.at - series_[each].last().at;
        const bool follows = is_later(head, series_[each]);
        const bool is_before = is_next(head, series_[each]);
        const bool has_cover =
            !marks.cover_title.empty() && std::any_of(known.marks.begin(), known.marks.end(), [&](const Marks& before) {
              return before.cover_title == marks.cover_title;
            });
        // Sent again without a word on versions: most of it, not one part of another series that bears a common title.
        // "v2" once more, by mistake, means an earlier one, however long ago.
        const bool means_earlier = head.parsed.tells_version && head.parsed.version > 1 &&
                                   std::any_of(series_[each].versions.begin(), series_[each].versions.end(),
                                               [&](const SeriesVersion& version) {
                                                 return version.is_told && version.number == head.parsed.version;
                                               });
        const bool is_again = passed <= (means_earlier ? kVersionReach : kAgainReach) &&
                              (has_cover || shared(marks.titles, like->titles) >= kSameTitles);
        // Who takes a series up says so soon, or goes on under its name and with its numbers.
        const bool is_taken_up = follows && (passed <= kLooseReach || (is_before && has_cover));
        if (!(is_same_sender ? follows || is_again : is_taken_up && is_as_large(sent, series_[each]))) continue;
        // Of several the one that is most like it; the version before weighs most, the newest last.
        const double score = 1 + (is_before ? 2 : 0) + (has_cover ? 1 : 0) + shared(marks.titles, like->titles) +
                             1 / (1 + static_cast<double>(passed) / static_cast<double>(30 * kDay));
        if (score > most) most = score, best = each;
      }
    return best;
  }

  static bool is_next(const MailFacts& head, const Series& series) {
    return head.parsed.tells_version && series.last().number + 1 == head.parsed.version;
  }

  // By the same sender, under another title: a later version, or the patch that was first sent for comments.
  template <class Fits>
  std::size_t by_likeness(const SentTogether& sent, const MailFacts& head, const Marks& marks, const Fits& fits) const {
    const bool means_earlier = head.parsed.tells_version && head.parsed.version > 1;
    if (marks.paths.empty() || head.parsed.is_for_record || (!means_earlier && head.parsed.is_rfc)) return kNone;
    std::size_t best = kNone;
    double most = 0;
    for (const std::size_t each : newest(by_sender_, head.sender_key(), kMostOfSender)) {
      const Series& series = series_[each];
      if (!fits(each, kVersionReach) || (means_earlier && series.last().number >= head.parsed.version)) continue;
      const Timestamp passed = head.at - series.last().at;
      const Marks& before = known_[each].marks.back();
      const double files = shared_files(marks, before);
      if (files == 0) continue;
      double words = 0;
      for (const auto& a : titles_of(marks))
        for (const auto& b : titles_of(before)) words = std::max(words, shared(words_of(a), words_of(b)));
      const bool next = is_next(head, series);
      const double least = files >= kSameFiles ? kSomeWords : kMostWords;
      const bool is_alike =
          means_earlier
              ? (files >= kSameFiles && words >= kSameWords && passed <= (next ? kVersionReach : kLooseReach)) ||
                    (next && words >= least && passed <= kAgainReach)
              : was_for_comments(series) && is_as_large(sent, series) && words >= kMostWords && passed <= kAgainReach;
      // The version before is worth a little.
      const double all = files + words + (next ? 0.2 : 0);
      if (is_alike && all > most) most = all, best = each;
    }
    return best;
  }

  // All of it was "[RFC PATCH]": what is for good is still to come.
  bool was_for_comments(const Series& series) const {
    return std::all_of(series.versions.begin(), series.versions.end(), [&](const SeriesVersion& version) {
      return mails_[version.cover.value_or(version.first)].parsed.is_rfc;
    });
  }

  static std::vector<std::string> titles_of(const Marks& marks) {
    constexpr std::size_t kMost = 12;
    std::vector<std::string> titles;
    if (!marks.cover_title.empty()) titles.push_back(marks.cover_title);
    for (const auto& each : marks.titles)
      if (titles.size() < kMost) titles.push_back(each);
    return titles;
  }

  // What stands in each version.
  static void settle(Series& series) {
    for (std::size_t i = 0; i < series.versions.size(); ++i) {
      SeriesVersion& version = series.versions[i];
      if (version.is_partial && i > 0) version.parts = series.versions[i - 1].parts;
      if (version.own.empty() && version.total == 1 && version.cover) continue;  // a request to pull has no parts
      // Of "[PATCH 1/9999]" alone nobody needs to know what is missing, part by part.
      if (version.total <= kMostListed || version.own.size() * 10 >= static_cast<std::size_t>(version.total))
        for (int number = 1; number <= version.total; ++number) version.parts.try_emplace(number);
      for (const auto& [number, place] : version.own) version.parts[number] = {place, i};
    }
  }

  void answers() {
    std::vector<std::size_t> target(mails_.size(), kNone);
    std::unordered_map<std::string, std::size_t> newest_of_title;
    for (const std::size_t place : order_) {
      const MailFacts& mail = mails_[place];
      if (series_of_[place] != kNone) {
        target[place] = place;
        if (std::string key = title_key(mail.title); !key.empty()) newest_of_title[std::move(key)] = place;
        continue;
      }
      for (auto key = mail.references.rbegin(); key != mail.references.rend() && target[place] == kNone; ++key)
        if (const auto found = index_.find(*key); found != index_.end()) target[place] = target[found->second];
      if (target[place] == kNone && mail.parsed.is_reply && mail.references.empty())
        if (const auto found = newest_of_title.find(title_key(mail.parsed.title));
            found != newest_of_title.end() && mail.at - mails_[found->second].at <= kAnswerReach)
          target[place] = found->second;
      if (target[place] != kNone) series_[series_of_[target[place]]].answers.push_back({place, target[place]});
    }
  }

  const std::vector<MailFacts>& mails_;
  std::vector<std::size_t> order_, series_of_;
  KeyIndex index_;
  std::vector<Series> series_;
  std::vector<Known> known_;
  Lists by_title_, by_patch_id_, by_change_id_, by_sender_;
};

}  // namespace

bool SeriesVersion::is_incomplete() const {
  const auto present = std::count_if(parts.begin(), parts.end(),
                                     [](const auto& each) { return each.second.mail != SeriesPart::kMissing; });
  return !parts.empty() && present < total;
}

void promote_reply_patches(std::vector<MailFacts>& mails) {
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < mails.size(); ++i) index.emplace(mails[i].key, i);
  for (MailFacts& mail : mails) {
    if (!mail.is_reply_patch || mail.is_of_series()) continue;
    for (auto key = mail.references.rbegin(); key != mail.references.rend(); ++key) {
      const auto found = index.find(*key);
      if (found == index.end() || !mails[found->second].is_of_series()) continue;
      if (mails[found->second].sender_key() == mail.sender_key()) mail.role = PatchRole::patch;
      break;
    }
  }
}

std::vector<Series> assemble_series(const std::vector<MailFacts>& mails) {
  return Assembler(mails).run();
}

}  // namespace resident::mail
