#include <algorithm>
#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <map>
#include <set>
#include <sources/proposals/history.hpp>
#include <sources/proposals/lineages.hpp>
#include <sources/proposals/storyline.hpp>
#include <sources/proposals/words.hpp>
#include <unordered_map>

namespace resident {

namespace {

using git::ObjectId;
using git::TreeChange;
using git::TreeStep;
using EntryPointer = std::shared_ptr<const ProposalEntry>;

constexpr std::size_t kMostBytes = 4'000'000;
// As many of one change in a commit as could be a renaming of the word (words.hpp says when it is).
constexpr std::size_t kMassChange = 3;

// How the files of proposals stand in one commit.
struct File {
  ObjectId blob{};
  ProposalRows rows;
};
using FilePointer = std::shared_ptr<const File>;
struct State {
  std::map<std::string, FilePointer> files;
  std::map<Lineage, std::string> left;  // last status of those that say none any more
};
using StatePointer = std::shared_ptr<const State>;

struct VersionId {
  std::string path;
  ObjectId blob;
  bool operator<(const VersionId& other) const { return path != other.path ? path < other.path : blob < other.blob; }
};

class Pass {
 public:
  Pass(git::Repository& repository, const ProposalFormat& format, std::optional<Timestamp> as_of)
      : repository_(repository), format_(format), as_of_(as_of) {}

  ProposalHistory run() {
    gather_steps();
    read_entries();
    replay();
    ProposalHistory history = collect();
    history.problems = repository_.problems();
    return history;
  }

 private:
  void gather_steps() {
    Progress progress("commits", 0);
    std::size_t shown = 0;
    repository_.tree_steps(
        follows_renames(), [&](TreeStep&& step) { keep(std::move(step)); },
        [&](std::size_t total) { progress.set_total(total); },
        [&](std::size_t done) {
          progress.advance(done - std::min(done, shown));
          shown = std::max(done, shown);
        });
    progress.finish();
  }

  bool follows_renames() const {
    return format_.identity == ProposalIdentity::renames || format_.identity == ProposalIdentity::names;
  }

  bool concerns(const std::string& path) const {
    return format_.concerns(path) || (format_.wants_beside && format_.wants_beside(path));
  }

  // What is of no proposal is let go at once.
  void keep(TreeStep&& step) {
    std::erase_if(step.changes, [&](TreeChange& change) {
      const bool after = change.after.exists() && change.after.is_regular() && concerns(change.path);
      const std::string& old = change.old_path.empty() ? change.path : change.old_path;
      const bool before = change.before.exists() && change.before.is_regular() && concerns(old);
      if (!after) change.after = {};
      if (!before) change.before = {};
      return !after && !before;
    });
    if (step.changes.empty()) {
      step.body.clear();
      step.body.shrink_to_fit();
    }
    for (const TreeChange& change : step.changes)
      if (change.after.exists()) wanted_.try_emplace({change.path, change.after.id}, wanted_.size());
    steps_.push_back(std::move(step));
  }

  void read_entries() {
    // By path, and within it in the order of the history.
    std::vector<std::pair<const VersionId*, std::size_t>> order;
    for (const auto& [version, number] : wanted_) order.emplace_back(&version, number);
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return a.first->path != b.first->path ? a.first->path < b.first->path : a.second < b.second;
    });
    std::vector<git::FileVersion> versions;
    for (const auto& [version, number] : order) versions.push_back({version->path, version->blob});
    std::vector<std::vector<EntryPointer>> read(versions.size());
    repository_.read_versions(versions, kMostBytes, [&](std::size_t at, std::string_view bytes) {
      if (!format_.concerns(versions[at].path)) return;
      const std::string text = clean_text(bytes);
      for (ProposalEntry& entry : format_.read(versions[at].path, text))
        read[at].push_back(std::make_shared<const ProposalEntry>(std::move(entry)));
    });
    for (std::size_t i = 0; i < order.size(); ++i) entries_[*order[i].first] = std::move(read[i]);
  }

  void replay() {
    std::vector<std::size_t> children(steps_.size(), 0);
    for (const TreeStep& step : steps_)
      for (const std::size_t parent : step.parents) ++children[parent];
    std::vector<StatePointer> states(steps_.size());
    const auto empty = std::make_shared<const State>();
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const TreeStep& step = steps_[i];
      std::vector<StatePointer> parents;
      for (const std::size_t parent : step.parents) parents.push_back(states[parent] ? states[parent] : empty);
      states[i] = step.changes.empty() && parents.size() == 1 ? parents[0] : next(step, parents);
      const bool counts = !as_of_ || step.landed_at <= *as_of_;
      if (counts && step.landed_sha == step.sha) last_ = states[i], last_step_ = i, until_ = step.committed_at;
      for (const std::size_t parent : step.parents)
        if (--children[parent] == 0) states[parent].reset();
    }
  }

  StatePointer next(const TreeStep& step, const std::vector<StatePointer>& parents) {
    auto state = std::make_shared<State>(parents.empty() ? State{} : *parents[0]);
    for (std::size_t i = 1; i < parents.size(); ++i)
      if (parents[i] != parents[0]) state->left.insert(parents[i]->left.begin(), parents[i]->left.end());
    Texts was, is;
    for (const TreeChange& change : step.changes) {
      const std::string& old = change.old_path.empty() ? change.path : change.old_path;
      const auto found = change.before.exists() ? state->files.find(old) : state->files.end();
      if (found == state->files.end()) continue;
      note(*found->second, was);
      // A copy keeps its original; the rest of what had this path goes.
      if (!change.after.exists() || old != change.path) state->files.erase(found);
    }
    for (const TreeChange& change : step.changes) {
      if (!change.after.exists()) continue;
      const FilePointer file = read_file(change, step, parents);
      state->files[change.path] = file;
      note(*file, is);
      for (const auto& row : file->rows) paths_[lineages_.find(row.lineage)].insert(change.path);
    }
    std::set<Lineage> touched;
    for (const auto* side : {&was, &is})
      for (const auto& [lineage, texts] : *side)
        if (is_other(was, is, lineage)) touched.insert(lineages_.find(lineage));
    tell_changes(step, parents, *state, touched);
    return state;
  }

  // What the files in hand say of each proposal.
  using Texts = std::map<Lineage, std::multiset<std::string>>;
  void note(const File& file, Texts& texts) const {
    for (const ProposalRow& row : file.rows) {
      const ProposalEntry& entry = *row.entry;
      texts[lineages_.find(row.lineage)].insert(entry.status + "\n" + entry.name + "\n" + entry.link);
    }
  }

  // Of a table, the rows that differ; a file of its own speaks of its proposal with every word.
  bool is_other(const Texts& was, const Texts& is, Lineage lineage) const {
    if (format_.identity != ProposalIdentity::rows) return true;
    const auto before = was.find(lineage), after = is.find(lineage);
    return before == was.end() || after == is.end() || before->second != after->second;
  }

  FilePointer read_file(const TreeChange& change, const TreeStep& step, const std::vector<StatePointer>& parents) {
    // What a merge brought is what it was there.
    for (const StatePointer& parent : parents) {
      const auto same = parent->files.find(change.path);
      if (same != parent->files.end() && same->second->blob == change.after.id) return same->second;
    }
    auto file = std::make_shared<File>();
    file->blob = change.after.id;
    const auto& entries = entries_[{change.path, change.after.id}];
    if (format_.identity == ProposalIdentity::rows) {
      file->rows = lineages_.match(entries, known_rows(change.path, parents));
      return file;
    }
    for (const EntryPointer& entry : entries) file->rows.push_back({lineage_of(*entry, change, step, parents), entry});
    return file;
  }

  // Rows of the file itself first, then those of others.
  ProposalRows known_rows(const std::string& path, const std::vector<StatePointer>& parents) const {
    ProposalRows known;
    for (const StatePointer& parent : parents) {
      if (const auto own = parent->files.find(path); own != parent->files.end())
        known.insert(known.end(), own->second->rows.begin(), own->second->rows.end());
      for (const auto& [other, file] : parent->files)
        if (other != path) known.insert(known.end(), file->rows.begin(), file->rows.end());
    }
    // Rows that left: they may come again.
    known.insert(known.end(), seen_.begin(), seen_.end());
    return known;
  }

  Lineage lineage_of(const ProposalEntry& entry, const TreeChange& change, const TreeStep& step,
                     const std::vector<StatePointer>& parents) {
    const std::string& old = change.old_path.empty() ? change.path : change.old_path;
    std::optional<Lineage> before;
    const ProposalEntry* was = nullptr;
    if (follows_renames()) {
      for (const StatePointer& parent : parents) {
        const auto found = parent->files.find(parent == parents[0] ? old : change.path);
        if (before || found == parent->files.end() || found->second->rows.empty()) continue;
        before = lineages_.find(found->second->rows[0].lineage);
        was = found->second->rows[0].entry.get();
      }
    }
    if (format_.identity == ProposalIdentity::names) return lineages_.of_key("#" + entry.key, before);
    if (entry.key.empty() && before) return *before;
    if (entry.key.empty()) return lineage_of_draft(entry, change, step);
    if (was && was->key == entry.key && !entry.slug.empty()) return named(*before, entry);
    // One number and two names, neither renamed from the other, are two proposals.
    std::string key = "#" + entry.key;
    if (is_named_otherwise(lineages_.of_key(key), entry)) key += " " + entry.slug;
    // The number alone is another one, of a proposal that was never called otherwise: it was numbered anew.
    if (was && !was->key.empty() && !entry.slug.empty() && slugs_[*before] == std::set{entry.slug}) {
      lineages_.release("#" + was->key, *before);
      return lineages_.of_key(key, before);
    }
    const Lineage lineage = named(lineages_.of_key(key), entry);
    // A file without a number became one with it. Two numbers are never one proposal, however alike the files are.
    if (before && *before != lineage && !numbered_.contains(*before)) {
      auto paths = std::move(paths_[*before]);
      paths_.erase(*before);
      paths_[lineage].merge(paths);
      join_changes(lineage, *before);
      lineages_.join(lineage, *before);
    }
    numbered_.insert(lineage);
    return lineage;
  }

  Lineage named(Lineage lineage, const ProposalEntry& entry) {
    if (!entry.slug.empty()) slugs_[lineage].insert(entry.slug);
    return lineage;
  }

  // Whether a proposal has names, and none that begins as this one's does or it as they do (those of translations and
  // supplements).
  bool is_named_otherwise(Lineage lineage, const ProposalEntry& entry) const {
    const auto slugs = slugs_.find(lineage);
    return !entry.slug.empty() && slugs != slugs_.end() &&
           std::none_of(slugs->second.begin(), slugs->second.end(), [&](const std::string& slug) {
             return slug.starts_with(entry.slug) || entry.slug.starts_with(slug);
           });
  }

  // Names of drafts are used again once one has a number.
  Lineage lineage_of_draft(const ProposalEntry& entry, const TreeChange& change, const TreeStep& step) {
    if (!entry.draft.empty()) {
      const Lineage lineage = lineages_.of_key("~" + entry.draft);
      if (!numbered_.contains(lineage)) return lineage;
    }
    return lineages_.of_key(change.path + "@" + step.sha);
  }

  void join_changes(Lineage to, Lineage from) {
    if (auto says = says_.extract(from); !says.empty()) says_[to].merge(says.mapped());
    const auto found = changes_.find(from);
    if (found != changes_.end()) {
      auto& all = changes_[to];
      all.insert(all.end(), found->second.begin(), found->second.end());
      changes_.erase(from);
    }
    if (const auto touches = touches_.find(from); touches != touches_.end()) {
      auto& all = touches_[to];
      all.insert(all.begin(), touches->second.begin(), touches->second.end());
      touches_.erase(from);
    }
  }

  // The row that counts for a proposal in a commit; null: there is none that says a status.
  const ProposalRow* row_of(const State& state, Lineage lineage, const std::string** where = nullptr) const {
    const ProposalRow* best = nullptr;
    const auto paths = paths_.find(lineage);
    if (paths == paths_.end()) return nullptr;
    for (const std::string& path : paths->second) {
      const auto file = state.files.find(path);
      if (file == state.files.end()) continue;
      for (const ProposalRow& row : file->second->rows) {
        if (lineages_.find(row.lineage) != lineage || row.entry->status.empty()) continue;
        if (best && best->entry->rank >= row.entry->rank) continue;
        best = &row;
        if (where) *where = &path;
      }
    }
    return best;
  }

  // The status in a commit, or the last one where the proposal says none any more; empty: none yet.
  std::string status_of(const State& state, Lineage lineage) const {
    if (const ProposalRow* row = row_of(state, lineage)) return row->entry->status;
    for (const auto& [left, status] : state.left)
      if (lineages_.find(left) == lineage) return status;
    return {};
  }

  void tell_changes(const TreeStep& step, const std::vector<StatePointer>& parents, State& state,
                    const std::set<Lineage>& touched) {
    const bool counts = !as_of_ || step.landed_at <= *as_of_;
    std::map<std::pair<std::string, std::string>, std::size_t> together;
    for (const Lineage lineage : touched) {
      says_[lineage][step_number_of(step)] = status_of(state, lineage);
      std::vector<std::string> before;
      for (const StatePointer& parent : parents) before.push_back(status_of(*parent, lineage));
      const ProposalRow* row = row_of(state, lineage);
      if (!row) {
        for (const std::string& status : before)
          if (!status.empty()) state.left[lineage] = status;
        says_[lineage][step_number_of(step)] = status_of(state, lineage);
        if (counts) left_at_[lineage] = step.landed_at;
        continue;
      }
      state.left.erase(lineage);
      const std::string& now = row->entry->status;
      if (format_.identity == ProposalIdentity::rows) see(lineage, *row);
      if (counts && parents.size() <= 1) {
        touches_[lineage].push_back(step_number_of(step));
        ++touched_by_[step_number_of(step)];
      }
      if (!counts || std::find(before.begin(), before.end(), now) != before.end()) continue;
      const auto known = std::find_if(before.begin(), before.end(), [](const auto& each) { return !each.empty(); });
      add_change(step, lineage, known == before.end() ? std::string{} : *known, now);
      if (known != before.end()) ++together[{*known, now}];
    }
    if (parents.empty()) return;
    for (const auto& [words, count] : together) {
      if (count < kMassChange) continue;
      for (const std::string& word : {words.first, words.second})
        uses_.push_back({step.sha, word, carriers(*parents[0], word)});
    }
  }

  void see(Lineage lineage, const ProposalRow& row) {
    const auto [place, is_new] = seen_place_.emplace(lineage, seen_.size());
    if (is_new)
      seen_.push_back(row);
    else
      seen_[place->second] = row;
  }

  std::size_t step_number_of(const TreeStep& step) const { return static_cast<std::size_t>(&step - steps_.data()); }

  void add_change(const TreeStep& step, Lineage lineage, std::string from, const std::string& to) {
    StatusChange change;
    change.commit = step.sha;
    change.at = step.committed_at;
    change.authored_at = step.author.time;
    change.landed_commit = step.landed_sha;
    change.landed_at = step.landed_at;
    change.from = std::move(from);
    change.to = to;
    change.author = step.author.name;
    change.subject = step.subject;
    change.pull = step.pull_numbers.empty() ? 0 : step.pull_numbers.back();
    changes_[lineage].emplace_back(step_number_of(step), std::move(change));
  }

  using DatedChanges = std::vector<std::pair<std::size_t, StatusChange>>;

  // In the order of the history, where branches that knew nothing of each other made the same change once.
  std::vector<StatusChange> in_order(DatedChanges&& changes, Lineage lineage, const State& end) {
    std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string status;
    bool is_one_line = true;
    for (const auto& [step, change] : changes) {
      const bool is_again = !status.empty() && change.to == status;
      is_one_line = is_one_line && (is_again || change.from == status);
      status = change.to;
    }
    const std::string stands = status_of(end, lineage);
    if (!is_one_line || (!stands.empty() && stands != status)) keep_story(changes, lineage);
    std::vector<StatusChange> result;
    for (auto& [step, change] : changes) {
      if (!result.empty() && result.back().to == change.to) continue;
      change.from = result.empty() ? std::string{} : result.back().to;
      change.kind = change.from.empty() ? StatusKind::first : StatusKind::change;
      result.push_back(std::move(change));
    }
    return result;
  }

  // Of branches that wrote it side by side: what led to what stands at the end.
  void keep_story(DatedChanges& changes, Lineage lineage) {
    if (parents_.empty())
      for (const TreeStep& step : steps_) parents_.push_back(step.parents);
    std::vector<StoryChange> story;
    for (const auto& [step, change] : changes) story.push_back({step, change.from, change.to});
    DatedChanges kept;
    for (const std::size_t place : tell_story({parents_, says_[lineage], story}, last_step_))
      kept.push_back(changes[place]);
    if (!kept.empty()) changes = std::move(kept);
  }

  std::int64_t carriers(const State& state, const std::string& word) const {
    std::set<Lineage> found;
    for (const auto& [path, file] : state.files)
      for (const ProposalRow& row : file->rows)
        if (row.entry->status == word) found.insert(lineages_.find(row.lineage));
    return static_cast<std::int64_t>(std::count_if(found.begin(), found.end(), [&](Lineage lineage) {
      const ProposalRow* row = row_of(state, lineage);
      return row && row->entry->status == word;
    }));
  }

  ProposalHistory collect() {
    ProposalHistory history;
    history.format = format_.name;
    history.noun = format_.noun;
    history.description = format_.description;
    history.cut_commits =
        std::count_if(steps_.begin(), steps_.end(), [](const TreeStep& step) { return step.is_edge; });
    history.commits = static_cast<std::int64_t>(steps_.size());
    history.until = until_;
    const State state = last_ ? *last_ : State{};
    for (const auto& [path, file] : state.files)
      if (format_.wants_beside && format_.wants_beside(path)) history.beside.push_back({path, file->blob});
    std::map<std::string, std::int64_t> in_commit;
    for (auto& [lineage, dated] : changes_) {
      auto changes = in_order(std::move(dated), lineage, state);
      for (const StatusChange& change : changes) in_commit[change.commit] += change.kind != StatusKind::first;
      history.proposals.push_back(describe(state, lineage, std::move(changes)));
    }
    name_doubled(history.proposals);
    for (Proposal& proposal : history.proposals)
      for (StatusChange& change : proposal.changes) change.same_commit = in_commit[change.commit];
    tell_words_from_decisions(history.proposals, uses_);
    std::stable_sort(history.proposals.begin(), history.proposals.end(), [](const Proposal& a, const Proposal& b) {
      const auto weight = [](const Proposal& proposal) {
        std::string_view digits, rest;
        std::string name = proposal.number;
        if (!split_numbered_name(name, digits, rest)) digits = name;
        const bool is_number =
            !digits.empty() && digits.size() < 10 && digits.find_first_not_of("0123456789") == std::string_view::npos;
        return std::pair(is_number ? std::stol(std::string(digits)) : 1'000'000'000L, name);
      };
      return weight(a) < weight(b);
    });
    return history;
  }

  // Those that stand in the newest tree and share a number are told by the names of their files.
  static void name_doubled(std::vector<Proposal>& proposals) {
    std::map<std::string, std::vector<Proposal*>> by_number;
    for (Proposal& proposal : proposals)
      if (!proposal.is_gone) by_number[proposal.number].push_back(&proposal);
    for (const auto& [number, same] : by_number) {
      if (same.size() < 2) continue;
      for (Proposal* proposal : same) {
        const auto name = file_name(proposal->path);
        proposal->number = std::string(name.substr(0, name.rfind('.')));
      }
    }
  }

  Proposal describe(const State& state, Lineage lineage, std::vector<StatusChange>&& changes) {
    Proposal proposal;
    proposal.changes = std::move(changes);
    const std::string* where = nullptr;
    const ProposalRow* row = row_of(state, lineage, &where);
    proposal.is_gone = !row;
    if (const auto left = left_at_.find(lineage); !row && left != left_at_.end()) proposal.left_at = left->second;
    if (row) proposal.path = git::path_text(*where);
    proposal.status = row ? row->entry->status : proposal.changes.back().to;
    for (const std::string& path : paths_[lineage]) {
      const auto file = state.files.find(path);
      if (file == state.files.end() || format_.identity == ProposalIdentity::rows) continue;
      bool is_own = false;
      for (const ProposalRow& each : file->second->rows) {
        if (lineages_.find(each.lineage) != lineage) continue;
        is_own = true;
        if (proposal.name.empty()) proposal.name = each.entry->name;
      }
      if (is_own) proposal.files.push_back({path, file->second->blob});
    }
    const EntryPointer entry = row ? row->entry : last_entry(lineage);
    if (entry) {
      proposal.number = entry->number.empty() ? std::string(file_name(proposal.path)) : entry->number;
      proposal.link = entry->link;
      if (!entry->name.empty()) proposal.name = entry->name;
    }
    for (const std::size_t number : touches_[lineage]) {
      const TreeStep& step = steps_[number];
      proposal.touches.push_back({step.sha, step.author.name, step.subject, step.body, step.landed_at,
                                  step.pull_numbers.empty() ? 0 : step.pull_numbers.back(), touched_by_[number]});
    }
    return proposal;
  }

  // Of a proposal that is no more: the newest entry that said a status.
  EntryPointer last_entry(Lineage lineage) const {
    if (const auto place = seen_place_.find(lineage); place != seen_place_.end()) return seen_[place->second].entry;
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step)
      for (const TreeChange& change : step->changes) {
        const auto paths = paths_.find(lineage);
        if (!change.after.exists() || paths == paths_.end() || !paths->second.contains(change.path)) continue;
        const auto found = entries_.find({change.path, change.after.id});
        if (found == entries_.end() || found->second.empty()) continue;
        if (!found->second.front()->status.empty()) return found->second.front();
      }
    return nullptr;
  }

  git::Repository& repository_;
  const ProposalFormat& format_;
  std::optional<Timestamp> as_of_, until_;
  std::vector<TreeStep> steps_;
  std::map<VersionId, std::size_t> wanted_;
  std::map<VersionId, std::vector<EntryPointer>> entries_;
  Lineages lineages_;
  std::set<Lineage> numbered_;
  std::map<Lineage, std::set<std::string>> paths_;  // every path it ever had
  std::map<Lineage, std::set<std::string>> slugs_;  // every name that it had behind its number
  std::map<Lineage, DatedChanges> changes_;
  std::map<Lineage, std::map<std::size_t, std::string>> says_;  // the status in steps that touch it
  std::vector<std::vector<std::size_t>> parents_;               // of all steps, where stories are told
  std::map<Lineage, std::vector<std::size_t>> touches_;
  std::unordered_map<std::size_t, std::size_t> touched_by_;  // how many proposals a step touches
  ProposalRows seen_;                                        // of tables: each proposal's newest row
  std::unordered_map<Lineage, std::size_t> seen_place_;
  std::map<Lineage, Timestamp> left_at_;
  std::vector<WordUse> uses_;
  StatePointer last_;
  std::size_t last_step_ = 0;
};

}  // namespace

const char* status_kind_name(StatusKind kind) {
  switch (kind) {
    case StatusKind::first:
      return "first";
    case StatusKind::change:
      return "change";
    case StatusKind::word:
      return "word";
  }
  return "";
}

ProposalHistory read_proposal_history(git::Repository& repository, const ProposalFormat& format,
                                      std::optional<Timestamp> as_of) {
  return Pass(repository, format, as_of).run();
}

const Proposal* find_proposal(const ProposalHistory& history, const std::string& wanted) {
  const auto plain = [](std::string_view text) {
    std::string name = to_lower(trim(text));
    const std::size_t digit = name.find_first_of("0123456789");
    if (digit != std::string::npos && name.find_first_not_of("0123456789", digit) == std::string::npos && digit <= 5)
      return without_zeros(std::string_view(name).substr(digit));
    return name;
  };
  const std::string name = plain(wanted);
  const Proposal* found = nullptr;
  int count = 0;
  for (const Proposal& proposal : history.proposals) {
    if (plain(proposal.number) == name) return &proposal;
    std::string_view digits, rest;
    const bool is_part = split_numbered_name(proposal.number, digits, rest) && without_zeros(digits) == name;
    if (!is_part && (proposal.name.empty() || to_lower(proposal.name) != name)) continue;
    found = &proposal;
    ++count;
  }
  if (count > 1)
    throw Error(ErrorKind::usage, "several proposals are called " + one_line(wanted), "give the whole name");
  return found;
}

}  // namespace resident
