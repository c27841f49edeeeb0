// The state of a project's review life at a moment, moved forward in time act by
// act, and what it says of each candidate for a pull request, as a row of numbers.
// Everything that fades does so exponentially, so the cost of an act and of a
// question does not grow with the history.
//
// Sources of the signals: paths of earlier reviews (Thongtanunam et al., "Who should
// review my code?", SANER 2015: here by shared folders), expertise from commits and
// lines (Mockus and Herbsleb, ICSE 2002), who reviews whom (Yu et al., ICSME 2014), activity and
// load (Rebai et al., ESEM 2020; Mirsaeedi and Rigby, ICSE 2020).
#pragma once

#include <array>
#include <learn/reviewers/history.hpp>
#include <string_view>
#include <unordered_set>

namespace resident::reviewers {

// In the order of a row. A rate is of the pull requests that somebody could have
// reviewed: those of others. A lift says how much more often than usual they review what is
// like this one: the log of the ratio, drawn to none where little is known.
enum class Signal : std::size_t {
  rate_5,  // log of the rate of reviews, half forgotten in that many days
  rate_20,
  rate_60,
  rate_180,
  rate_720,
  reviews_made,  // log of reviews, fading by e in a year: the simple way
  responses_60,  // log of the rate of writing or reviewing
  responses_365,
  active_1,  // log of acts of any kind
  active_5,
  active_30,
  absence,        // log of days since the last act
  author_lift,    // reviews of the same author
  file_lift,      // … of the same files
  folder_lift,    // … of the same folders, and files of a like name
  kind_lift,      // … of the same endings of files, number of files, newcomer or not
  word_lift,      // … of titles with the same words
  files_changed,  // share of past changes of these files, log
  folders_changed,
  lines_owned,  // share of lines that stand in these files
  author_back,  // how much the author reviews theirs
  linked,       // wrote in what it refers to
  together,     // how much they and the author review the same things
  merges,       // log of merges in a year
  load,         // log of open pull requests they are in
  owner,        // CODEOWNERS names them for a share of the files
  issues,       // log of acts in issues in 90 days
  authors,      // log of own pull requests in 90 days
  asked,        // they were asked for a review of it
  involved,     // they wrote on it or reviewed it
  count
};
inline constexpr std::size_t kSignals = static_cast<std::size_t>(Signal::count);
using Row = std::array<double, kSignals>;
std::string_view signal_name(Signal signal);

// What halves in a time of its own, brought up to date when asked.
class Fading {
 public:
  void add(Timestamp at, double amount, double half_life);
  double at(Timestamp now, double half_life) const;

 private:
  double value_ = 0;
  Timestamp at_ = 0;
};

// Weights of people under a key (a file, a folder, a word, an author); total: of all, or, of reviews, the
// pull requests with that key.
struct Tally {
  std::unordered_map<Index, Fading> people;
  Fading total;
};

struct Candidates {
  std::vector<Index> people;
  std::vector<Row> rows;
};

// What is said of somebody in words.
struct Familiarity {
  int file_reviews = 0;    // pull requests they wrote on that touched the file they know best of these
  int author_reviews = 0;  // pull requests of the author they wrote on
  double line_share = 0;   // of the lines of these files
};

class Signals {
 public:
  explicit Signals(const ReviewHistory& history);
  // From now on it is asked about these pull requests alone, as of that moment: what only others need is not kept, nor
  // what those did who can't be asked then. Before the first act.
  void watch(const std::vector<Index>& pulls, Timestamp now);
  // Takes in every act before the moment.
  void advance(Timestamp before);
  // Everybody who may be asked: not its author, no bot, and here in the year before.
  // as_opened: without what happened on it since.
  Candidates describe(const Pull& pull, Timestamp now, bool as_opened) const;

  Familiarity familiarity(const Pull& pull, Index person, Timestamp now) const;
  // Of a pull request, so far: those other than its author who reviewed it, or wrote or reviewed; by time.
  const std::vector<Index>& reviewers(Index pull) const { return pulls_[pull].reviewers; }
  const std::vector<Index>& responders(Index pull) const { return pulls_[pull].responders; }
  Timestamp last_active(Index person) const { return last_active_[person]; }
  // Open pull requests of the last half year that the person is in or asked for.
  double open_load(Index person, Timestamp now) const;
  // Pull requests written on, of which half are forgotten in 365 days.
  double recent_responses(Index person, Timestamp now) const;
  // The simple way: people by pull requests reviewed, each fading by e in a year.
  std::vector<Index> most_active(const Pull& pull, Timestamp now, bool written) const;

  static constexpr std::size_t kRates = 5, kResponseRates = 2;

 private:
  struct PersonState {
    std::array<Fading, kRates> reviews, opened;  // by half-life of the rates
    std::array<Fading, kResponseRates> responses, opened_then;
    Fading active_1, active_5, active_30, merges, issues, reviews_known, opened_known, baseline_reviews,
        baseline_responses;
    std::vector<Index> in;  // pull requests, in order of time
  };
  struct PullState {
    std::vector<Index> reviewers, responders, asked;
    std::vector<Index> own_reviewers;  // also its author
    std::vector<Index> kinds;
  };

  PersonState& of(Index person) { return persons_[place_.empty() ? person : place_[person]]; }
  const PersonState& of(Index person) const { return persons_[place_.empty() ? person : place_[person]]; }
  bool counts(Index person) const { return place_.empty() || place_[person] != kNone; }
  bool is_in(const Link& link, Index person) const;
  void take(const Act& act);
  void take_lines(const Act& act);
  void take_commit(const Act& act);
  void open(const Act& act, const Pull& pull);
  void take_review(const Act& act, const Pull& pull, PullState& state);
  void take_response(const Act& act, const Pull& pull, PullState& state);
  void add_shares(const Pull& pull, Timestamp now, Candidates& candidates) const;
  void add_lifts(const Pull& pull, Timestamp now, Candidates& candidates) const;
  std::vector<Index> kind_keys(const Pull& pull) const;
  bool watches(const std::vector<bool>& watched, Index index) const { return watched.empty() || watched[index]; }

  const ReviewHistory& history_;
  ActList::Reader acts_;
  std::vector<PersonState> persons_;
  std::vector<Index> place_;  // in persons_; kNone: they don't count. Empty: everybody does, and has their own
  std::vector<Timestamp> last_active_;
  std::vector<bool> merged_before_;  // a pull request of theirs
  std::vector<PullState> pulls_;
  std::vector<std::vector<Index>> issues_;  // who wrote in each
  std::vector<Tally> key_reviews_, key_changes_, word_reviews_, kind_reviews_, author_reviews_, lines_;
  std::unordered_map<std::uint64_t, Fading> together_;
  std::unordered_map<std::uint64_t, int> pair_count_, file_count_;
  PersonState everybody_;
  // By index; empty: all are.
  std::vector<bool> watched_keys_, watched_words_, watched_kinds_, watched_authors_;
};

}  // namespace resident::reviewers
