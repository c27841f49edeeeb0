#include <algorithm>
#include <cmath>
#include <learn/reviewers/signals.hpp>

namespace resident::reviewers {

namespace {

constexpr double kDays = kDay;
constexpr std::array<double, Signals::kRates> kRateHalfLives{5 * kDays, 20 * kDays, 60 * kDays, 180 * kDays,
                                                             720 * kDays};
constexpr std::array<double, Signals::kResponseRates> kResponseHalfLives{60 * kDays, 365 * kDays};
constexpr double kNeverFades = 1e18;
constexpr double kQuarter = 90 * kDays, kYear = 365 * kDays;
// Half-lives of what is known of files and of who works with whom.
constexpr double kKnowledge = 540 * kDays, kPairs = 270 * kDays;
// The baseline fades by e in a year.
const double kBaselineHalfLife = kYear * std::log(2.0);
constexpr Timestamp kCandidateWindow = 365 * kDay, kLoadWindow = 180 * kDay;
// Below this a share or a count is as good as none.
constexpr double kLittle = 0.1, kLittleShare = 0.03;
// So many pull requests more are imagined, reviewed by everybody as they usually do.
constexpr double kAuthorPrior = 2, kFilePrior = 2, kKindPrior = 4, kWordPrior = 4;
constexpr double kRatePrior = 0.1, kUsualPrior = 0.05;
// Keys of kinds after those of files: five sizes, newcomers, others.
constexpr Index kKinds = 7;
// Files beyond these tell no more.
constexpr std::size_t kMostFiles = 60;

std::uint64_t both(Index a, Index b) {
  return (static_cast<std::uint64_t>(a) << 32) | b;
}

bool contains(const std::vector<Index>& list, Index value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

double& cell(Row& row, Signal signal) {
  return row[static_cast<std::size_t>(signal)];
}

// One pull request is one review, however many files it has.
double share_of_file(const Pull& pull) {
  return 1 / std::sqrt(static_cast<double>(std::max<std::size_t>(1, pull.files.size())));
}

double found(const std::unordered_map<std::uint64_t, Fading>& table, std::uint64_t key, Timestamp now,
             double half_life) {
  const auto at = table.find(key);
  return at == table.end() ? 0 : at->second.at(now, half_life);
}

}  // namespace

Signals::Signals(const ReviewHistory& history)
    : history_(history),
      acts_(history.acts),
      persons_(history.person_ids.size()),
      last_active_(history.person_ids.size()),
      merged_before_(history.person_ids.size()),
      pulls_(history.pulls.size()),
      issues_(history.issue_count),
      key_reviews_(history.key_count),
      key_changes_(history.key_count),
      word_reviews_(history.word_count),
      kind_reviews_(history.key_count + kKinds),
      author_reviews_(history.person_ids.size()),
      lines_(history.key_count) {}

void Signals::watch(const std::vector<Index>& pulls, Timestamp now) {
  watched_keys_.assign(history_.key_count, false);
  watched_words_.assign(history_.word_count, false);
  watched_kinds_.assign(history_.key_count + kKinds, false);
  watched_authors_.assign(history_.person_ids.size(), false);
  std::fill(watched_kinds_.begin() + history_.key_count, watched_kinds_.end(), true);
  for (const Index each : pulls) {
    const Pull& pull = history_.pulls[each];
    for (const Index file : pull.files) {
      const auto& keys = history_.file_keys[file];
      for (const Index key : keys) watched_keys_[key] = true;
      watched_kinds_[keys.back()] = true;
    }
    for (const Index word : pull.words) watched_words_[word] = true;
    if (pull.author != kNone) watched_authors_[pull.author] = true;
  }
  // Who could be asked then, and whose pull requests they are.
  std::vector<Timestamp> last(history_.person_ids.size());
  history_.acts.each([&](const Act& act) {
    if (act.at <= now && act.kind != ActKind::lines && act.kind != ActKind::requested)
      last[act.person] = std::max(last[act.person], act.at);
  });
  place_.assign(history_.person_ids.size(), kNone);
  Index count = 0;
  for (Index i = 0; i < place_.size(); ++i)
    if (last[i] > now - kCandidateWindow || watched_authors_[i]) place_[i] = count++;
  std::vector<PersonState>(count).swap(persons_);
}

void Signals::advance(Timestamp before) {
  for (const Act* act; (act = acts_.peek()) && act->at < before; acts_.skip()) take(*act);
}

void Signals::take_lines(const Act& act) {
  const Index key = history_.file_keys[act.file].front();
  if (!watches(watched_keys_, key)) return;
  Tally& tally = lines_[key];
  if (counts(act.person)) tally.people[act.person].add(act.at, act.amount, kNeverFades);
  tally.total.add(act.at, act.amount, kNeverFades);
}

void Signals::take_commit(const Act& act) {
  const double amount = std::log2(2 + static_cast<double>(act.amount));
  for (const Index key : history_.file_keys[act.file]) {
    if (!watches(watched_keys_, key)) continue;
    if (counts(act.person)) key_changes_[key].people[act.person].add(act.at, amount, kKnowledge);
    key_changes_[key].total.add(act.at, amount, kKnowledge);
  }
}

void Signals::take(const Act& act) {
  if (act.kind == ActKind::lines) return take_lines(act);
  // Of others only what all have in common.
  if (act.kind == ActKind::commit) take_commit(act);
  if (act.kind == ActKind::opened) open(act, history_.pulls[act.pull]);
  if (act.kind == ActKind::merged && act.pull != kNone && history_.pulls[act.pull].author != kNone)
    merged_before_[history_.pulls[act.pull].author] = true;
  if (!counts(act.person)) return;
  PersonState& person = of(act.person);
  if (act.kind == ActKind::requested) {
    if (act.pull != kNone && !contains(pulls_[act.pull].asked, act.person)) {
      pulls_[act.pull].asked.push_back(act.person);
      person.in.push_back(act.pull);
    }
    return;
  }
  last_active_[act.person] = std::max(last_active_[act.person], act.at);
  person.active_1.add(act.at, 1, kDays);
  person.active_5.add(act.at, 1, 5 * kDays);
  person.active_30.add(act.at, 1, 30 * kDays);
  switch (act.kind) {
    case ActKind::issue:
      person.issues.add(act.at, 1, kQuarter);
      if (!contains(issues_[act.file], act.person)) issues_[act.file].push_back(act.person);
      break;
    case ActKind::merged:
      person.merges.add(act.at, 1, kYear);
      break;
    case ActKind::review:
    case ActKind::inline_comment:
    case ActKind::comment: {
      const Pull& pull = history_.pulls[act.pull];
      PullState& state = pulls_[act.pull];
      if (act.kind == ActKind::review) take_review(act, pull, state);
      take_response(act, pull, state);
      break;
    }
    default:
      break;
  }
}

void Signals::open(const Act& act, const Pull& pull) {
  for (PersonState* each : {counts(act.person) ? &of(act.person) : nullptr, &everybody_}) {
    if (!each) continue;
    for (std::size_t i = 0; i < kRates; ++i) each->opened[i].add(act.at, 1, kRateHalfLives[i]);
    for (std::size_t i = 0; i < kResponseRates; ++i) each->opened_then[i].add(act.at, 1, kResponseHalfLives[i]);
    each->opened_known.add(act.at, 1, kKnowledge);
  }
  // What could be reviewed from now on; the lifts compare with it.
  PullState& state = pulls_[act.pull];
  state.kinds = kind_keys(pull);
  for (const Index file : pull.files)
    for (const Index key : history_.file_keys[file])
      if (watches(watched_keys_, key)) key_reviews_[key].total.add(act.at, share_of_file(pull), kKnowledge);
  for (const Index word : pull.words)
    if (watches(watched_words_, word)) word_reviews_[word].total.add(act.at, 1, kKnowledge);
  for (const Index kind : state.kinds)
    if (watches(watched_kinds_, kind)) kind_reviews_[kind].total.add(act.at, 1, kKnowledge);
  author_reviews_[act.person].total.add(act.at, 1, kKnowledge);
}

std::vector<Index> Signals::kind_keys(const Pull& pull) const {
  const Index after = history_.key_count;
  const std::size_t files = pull.files.size();
  std::vector<Index> kinds{after + (files == 0 ? 0U : files == 1 ? 1U : files <= 4 ? 2U : files <= 15 ? 3U : 4U)};
  const bool is_newcomer = pull.author == kNone || !merged_before_[pull.author];
  kinds.push_back(after + (is_newcomer ? 5U : 6U));
  for (const Index file : pull.files)
    if (const Index ending = history_.file_keys[file].back(); !contains(kinds, ending)) kinds.push_back(ending);
  return kinds;
}

void Signals::take_response(const Act& act, const Pull& pull, PullState& state) {
  if (act.person == pull.author || contains(state.responders, act.person)) return;
  PersonState& person = of(act.person);
  state.responders.push_back(act.person);
  for (std::size_t i = 0; i < kResponseRates; ++i) person.responses[i].add(act.at, 1, kResponseHalfLives[i]);
  person.baseline_responses.add(act.at, 1, kBaselineHalfLife);
  person.reviews_known.add(act.at, 1, kKnowledge);
  if (!contains(state.asked, act.person)) person.in.push_back(act.pull);
  for (const Index other : state.responders) {
    if (other == act.person) continue;
    if (watches(watched_authors_, other)) together_[both(other, act.person)].add(act.at, 1, kPairs);
    if (watches(watched_authors_, act.person)) together_[both(act.person, other)].add(act.at, 1, kPairs);
  }
  if (pull.author != kNone) {
    const bool is_author_watched = watches(watched_authors_, pull.author);
    if (is_author_watched || watches(watched_authors_, act.person))
      author_reviews_[pull.author].people[act.person].add(act.at, 1, kKnowledge);
    if (is_author_watched) ++pair_count_[both(pull.author, act.person)];
  }
  const double share = share_of_file(pull);
  for (const Index file : pull.files) {
    const auto& keys = history_.file_keys[file];
    if (watches(watched_keys_, keys.front())) ++file_count_[both(keys.front(), act.person)];
    for (const Index key : keys)
      if (watches(watched_keys_, key)) key_reviews_[key].people[act.person].add(act.at, share, kKnowledge);
  }
  for (const Index word : pull.words)
    if (watches(watched_words_, word)) word_reviews_[word].people[act.person].add(act.at, 1, kKnowledge);
  for (const Index kind : state.kinds)
    if (watches(watched_kinds_, kind)) kind_reviews_[kind].people[act.person].add(act.at, 1, kKnowledge);
}

void Signals::take_review(const Act& act, const Pull& pull, PullState& state) {
  PersonState& person = of(act.person);
  if (!contains(state.own_reviewers, act.person)) {
    state.own_reviewers.push_back(act.person);
    person.baseline_reviews.add(act.at, 1, kBaselineHalfLife);
  }
  if (act.person == pull.author || contains(state.reviewers, act.person)) return;
  state.reviewers.push_back(act.person);
  for (std::size_t i = 0; i < kRates; ++i) person.reviews[i].add(act.at, 1, kRateHalfLives[i]);
}

double Signals::open_load(Index person, Timestamp now) const {
  double load = 0;
  const auto& in = of(person).in;
  for (auto pull = in.rbegin(); pull != in.rend(); ++pull) {
    const Pull& each = history_.pulls[*pull];
    if (each.opened_at < now - kLoadWindow) continue;
    if (!each.closed_at || *each.closed_at > now) ++load;
  }
  return load;
}

bool Signals::is_in(const Link& link, Index person) const {
  if (!link.is_pull) return contains(issues_[link.index], person);
  return history_.pulls[link.index].author == person || contains(pulls_[link.index].responders, person);
}

Familiarity Signals::familiarity(const Pull& pull, Index person, Timestamp now) const {
  Familiarity result;
  double lines = 0, all = 0;
  for (const Index file : pull.files) {
    const auto& keys = history_.file_keys[file];
    const auto reviews = file_count_.find(both(keys.front(), person));
    if (reviews != file_count_.end()) result.file_reviews = std::max(result.file_reviews, reviews->second);
    const Tally& tally = lines_[keys.front()];
    const auto own = tally.people.find(person);
    if (own != tally.people.end()) lines += own->second.at(now, kNeverFades);
    all += tally.total.at(now, kNeverFades);
  }
  result.line_share = all > 0 ? std::max(0.0, lines / all) : 0;
  const auto pair = pair_count_.find(both(pull.author, person));
  result.author_reviews = pull.author == kNone || pair == pair_count_.end() ? 0 : pair->second;
  return result;
}

double Signals::recent_responses(Index person, Timestamp now) const {
  return of(person).responses[1].at(now, kResponseHalfLives[1]);
}

std::vector<Index> Signals::most_active(const Pull& pull, Timestamp now, bool written) const {
  std::vector<std::pair<double, Index>> list;
  for (Index i = 0; i < last_active_.size(); ++i) {
    if (!counts(i)) continue;
    const Fading& weight = written ? of(i).baseline_responses : of(i).baseline_reviews;
    const double value = weight.at(now, kBaselineHalfLife);
    if (i != pull.author && value > 0) list.emplace_back(-value, i);
  }
  std::sort(list.begin(), list.end());
  std::vector<Index> result;
  for (const auto& [value, person] : list) result.push_back(person);
  return result;
}

void Signals::add_shares(const Pull& pull, Timestamp now, Candidates& candidates) const {
  const std::size_t count = candidates.people.size();
  std::unordered_map<Index, std::size_t> row_of;
  for (std::size_t i = 0; i < count; ++i) row_of[candidates.people[i]] = i;
  const auto spread = [&](const Tally& tally, double half_life, double weight, std::vector<double>& into) {
    const double total = tally.total.at(now, half_life);
    if (total <= 0) return false;
    for (const auto& [person, value] : tally.people)
      if (const auto row = row_of.find(person); row != row_of.end())
        into[row->second] += weight * std::max(0.0, value.at(now, half_life)) / total;
    return true;
  };
  const auto put = [&](const std::vector<double>& from, double total, Signal signal) {
    for (std::size_t i = 0; i < count; ++i)
      cell(candidates.rows[i], signal) =
          std::log(kLittleShare + (total > 0 ? from[i] / total : 0)) - std::log(kLittleShare);
  };
  // A key says more the fewer changes it is shared by.
  const auto rarity = [&](const Tally& tally, double half_life) { return 1 / (2 + tally.total.at(now, half_life)); };
  const auto of_keys = [&](const std::vector<Tally>& tallies, Signal files, Signal folders) {
    std::vector<double> exact(count, 0), around(count, 0);
    double exact_total = 0, around_total = 0;
    for (const Index file : pull.files) {
      const auto& keys = history_.file_keys[file];
      for (std::size_t k = 0; k < keys.size(); ++k) {
        const Tally& tally = tallies[keys[k]];
        if (k == 0) {
          exact_total += spread(tally, kKnowledge, 1, exact);
        } else {
          const double weight = rarity(tally, kKnowledge);
          if (spread(tally, kKnowledge, weight, around)) around_total += weight;
        }
      }
    }
    put(exact, exact_total, files);
    put(around, around_total, folders);
  };
  of_keys(key_changes_, Signal::files_changed, Signal::folders_changed);
  std::vector<double> lines(count, 0), owner(count, 0);
  double lines_total = 0;
  for (const Index file : pull.files)
    lines_total += spread(lines_[history_.file_keys[file].front()], kNeverFades, 1, lines);
  put(lines, lines_total, Signal::lines_owned);
  if (history_.codeowners.empty()) return;
  for (const Index file : pull.files)
    for (const Index each : history_.owners_of(history_.file_paths[file]))
      if (const auto row = row_of.find(each); row != row_of.end()) owner[row->second] += 1;
  for (std::size_t i = 0; i < count; ++i)
    cell(candidates.rows[i], Signal::owner) =
        pull.files.empty() ? 0 : owner[i] / static_cast<double>(pull.files.size());
}

void Signals::add_lifts(const Pull& pull, Timestamp now, Candidates& candidates) const {
  const std::size_t count = candidates.people.size();
  std::unordered_map<Index, std::size_t> row_of;
  std::vector<double> usual(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Index who = candidates.people[i];
    row_of[who] = i;
    usual[i] =
        std::min(1.0, (of(who).reviews_known.at(now, kKnowledge) + kUsualPrior) /
                          (everybody_.opened_known.at(now, kKnowledge) - of(who).opened_known.at(now, kKnowledge) + 1));
  }
  // Adds the weighted lift of one key to all.
  const auto lift = [&](const Tally& tally, double prior, double weight, Signal signal) {
    const double total = tally.total.at(now, kKnowledge);
    const double nothing = weight * std::log(prior / (total + prior));
    for (Row& row : candidates.rows) cell(row, signal) += nothing;
    for (const auto& [person, value] : tally.people) {
      const auto found_row = row_of.find(person);
      if (found_row == row_of.end()) continue;
      const double own = value.at(now, kKnowledge) + prior * usual[found_row->second];
      cell(candidates.rows[found_row->second], signal) += weight * std::log(own / (prior * usual[found_row->second]));
    }
  };
  if (pull.author != kNone) lift(author_reviews_[pull.author], kAuthorPrior, 1, Signal::author_lift);
  const std::size_t files = std::min(kMostFiles, pull.files.size());
  for (std::size_t i = 0; i < files; ++i) {
    const auto& keys = history_.file_keys[pull.files[i]];
    lift(key_reviews_[keys.front()], kFilePrior, 1 / static_cast<double>(files), Signal::file_lift);
    for (std::size_t k = 1; k + 1 < keys.size(); ++k)
      lift(key_reviews_[keys[k]], kFilePrior, 1 / static_cast<double>(files * (keys.size() - 2)), Signal::folder_lift);
  }
  const auto kinds = kind_keys(pull);
  for (const Index kind : kinds)
    lift(kind_reviews_[kind], kKindPrior, 1 / static_cast<double>(kinds.size()), Signal::kind_lift);
  for (const Index word : pull.words)
    lift(word_reviews_[word], kWordPrior, 1 / std::sqrt(static_cast<double>(pull.words.size())), Signal::word_lift);
}

Candidates Signals::describe(const Pull& pull, Timestamp now, bool as_opened) const {
  Candidates candidates;
  for (Index i = 0; i < last_active_.size(); ++i)
    if (i != pull.author && !history_.is_bot[i] && last_active_[i] > now - kCandidateWindow)
      candidates.people.push_back(i);
  candidates.rows.assign(candidates.people.size(), Row{});
  const auto index = history_.pull_index.find(pull.id);
  const PullState* state = as_opened || index == history_.pull_index.end() ? nullptr : &pulls_[index->second];
  std::array<double, kRates> opened;
  std::array<double, kResponseRates> opened_then;
  for (std::size_t k = 0; k < kRates; ++k) opened[k] = everybody_.opened[k].at(now, kRateHalfLives[k]);
  for (std::size_t k = 0; k < kResponseRates; ++k)
    opened_then[k] = everybody_.opened_then[k].at(now, kResponseHalfLives[k]);
  for (std::size_t i = 0; i < candidates.people.size(); ++i) {
    const Index who = candidates.people[i];
    const PersonState& person = of(who);
    Row& row = candidates.rows[i];
    const auto log_of = [&](const Fading& value, double half_life) {
      return std::log(kLittle + value.at(now, half_life)) - std::log(kLittle);
    };
    // Above what nobody's rate is.
    const auto rate = [](double done, double possible) {
      return std::log1p(done / (kRatePrior * (1 + std::max(0.0, possible))));
    };
    for (std::size_t k = 0; k < kRates; ++k)
      row[static_cast<std::size_t>(Signal::rate_5) + k] =
          rate(person.reviews[k].at(now, kRateHalfLives[k]), opened[k] - person.opened[k].at(now, kRateHalfLives[k]));
    for (std::size_t k = 0; k < kResponseRates; ++k)
      row[static_cast<std::size_t>(Signal::responses_60) + k] =
          rate(person.responses[k].at(now, kResponseHalfLives[k]),
               opened_then[k] - person.opened_then[k].at(now, kResponseHalfLives[k]));
    cell(row, Signal::active_1) = log_of(person.active_1, kDays);
    cell(row, Signal::active_5) = log_of(person.active_5, 5 * kDays);
    cell(row, Signal::active_30) = log_of(person.active_30, 30 * kDays);
    cell(row, Signal::absence) = std::log1p(static_cast<double>(now - last_active_[who]) / kDays);
    cell(row, Signal::reviews_made) = std::log(1 + person.baseline_reviews.at(now, kBaselineHalfLife));
    cell(row, Signal::merges) = log_of(person.merges, kYear);
    cell(row, Signal::issues) = log_of(person.issues, kQuarter);
    cell(row, Signal::authors) = log_of(person.opened[2], kRateHalfLives[2]);
    cell(row, Signal::load) = std::log1p(open_load(who, now));
    if (pull.author != kNone) {
      const auto& back = author_reviews_[who].people;
      const auto found_back = back.find(pull.author);
      cell(row, Signal::author_back) =
          std::log1p(found_back == back.end() ? 0 : found_back->second.at(now, kKnowledge));
      cell(row, Signal::together) = std::log1p(found(together_, both(pull.author, who), now, kPairs));
    }
    for (const Link& link : pull.links)
      cell(row, Signal::linked) = std::max(cell(row, Signal::linked), is_in(link, who) ? 1.0 : 0.0);
    if (state) {
      cell(row, Signal::asked) = contains(state->asked, who);
      cell(row, Signal::involved) = contains(state->responders, who);
    }
  }
  add_lifts(pull, now, candidates);
  add_shares(pull, now, candidates);
  return candidates;
}

}  // namespace resident::reviewers
