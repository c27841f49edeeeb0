#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cli/proposals/answers.hpp>
#include <map>
#include <optional>
#include <set>

namespace resident {

namespace {

constexpr Timestamp kLately = 90 * kDay;

std::string how_status_stands(const ProposalHistory& history) {
  return "The status is " + history.description + ".";
}

const StatusChange* last_decision(const Proposal& proposal) {
  for (auto change = proposal.changes.rbegin(); change != proposal.changes.rend(); ++change)
    if (change->kind != StatusKind::word) return &*change;
  return nullptr;
}

std::int64_t touches_since(const Proposal& proposal, Timestamp since) {
  return std::count_if(proposal.touches.begin(), proposal.touches.end(),
                       [&](const ProposalTouch& touch) { return touch.is_own() && touch.landed_at > since; });
}

std::string called(const ProposalHistory& history, const Proposal& proposal) {
  const bool is_number = !proposal.number.empty() && std::isdigit(static_cast<unsigned char>(proposal.number[0]));
  return is_number ? history.noun + " " + proposal.number : proposal.number;
}

std::string counted_words(const ProposalHistory& history) {
  std::map<std::string, std::int64_t> counts;
  for (const Proposal& proposal : history.proposals)
    if (!proposal.is_gone)
      ++counts[history.format == "rfcs" ? proposal.status.substr(0, proposal.status.find('/')) : proposal.status];
  std::vector<std::pair<std::string, std::int64_t>> order(counts.begin(), counts.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  constexpr std::size_t kShown = 6;
  std::string text;
  for (std::size_t i = 0; i < order.size() && i < kShown; ++i)
    text += fmt::format(
        "{}{} {}{}", i ? ", " : "", order[i].second,
        !order[i].first.empty() && std::isdigit(static_cast<unsigned char>(order[i].first[0])) ? "in stage " : "",
        order[i].first.empty() ? "(root)" : order[i].first);
  if (order.size() > kShown)
    text += fmt::format(" and {}", plural(static_cast<long long>(order.size() - kShown), "other word"));
  return text;
}

}  // namespace

Result begin_proposal_result(const ProposalHistory& history, const ProposalQuestion& question, std::string name,
                             std::string title, std::string asked) {
  Result result;
  result.name = std::move(name);
  result.title = std::move(title);
  result.question = std::move(asked);
  result.project = question.project;
  result.as_of = question.as_of;
  result.data_until = history.until;
  result.coverage = fmt::format("All {} of the default branch were read.", plural(history.commits, "commit"));
  if (history.cut_commits > 0)
    result.coverage +=
        fmt::format(" The history of this clone ends at {} whose parents are absent: what is first there may be older.",
                    plural(history.cut_commits, "commit"));
  if (!history.problems.empty())
    result.coverage +=
        fmt::format(" {} could not be read in full: what they would say is missing (`resident mine CLONE` names them).",
                    plural(static_cast<long long>(history.problems.size()), "thing"));
  result.method =
      "One pass over the history of the default branch, merges too: a commit changes the status of a proposal where "
      "what it says is unlike that in every parent. A proposal is followed by its number, its slug or its row, not by "
      "its path. What branches that knew nothing of each other both decided counts once.";
  result.evidence.push_back(
      {fmt::format("the history of one: resident proposals history --clone {} --number N", question.place), {}, {}});
  return result;
}

Result proposal_list(const ProposalHistory& history, const ProposalFormat& format, const ProposalQuestion& question,
                     const std::string& status) {
  Result result = begin_proposal_result(history, question, "proposals", "Proposals",
                                        "How does every proposal stand, and since when?");
  result.columns = {
      {"proposal", "Proposal"},
      {"title", "Title"},
      {"status", "Status"},
      {"stage", "Means", ColumnType::text, {}, "open, accepted, done or ended"},
      {"since", "Since", ColumnType::date},
      {"days", "Days in it", ColumnType::integer, "days"},
      {"changes", "Changes", ColumnType::integer, {}, "of status, first one and mended words aside"},
      {"touches", "Commits in 90 days", ColumnType::integer, {}, "to its text; those to five proposals or more aside"},
      {"last_touch", "Last commit", ColumnType::date},
      {"commit", "Commit of the status", ColumnType::text, {}, {}, {}, true},
      {"path", "File", ColumnType::text, {}, {}, {}, true},
      {"link", "Address", ColumnType::url, {}, {}, {}, true}};
  std::int64_t present = 0;
  const Proposal* newest = nullptr;
  const StatusChange* newest_change = nullptr;  // a new proposal is no decision
  for (const Proposal& proposal : history.proposals) {
    if (proposal.is_gone) continue;
    ++present;
    const StatusChange* last = last_decision(proposal);
    if (last && last->kind == StatusKind::change && (!newest || last->landed_at > newest_change->landed_at))
      newest = &proposal, newest_change = last;
    if (!status.empty() && to_lower(status) != to_lower(proposal.status) &&
        status != proposal_stage_name(format.stage(proposal.status)))
      continue;
    const auto decisions = std::count_if(proposal.changes.begin(), proposal.changes.end(),
                                         [](const StatusChange& change) { return change.kind == StatusKind::change; });
    std::vector<Cell> row{proposal.number,
                          proposal.name,
                          proposal.status,
                          std::string(proposal_stage_name(format.stage(proposal.status))),
                          last ? Cell(last->landed_at) : Cell(),
                          last ? Cell((question.as_of - last->landed_at) / kDay) : Cell(),
                          static_cast<std::int64_t>(decisions),
                          touches_since(proposal, question.as_of - kLately),
                          proposal.touches.empty() ? Cell() : Cell(proposal.touches.back().landed_at),
                          last ? Cell(last->commit) : Cell(),
                          proposal.path,
                          safe_url(proposal.link)};
    result.rows.push_back(std::move(row));
  }
  result.sample_size = present;
  result.claim = present == 0 ? std::string("There are no proposals here.")
                              : fmt::format("There are {}: {}.", plural(present, "proposal"), counted_words(history));
  if (newest) {
    result.claim += fmt::format(" The newest decision: {} went from {} to {} on {}.", called(history, *newest),
                                newest_change->from, newest_change->to, format_date(newest_change->landed_at));
  }
  result.definition = how_status_stands(history) +
                      " Since: when the commit that changed it came to the default branch; a change that only mends or "
                      "renames the word does not count. Days in it: from then to the moment of the answer.";
  const auto gone = static_cast<long long>(history.proposals.size()) - present;
  if (gone > 0)
    result.notes.push_back(fmt::format("{} stood here once and {} not any more: `history` tells of them.",
                                       plural(gone, "proposal"), gone == 1 ? "does" : "do"));
  return result;
}

Result proposal_changes(const ProposalHistory& history, const ProposalQuestion& question, const Proposal* proposal) {
  Result result = begin_proposal_result(history, question, "proposal_changes", "Changes of status",
                                        "Which status did the proposal have when, and which commit changed it?");
  result.columns = {
      {"proposal", "Proposal"},
      {"date", "Date", ColumnType::time, {}, "committer's"},
      {"landed_date", "On the default branch", ColumnType::time},
      {"from", "From"},
      {"to", "To"},
      {"kind", "Kind", ColumnType::text, {}, "first, change, or word: renamed or mended, nothing decided"},
      {"commit", "Commit"},
      {"author", "By"},
      {"subject", "What the commit says"},
      {"pull", "Pull request", ColumnType::item},
      {"author_date", "Author's date", ColumnType::time, {}, {}, {}, true},
      {"landed_commit", "Came with", ColumnType::text, {}, {}, {}, true},
      {"same_commit",
       "Changed together",
       ColumnType::integer,
       {},
       "proposals whose status this commit changes",
       {},
       true}};
  std::int64_t words = 0, of = 0;
  for (const Proposal& each : history.proposals) {
    if (proposal && &each != proposal) continue;
    ++of;
    for (const StatusChange& change : each.changes) {
      words += change.kind == StatusKind::word;
      result.rows.push_back({each.number, change.at, change.landed_at, change.from, change.to,
                             std::string(status_kind_name(change.kind)), change.commit, change.author, change.subject,
                             change.pull ? Cell(change.pull) : Cell(), change.authored_at, change.landed_commit,
                             change.same_commit});
    }
  }
  const auto count = static_cast<long long>(result.rows.size());
  result.sample_size = count;
  if (proposal && !proposal->changes.empty()) {
    const StatusChange* last = last_decision(*proposal);
    result.claim = fmt::format("{}{} {} {} since {} ({} to {}), after {} of its status.", called(history, *proposal),
                               proposal->name.empty() ? "" : " (" + proposal->name + ")",
                               proposal->is_gone ? "is gone; it was" : "is", proposal->status,
                               format_date(last->landed_at), plural((question.as_of - last->landed_at) / kDay, "day"),
                               format_date(question.as_of), plural(count, "commit"));
  } else {
    result.claim = fmt::format("{} gave {} a status, {} of them only mended or renamed the word.",
                               plural(count, "change"), plural(of, "proposal"), words);
  }
  result.definition =
      how_status_stands(history) +
      " Kind word: the new word is the old one but for letters' case and marks, a form of it that hardly any proposal "
      "ever had, or a new one that took the place of the old one for all proposals (three or more) in one commit.";
  return result;
}

nlohmann::ordered_json proposal_changes_json(const ProposalHistory& history, const Proposal* proposal) {
  auto list = nlohmann::ordered_json::array();
  for (const Proposal& each : history.proposals) {
    if (proposal && &each != proposal) continue;
    for (const StatusChange& change : each.changes)
      list.push_back({{"proposal", clean_text(each.number)},
                      {"date", format_time(change.at)},
                      {"commit", change.commit},
                      {"landed_date", format_time(change.landed_at)},
                      {"from", clean_text(change.from)},
                      {"to", clean_text(change.to)},
                      {"kind", status_kind_name(change.kind)}});
  }
  return list;
}

namespace {

std::string period_of(Timestamp at, const std::string& period) {
  const CivilDate date = date_of(at);
  if (period == "month") return format_month(at);
  if (period == "quarter") return fmt::format("{}-Q{}", date.year, (date.month + 2) / 3);
  return std::to_string(date.year);
}

Timestamp next_period(Timestamp at, const std::string& period) {
  const int months = period == "month" ? 1 : period == "quarter" ? 3 : 12;
  const CivilDate date = date_of(at);
  const int first = (date.month - 1) / months * months + 1;
  return add_months(days_from_civil({date.year, first, 1}) * kDay, months);
}

struct PeriodCount {
  std::int64_t proposed = 0, accepted = 0, done = 0, ended = 0, open = 0;
};

}  // namespace

Result proposals_by_period(const ProposalHistory& history, const ProposalFormat& format,
                           const ProposalQuestion& question, const std::string& period) {
  Result result =
      begin_proposal_result(history, question, "proposals_by_period", "Proposals by " + period,
                            "How many proposals came, were accepted, carried out, or ended, in each " + period + "?");
  result.columns = {{"period", period == "quarter" ? "Quarter"
                               : period == "month" ? "Month"
                                                   : "Year"},
                    {"proposed", "Proposed", ColumnType::integer},
                    {"accepted", "Accepted", ColumnType::integer},
                    {"done", "Carried out", ColumnType::integer},
                    {"ended", "Ended", ColumnType::integer},
                    {"open", "Open at its end", ColumnType::integer}};
  std::map<std::string, PeriodCount> counts;
  std::optional<Timestamp> first;
  std::map<std::string, std::int64_t> opened_net;
  for (const Proposal& proposal : history.proposals) {
    std::set<ProposalStage> reached;
    bool was_open = false;
    for (const StatusChange& change : proposal.changes) {
      const std::string name = period_of(change.landed_at, period);
      PeriodCount& count = counts[name];
      first = std::min(first.value_or(change.landed_at), change.landed_at);
      const ProposalStage stage = format.stage(change.to);
      if (change.kind == StatusKind::first) ++count.proposed;
      const bool decides = stage == ProposalStage::accepted || stage == ProposalStage::done;
      if (decides && !reached.contains(ProposalStage::accepted) && !reached.contains(ProposalStage::done))
        ++count.accepted;
      if (stage == ProposalStage::done && !reached.contains(stage)) ++count.done;
      if (stage == ProposalStage::ended && !reached.contains(stage)) ++count.ended;
      reached.insert(stage);
      const bool is_open = stage == ProposalStage::open;
      opened_net[name] += static_cast<int>(is_open) - static_cast<int>(was_open);
      was_open = is_open;
    }
    if (proposal.is_gone && was_open) opened_net[period_of(proposal.left_at.value_or(question.as_of), period)] -= 1;
  }
  std::int64_t open = 0, accepted = 0;
  if (first)
    for (Timestamp at = *first; at <= question.as_of; at = next_period(at, period)) {
      const std::string name = period_of(at, period);
      const PeriodCount& count = counts[name];
      open += opened_net[name];
      accepted += count.accepted;
      result.rows.push_back({name, count.proposed, count.accepted, count.done, count.ended, open});
    }
  result.sample_size = static_cast<std::int64_t>(history.proposals.size());
  result.claim = first
                     ? fmt::format("Of {}, {} {} accepted since {}; {} {} open.",
                                   plural(static_cast<long long>(history.proposals.size()), "proposal"), accepted,
                                   accepted == 1 ? "was" : "were", format_date(*first), open, open == 1 ? "is" : "are")
                     : std::string("There are no proposals here.");
  result.definition =
      how_status_stands(history) +
      " Accepted: the first time that a proposal is decided for, whether it is carried out at once or later; carried "
      "out and ended (rejected, withdrawn, replaced): likewise the first time. Dated by when the change came to the "
      "default branch. Open: not decided, or put off, when the period ends; of the last one, now.";
  result.chart.kind = Chart::Kind::line;
  result.chart.x = "period";
  result.chart.y = {"proposed", "accepted", "ended"};
  return result;
}

}  // namespace resident
