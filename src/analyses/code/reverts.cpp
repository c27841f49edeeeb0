// `reverts`: what was taken back, linked to what it takes back. How much of what is
// committed does not last, how soon that is found, and where: the price of changes
// that were let in too early, seen from the only place that records it.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <framework/arguments.hpp>
#include <limits>
#include <model/commit_links.hpp>
#include <model/modules.hpp>
#include <stats/intervals.hpp>
#include <stats/quantile.hpp>
#include <unordered_set>

namespace resident {

namespace {

struct Revert {
  const HistoryCommit* commit;
  std::vector<const HistoryCommit*> originals = {};
  const char* how = "";
};

class Finder {
 public:
  explicit Finder(const Context& context) : index_(context), trailers_(index_.marks("reverts")) {}

  // All that are not merges, newest first.
  std::vector<Revert> find() const {
    std::vector<Revert> reverts;
    const auto commits = index_.commits();
    for (auto commit = commits.rbegin(); commit != commits.rend(); ++commit) {
      if (commit->is_merge) continue;
      const RevertSubject subject = parse_revert(commit->subject);
      const auto trailer = trailers_.find(commit->commit_id);
      if (!subject.is_revert && trailer == trailers_.end()) continue;
      Revert revert = link(*commit, subject, trailer == trailers_.end() ? std::vector<std::string>{} : trailer->second);
      // What a squashed branch reverted of itself is no revert of anything that was in the history.
      if (subject.is_revert || !revert.originals.empty()) reverts.push_back(std::move(revert));
    }
    return reverts;
  }
  const CommitIndex& index() const { return index_; }

 private:
  Revert link(const HistoryCommit& commit, const RevertSubject& subject, const std::vector<std::string>& shas) const {
    Revert revert{&commit};
    const auto add = [&](const HistoryCommit* original, const char* how) {
      if (!original || original == &commit) return;
      if (std::find(revert.originals.begin(), revert.originals.end(), original) != revert.originals.end()) return;
      revert.originals.push_back(original);
      revert.how = how;
    };
    for (const auto& sha : shas) add(index_.by_sha(sha), "sha");
    if (revert.originals.empty())
      for (const auto& sha : subject.shas) add(index_.by_sha(sha), "sha in the subject");
    if (revert.originals.empty()) add(index_.by_subject(subject.title, commit, CommitIndex::Where::line), "title");
    if (revert.originals.empty())
      for (const auto number : subject.numbers)
        add(index_.by_number(number, commit, CommitIndex::Where::line), "number");
    return revert;
  }

  CommitIndex index_;
  std::unordered_map<std::int64_t, std::vector<std::string>> trailers_;
};

// The module that most of a commit's files are in.
std::string module_of(const Context& context, ModuleMap& map, std::int64_t commit_id) {
  std::map<std::string, int> files;
  const auto rows = context.database.query(
      "SELECT path_id FROM file_change WHERE project_id = :project AND commit_id = :commit ORDER BY path_id",
      {{"project", context.project_id}, {"commit", commit_id}});
  while (rows->next())
    if (const std::string& module = map.module_of(rows->integer(0)); !module.empty()) ++files[module];
  const auto most =
      std::max_element(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == files.end() ? "" : most->first;
}

std::string evidence_sql(const Context& context) {
  return fmt::format(
      "SELECT c.sha, c.committed_at, c.subject, t.value AS reverts FROM git_commit c LEFT JOIN commit_mark t ON "
      "t.project_id = c.project_id AND t.commit_id = c.commit_id AND t.kind = 'reverts' WHERE c.project_id = {} AND "
      "c.in_history = 1 AND c.parent_count < 2 AND c.committed_at <= {} AND (t.kind IS NOT NULL OR lower(c.subject) "
      "LIKE '%revert%') ORDER BY c.committed_at DESC",
      context.project_id, context.as_of);
}

class Report {
 public:
  explicit Report(const Context& context)
      : context_(context),
        since_(time_argument(context, "since").value_or(std::numeric_limits<std::int64_t>::min() / 2)),
        limit_(static_cast<std::size_t>(context.whole_number("limit", 50, 1, 1'000'000'000))),
        by_month_(context.choice("by", {"year", "month"}) == "month"),
        finder_(context),
        people_(load_people(context)) {
    all_ = finder_.find();
    for (const Revert& revert : all_) is_revert_.insert(revert.commit);
  }

  std::vector<Result> make() {
    Result list = this->list();
    Result shares = this->shares();
    Result unmatched = this->unmatched();
    if (shares.sample_size.value_or(0) > 0) list.claim += " " + shares.claim;
    return {std::move(list), std::move(shares), std::move(unmatched)};
  }

 private:
  std::string line_of(const HistoryCommit& commit) const {
    if (commit.on_default) return "default";
    return commit.line == CommitIndex::kUnknown ? "(unknown)" : finder_.index().line_name(commit.line);
  }
  std::string url_of(const HistoryCommit& commit) const {
    return context_.url.empty() ? "" : context_.url + "/commit/" + commit.sha;
  }

  Result list() {
    Result result = context_.result("reverts", "Reverts", "What was taken back, by whom, and how soon?");
    result.columns = {{"reverted_at", "Reverted", ColumnType::date},
                      {"title", "What was taken back"},
                      {"author", "By", ColumnType::text, "", "author of what was taken back"},
                      {"reverter", "Taken back by", ColumnType::text, "", "author of the revert"},
                      {"after", "After", ColumnType::duration, "", "from commit to commit, by committer date"},
                      {"kind", "Kind", ColumnType::text, "", "revert, or revert of a revert"},
                      {"module", "Module", ColumnType::text, "", "that most files of the revert are in"},
                      {"line", "Branch"},
                      {"how", "Linked by"},
                      {"original_at", "Committed", ColumnType::date, "", "", "", true},
                      {"subject", "Subject of the revert", ColumnType::text, "", "", "", true},
                      {"revert", "Revert", ColumnType::text, "", "", "url", true},
                      {"original", "Original", ColumnType::text, "", "", "", true},
                      {"url", "Address", ColumnType::url, "", "", "", true}};
    result.set_roles({{"author", ColumnRole::person}, {"module", ColumnRole::module}});
    ModuleMap map(context_);
    std::vector<double> delays;
    std::int64_t on_default = 0, linked = 0, elsewhere = 0, again = 0, links = 0, backwards = 0;
    for (const Revert& revert : all_) {
      if (revert.commit->at < since_) continue;
      elsewhere += !revert.commit->on_default;
      on_default += revert.commit->on_default;
      linked += revert.commit->on_default && !revert.originals.empty();
      bool is_again = false;
      for (const HistoryCommit* original : revert.originals) {
        ++links;
        is_again = is_again || is_revert_.contains(original);
        const std::int64_t after = revert.commit->at - original->at;
        if (after < 0)
          ++backwards;
        else if (revert.commit->on_default)
          delays.push_back(static_cast<double>(after));
        if (result.rows.size() == limit_) continue;
        result.rows.push_back(
            {revert.commit->at, original->subject, name(original->author_id), name(revert.commit->author_id),
             after < 0 ? Cell() : Cell(after), is_revert_.contains(original) ? "revert of a revert" : "revert",
             module_of(context_, map, revert.commit->commit_id), line_of(*revert.commit), revert.how, original->at,
             revert.commit->subject, revert.commit->sha, original->sha, url_of(*revert.commit)});
      }
      again += is_again && revert.commit->on_default;
    }
    if (on_default == 0) {
      result.claim = "No revert on the default branch is known.";
    } else {
      result.claim = fmt::format("{} on the default branch{}; {} linked to what {}.", plural(on_default, "revert"),
                                 again == 0 ? "" : fmt::format(", {} of them of reverts", with_thousands(again)),
                                 with_thousands(linked), linked == 1 ? "it takes back" : "they take back");
    }
    const auto median = stats::quantile(delays, 0.5);
    const auto interval = stats::median_interval(delays);
    if (median) result.claim += fmt::format(" The median time until then is {}.", format_duration(*median));
    if (interval) {
      result.uncertainty =
          fmt::format("Median time to revert: {}, 95 % interval {} to {} (order statistics, Conover).",
                      format_duration(*median), format_duration(interval->low), format_duration(interval->high));
    } else if (median) {
      result.uncertainty = "Too few reverts are linked for an interval of the median.";
    }
    result.sample_size = on_default;
    result.definition =
        "A revert is a commit (not a merge) that says 'This reverts commit …' of one that is known, or whose subject "
        "begins with Revert or Reapply, behind a label, a number or a scope. Time to revert: from the committer date "
        "of the original to that of the revert, of those that were reverted (what may still be reverted is not in it). "
        "Own definition, after git-revert(1).";
    result.method =
        "Linked by the sha in the message; else by the quoted title: the newest earlier commit with that subject on "
        "the same line of history, appended pull request numbers aside, or the only one without the prefix too; else "
        "by the number that the subject names. On a maintenance branch the default branch is searched too.";
    if (backwards)
      result.notes.push_back(fmt::format("{} older than what it takes back, by committer date: its time is left out.",
                                         plural(backwards, "revert is", "reverts are")));
    if (elsewhere)
      result.notes.push_back(fmt::format("{} on other branches; the claim and the median leave them out.",
                                         plural(elsewhere, "more revert", "more reverts")));
    if (links > static_cast<std::int64_t>(limit_))
      result.notes.push_back(fmt::format("The newest {} of {} are shown; --limit says how many.",
                                         with_thousands(static_cast<long long>(limit_)), with_thousands(links)));
    result.evidence.push_back({"Commits that speak of a revert", evidence_sql(context_), {}});
    return result;
  }

  Result shares() {
    Result result = context_.result("reverts_share", by_month_ ? "Share reverted by month" : "Share reverted by year",
                                    "How much of what is committed is taken back?");
    result.columns = {{"period", by_month_ ? "Month" : "Year", ColumnType::date},
                      {"commits", "Commits", ColumnType::integer, "commits"},
                      {"reverted", "Reverted", ColumnType::integer, "commits", "later, by the as-of time"},
                      {"share", "Share", ColumnType::share},
                      {"low", "Low", ColumnType::share, "", "95 % interval (Wilson)"},
                      {"high", "High", ColumnType::share, "", "95 % interval (Wilson)"},
                      {"reverts", "Reverts made", ColumnType::integer, "commits", "in this time, linked or not"}};
    result.chart = {Chart::Kind::line, "period", {"share"}, "", "low", "high", "share of commits reverted"};
    const auto period = [&](Timestamp at) { return by_month_ ? start_of_month(at) : start_of_year(at); };
    struct Count {
      std::int64_t commits = 0, reverted = 0, reverts = 0;
    };
    std::map<Timestamp, Count> counts;
    std::unordered_set<const HistoryCommit*> reverted;
    for (const Revert& revert : all_) {
      if (!revert.commit->on_default) continue;
      if (revert.commit->at >= since_) ++counts[period(revert.commit->at)].reverts;
      reverted.insert(revert.originals.begin(), revert.originals.end());
    }
    std::int64_t commits = 0;
    for (const auto& commit : finder_.index().commits()) {
      if (!commit.on_default || commit.is_merge || commit.at < since_) continue;
      Count& count = counts[period(commit.at)];
      ++commits, ++count.commits;
      count.reverted += reverted.contains(&commit);
    }
    for (const auto& [start, count] : counts) {
      const auto interval = stats::wilson_interval(count.reverted, count.commits);
      const double share = count.commits ? static_cast<double>(count.reverted) / static_cast<double>(count.commits) : 0;
      result.rows.push_back({start, count.commits, count.reverted, count.commits ? Cell(share) : Cell(),
                             interval ? Cell(interval->low) : Cell(), interval ? Cell(interval->high) : Cell(),
                             count.reverts});
      // The newest period that is over, or else the first.
      const Timestamp end = by_month_ ? add_months(start, 1) : add_months(start, 12);
      if (interval && (end <= context_.as_of || result.claim.empty()))
        result.claim = fmt::format(
            "Of {} of {}{}, {:.1f} % were taken back (95 % interval {:.1f} to {:.1f} %).",
            plural(count.commits, "commit"), by_month_ ? format_month(start) : format_date(start).substr(0, 4),
            end <= context_.as_of ? "" : " so far", 100 * share, 100 * interval->low, 100 * interval->high);
    }
    if (commits == 0) result.claim = "No commit of this time is known on the default branch.";
    result.sample_size = commits;
    result.definition =
        "Of the commits of a period on the default branch that are not merges, by committer date, those that a commit "
        "on the default branch reverted by the as-of time. What was reverted and came back counts.";
    result.method = "Links as in reverts; intervals: Wilson (1927), as if commits were independent.";
    result.uncertainty =
        "A lower bound: reverts that do not say so, or not of what, are not counted, and the newest commits have had "
        "less time to be reverted.";
    result.evidence.push_back({"Commits that speak of a revert", evidence_sql(context_), {}});
    return result;
  }

  Result unmatched() {
    Result result = context_.result("reverts_unmatched", "Reverts of something unknown", "Which could not be linked?");
    result.columns = {{"reverted_at", "Reverted", ColumnType::date},
                      {"subject", "Subject"},
                      {"reverter", "By"},
                      {"line", "Branch"},
                      {"revert", "Revert", ColumnType::text, "", "", "url", true},
                      {"url", "Address", ColumnType::url, "", "", "", true}};
    std::int64_t count = 0, all = 0;
    for (const Revert& revert : all_) {
      if (revert.commit->at < since_) continue;
      ++all;
      if (!revert.originals.empty()) continue;
      ++count;
      if (result.rows.size() < limit_)
        result.rows.push_back({revert.commit->at, revert.commit->subject, name(revert.commit->author_id),
                               line_of(*revert.commit), revert.commit->sha, url_of(*revert.commit)});
    }
    result.claim = all == 0     ? "No revert is known."
                   : count == 0 ? "Every revert is linked to what it takes back."
                                : fmt::format("{} of {} could not be linked to what they take back.",
                                              with_thousands(count), plural(all, "revert"));
    result.sample_size = all;
    result.definition =
        "Commits taken for reverts, on all branches, whose message names no commit that is known. A part of a change, "
        "or of several, taken back in words is among them.";
    result.method = "Links as in reverts.";
    result.evidence.push_back({"Commits that speak of a revert", evidence_sql(context_), {}});
    return result;
  }

  std::string name(const std::optional<std::int64_t>& identity) const { return people_.name(people_.person(identity)); }

  const Context& context_;
  Timestamp since_;
  std::size_t limit_;
  bool by_month_;
  Finder finder_;
  People people_;
  std::vector<Revert> all_;
  std::unordered_set<const HistoryCommit*> is_revert_;
};

std::vector<Result> analyse_reverts(const Context& context) {
  return Report(context).make();
}

}  // namespace

extern const Analysis reverts_analysis;
const Analysis reverts_analysis{
    "reverts",
    "Reverts",
    "What was taken back, by whom, and how soon?",
    {{"since", "DATE", "reverts and commits from then on; without it, all"},
     {"by", "month|year", "periods of the share of commits reverted (year)"},
     {"limit", "N", "reverts to show (50)"}},
    &analyse_reverts,
    {groups::kCode, "What was taken back: by whom, how soon, and how much of all that is committed",
     "Example: resident reverts --since 2020-01-01"},
    {{"flow", 30, {{"limit", "25"}}}}};

}  // namespace resident
