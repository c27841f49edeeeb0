// `backports`: what was carried from the default branch to maintenance branches, how
// long users of a release waited for it, and for how much of that the history tells.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <framework/arguments.hpp>
#include <limits>
#include <model/commit_links.hpp>
#include <model/open_items.hpp>
#include <stats/intervals.hpp>
#include <stats/quantile.hpp>

namespace resident {

namespace {

struct Backport {
  const HistoryCommit* commit;
  const HistoryCommit* original = nullptr;  // on the default branch
  const char* how = "";
};

// Where the '(cherry picked from commit …)' lead.
struct TrailerCounts {
  std::int64_t all = 0, to_default = 0, elsewhere = 0, unknown = 0, on_default = 0;
};

struct Branch {
  std::int64_t own = 0, backports = 0, linked = 0, by_trailer = 0, by_number = 0, by_title = 0;
  std::vector<double> lags = {};
};

class Finder {
 public:
  Finder(const Context& context, Timestamp since)
      : since_(since), index_(context), trailers_(index_.marks("cherry-picked-from")) {}

  void find() {
    for (const auto& commit : index_.commits()) {
      const auto trailer = trailers_.find(commit.commit_id);
      if (trailer != trailers_.end() && commit.at >= since_) count_trailers(commit, trailer->second);
      if (commit.is_merge || commit.on_default) continue;
      const auto numbers = index_.original_numbers(commit);
      const auto label = split_branch_label(commit.subject, {});
      if (trailer == trailers_.end() && numbers.empty() && label.first.empty()) continue;
      Backport backport{&commit};
      if (trailer != trailers_.end())
        for (const auto& sha : trailer->second) link(backport, origin(index_.by_sha(sha)), "trailer");
      for (const auto number : numbers)
        link(backport, index_.by_number(number, commit, CommitIndex::Where::on_default), "number");
      link(backport, index_.by_subject(label.second, commit, CommitIndex::Where::on_default), "title");
      place_[&commit] = backports_.size();
      backports_.push_back(backport);
    }
  }

  const CommitIndex& index() const { return index_; }
  const std::vector<Backport>& backports() const { return backports_; }  // oldest first
  const TrailerCounts& trailer_counts() const { return counts_; }

 private:
  void count_trailers(const HistoryCommit& commit, const std::vector<std::string>& shas) {
    counts_.on_default += commit.on_default ? static_cast<std::int64_t>(shas.size()) : 0;
    for (const auto& sha : shas) {
      const HistoryCommit* found = index_.by_sha(sha);
      ++counts_.all;
      ++(!found ? counts_.unknown : found->on_default ? counts_.to_default : counts_.elsewhere);
    }
  }

  // A backport may be picked from another backport: what that one stems from.
  const HistoryCommit* origin(const HistoryCommit* commit) const {
    if (!commit || commit->on_default) return commit;
    const auto found = place_.find(commit);
    return found == place_.end() ? nullptr : backports_[found->second].original;
  }

  static void link(Backport& backport, const HistoryCommit* original, const char* how) {
    if (backport.original || !original) return;
    backport.original = original;
    backport.how = how;
  }

  Timestamp since_;
  CommitIndex index_;
  std::unordered_map<std::int64_t, std::vector<std::string>> trailers_;
  std::vector<Backport> backports_;
  std::unordered_map<const HistoryCommit*, std::size_t> place_;
  TrailerCounts counts_;
};

std::string line_of(const CommitIndex& index, const HistoryCommit& commit) {
  return commit.line == CommitIndex::kUnknown ? "(unknown)" : index.line_name(commit.line);
}

std::string evidence_sql(const Context& context) {
  return fmt::format(
      "SELECT c.sha, c.committed_at, c.subject, t.value AS original, o.subject AS original_subject, o.on_default FROM "
      "git_commit c JOIN commit_mark t ON t.project_id = c.project_id AND t.commit_id = c.commit_id AND t.kind = "
      "'cherry-picked-from' LEFT JOIN git_commit o ON o.project_id = t.project_id AND o.sha = t.value WHERE "
      "c.project_id = {} AND c.in_history = 1 AND c.committed_at <= {} ORDER BY c.committed_at DESC",
      context.project_id, context.as_of);
}

Cell share(std::int64_t part, std::int64_t whole) {
  return whole ? Cell(static_cast<double>(part) / static_cast<double>(whole)) : Cell();
}

Result branches_result(const Context& context, const Finder& finder, Timestamp since) {
  Result result = context.result("backports", "Backports", "How long do fixes take to reach the maintenance branches?");
  result.columns = {{"branch", "Branch"},
                    {"backports", "Backports", ColumnType::integer, "commits"},
                    {"linked", "Linked", ColumnType::integer, "commits", "to a commit of the default branch"},
                    {"median_lag", "Median lag", ColumnType::duration, "", "from commit to commit, by committer date"},
                    {"low", "Low", ColumnType::duration, "", "95 % interval of the median"},
                    {"high", "High", ColumnType::duration, "", "95 % interval of the median"},
                    {"by_trailer", "By sha", ColumnType::integer, "commits", "(cherry picked from commit …)"},
                    {"by_number", "By number", ColumnType::integer, "commits", "pull request in the subject"},
                    {"by_title", "By title", ColumnType::integer, "commits"},
                    {"own_commits", "Commits", ColumnType::integer, "commits", "not on the default branch, no merges"},
                    {"share", "Share", ColumnType::share, "", "linked backports of these commits"}};
  std::map<std::string, Branch> branches;
  for (const auto& commit : finder.index().commits())
    if (!commit.on_default && !commit.is_merge && commit.at >= since) ++branches[line_of(finder.index(), commit)].own;
  Branch all;
  std::int64_t early = 0;
  for (const Backport& backport : finder.backports()) {
    if (backport.commit->at < since) continue;
    for (Branch* each : {&branches[line_of(finder.index(), *backport.commit)], &all}) {
      ++each->backports;
      if (!backport.original) continue;
      const std::string_view how = backport.how;
      ++(how == "trailer" ? each->by_trailer : how == "number" ? each->by_number : each->by_title);
      ++each->linked;
      if (const Timestamp lag = backport.commit->at - backport.original->at; lag >= 0)
        each->lags.push_back(static_cast<double>(lag));
    }
    early += backport.original && backport.commit->at < backport.original->at;
  }
  for (auto& [name, branch] : branches) {
    if (branch.backports == 0) continue;
    const auto median = stats::quantile(branch.lags, 0.5);
    const auto interval = stats::median_interval(branch.lags);
    const auto linked = branch.linked;
    result.rows.push_back({name, branch.backports, linked, median ? Cell(*median) : Cell(),
                           interval ? Cell(interval->low) : Cell(), interval ? Cell(interval->high) : Cell(),
                           branch.by_trailer, branch.by_number, branch.by_title, branch.own,
                           share(linked, branch.own)});
  }
  const auto linked = static_cast<long long>(all.linked);
  const auto median = stats::quantile(all.lags, 0.5);
  const auto interval = stats::median_interval(all.lags);
  result.sample_size = all.backports;
  result.claim =
      all.backports == 0
          ? "No backport is known: only commits outside the default branch can be any."
          : fmt::format("{} to {}; {} linked to the commit on the default branch{}.", plural(all.backports, "backport"),
                        plural(static_cast<long long>(result.rows.size()), "branch", "branches"),
                        with_thousands(linked),
                        median ? fmt::format(", with a median lag of {}", format_duration(*median)) : "");
  if (interval)
    result.uncertainty =
        fmt::format("Median lag: {}, 95 % interval {} to {} (order statistics, Conover).", format_duration(*median),
                    format_duration(interval->low), format_duration(interval->high));
  const TrailerCounts& trailers = finder.trailer_counts();
  if (trailers.all > 0)
    result.notes.push_back(fmt::format(
        "(cherry picked from commit …) stands {} in the history of this time, {} of them on the default branch. What "
        "it names: a commit of the default branch {}, another that is known {}, none that is known {}.",
        plural(trailers.all, "time"), with_thousands(trailers.on_default), plural(trailers.to_default, "time"),
        plural(trailers.elsewhere, "time"), plural(trailers.unknown, "time")));
  if (early)
    result.notes.push_back(fmt::format("{} earlier than the original by committer date: the lag is left out.",
                                       plural(early, "backport is", "backports are")));
  result.definition =
      "A backport is a commit outside the default branch (not a merge) that names what it was picked from, keeps the "
      "pull request number of an original in its subject, or begins with a version in brackets. Lag: from the "
      "committer date of the original on the default branch to that of the backport. Own definition, after "
      "git-cherry-pick(1), option -x, and the backport bots' subjects.";
  result.method =
      "Linked by the sha in the message (through other backports if need be); else by the original's number; else by "
      "the newest earlier subject on the default branch that is the same without label and numbers. Branch: as the "
      "subject says in brackets, else the base of the pull request, else the oldest tag (v3.9.1 for 3.9) or branch "
      "that reaches the commit. Git does not record it, so it may be (unknown).";
  Timestamp newest = 0;  // on the default branch
  for (const auto& commit : finder.index().commits())
    if (commit.on_default) newest = commit.at;
  const auto ahead = std::count_if(finder.backports().begin(), finder.backports().end(), [&](const Backport& each) {
    return !each.original && each.commit->at >= since && each.commit->at > newest;
  });
  if (const auto unlinked = all.backports - static_cast<std::int64_t>(linked); unlinked > 0)
    result.coverage +=
        fmt::format("{}{} could not be linked{}", result.coverage.empty() ? "" : "; ", plural(unlinked, "backport"),
                    ahead ? fmt::format(" ({} newer than all that is known of the default branch)",
                                        with_thousands(static_cast<long long>(ahead)))
                          : "");
  result.evidence.push_back({"Trailers and where they lead", evidence_sql(context), {}});
  return result;
}

Result list_result(const Context& context, const Finder& finder, Timestamp since, std::size_t limit) {
  Result result = context.result("backports_list", "Newest backports", "Which were they, and how were they linked?");
  result.columns = {{"at", "Date", ColumnType::date},
                    {"branch", "Branch"},
                    {"subject", "Subject"},
                    {"lag", "Lag", ColumnType::duration},
                    {"how", "Linked by", ColumnType::text, "", "trailer (a sha), number, title; empty: not linked"},
                    {"author", "Author"},
                    {"original_at", "Original", ColumnType::date, "", "", "", true},
                    {"backport", "Commit", ColumnType::text, "", "", "url", true},
                    {"original", "Original commit", ColumnType::text, "", "", "", true},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  result.set_roles({{"author", ColumnRole::person}});
  const People people = load_people(context);
  std::int64_t count = 0, linked = 0;
  for (auto each = finder.backports().rbegin(); each != finder.backports().rend(); ++each) {
    const HistoryCommit& commit = *each->commit;
    const HistoryCommit* original = each->original;
    if (commit.at < since) continue;
    ++count;
    linked += original != nullptr;
    if (result.rows.size() == limit) continue;
    result.rows.push_back({commit.at, line_of(finder.index(), commit), commit.subject,
                           original && commit.at >= original->at ? Cell(commit.at - original->at) : Cell(), each->how,
                           people.name(people.person(commit.author_id)), original ? Cell(original->at) : Cell(),
                           commit.sha, original ? Cell(original->sha) : Cell(),
                           context.url.empty() ? "" : context.url + "/commit/" + commit.sha});
  }
  result.claim = count == 0 ? "No backport is known."
                            : fmt::format("{} of {} linked to the commit that they carry.", with_thousands(linked),
                                          plural(count, "backport is", "backports are"));
  if (count > static_cast<std::int64_t>(limit))
    result.notes.push_back(fmt::format("The newest {} of {} are shown; --limit says how many.",
                                       with_thousands(static_cast<long long>(limit)), with_thousands(count)));
  result.sample_size = count;
  result.definition = "Backports as in the table of branches, newest first.";
  result.evidence.push_back({"Trailers and where they lead", evidence_sql(context), {}});
  return result;
}

std::vector<Result> analyse_backports(const Context& context) {
  const Timestamp since = time_argument(context, "since").value_or(std::numeric_limits<std::int64_t>::min() / 2);
  const auto limit = static_cast<std::size_t>(context.whole_number("limit", 50, 1, 1'000'000'000));
  Finder finder(context, since);
  finder.find();
  return {branches_result(context, finder, since), list_result(context, finder, since, limit)};
}

}  // namespace

extern const Analysis backports_analysis;
const Analysis backports_analysis{
    "backports",
    "Backports",
    "How long do fixes take to reach the maintenance branches?",
    {{"since", "DATE", "backports from then on; without it, all"}, {"limit", "N", "backports to list (50)"}},
    &analyse_backports,
    {groups::kCode, "What was carried to maintenance branches, and how long it took",
     "Example: resident backports --since 2020-01-01"}};

}  // namespace resident
